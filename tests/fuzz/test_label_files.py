"""Label files, lists of images and notes with anything in them."""

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest

from boostgan_plugin.datasets import InpaintingDataset, RetrievalImages
from boostgan_plugin.datasets.label_files import check_label_file
from boostgan_plugin.datasets.left_out import read_left_out
from boostgan_plugin.datasets.path_list import PathList

from .anything import ANYTHING, SCALARS

CLASSES = ['beard', 'glasses', 'hat']
NAMES = st.lists(SCALARS['text'], max_size=4) | st.just(CLASSES)
LABELS = st.lists(st.integers(-1, 4) | SCALARS['float'] | st.booleans(), max_size=4) | ANYTHING
ENTRIES = st.fixed_dictionaries(
    {},
    optional=dict(
        img_path=st.just('a.png') | ANYTHING, gt_label=LABELS, gt_score=LABELS, more=ANYTHING
    ),
)
RIGHT = st.builds(
    dict, img_path=st.just('a.png'), gt_label=st.lists(st.integers(0, 2), unique=True)
)
CONTENT = (
    st.fixed_dictionaries(
        dict(
            metainfo=st.fixed_dictionaries(dict(classes=NAMES)) | ANYTHING,
            data_list=st.lists(RIGHT, min_size=1) | st.lists(ENTRIES, max_size=3) | ANYTHING,
        )
    )
    | ANYTHING
)


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp('labels')


def is_right(content):
    """What mmpretrain can train on, slowly."""
    classes, entries = content['metainfo']['classes'], content['data_list']
    forms = {'gt_score' in entry for entry in entries}
    for entry in entries:
        if 'gt_score' in entry:
            right = len(entry['gt_score']) == len(classes) and {*entry['gt_score']} <= {0, 1}
        else:
            numbers = entry['gt_label']
            right = len({*numbers}) == len(numbers) and {*numbers} <= {*range(len(classes))}
        if not right or not entry['img_path']:
            return False
    return len(forms) == 1 and len({*classes}) == len(classes)


@settings(max_examples=300)
@given(CONTENT)
def test_labels_are_right_or_refused_by_the_name_of_the_file(folder, content):
    path = folder / 'labels.json'
    path.write_text(json.dumps(content))
    try:
        classes = check_label_file(path)
    except ValueError as error:
        assert str(path) in str(error)
    else:
        assert list(classes) == content['metainfo']['classes'] and is_right(content)


@settings(max_examples=100)
@given(st.lists(RIGHT, min_size=1))
def test_right_labels_are_taken(folder, entries):
    path = folder / 'right.json'
    path.write_text(json.dumps(dict(metainfo=dict(classes=CLASSES), data_list=entries)))
    assert check_label_file(path) == tuple(CLASSES)


BYTES = st.binary(max_size=40) | st.sampled_from(
    [b'[' * 100_000, b'{"a":' * 100_000, b'\xff\xfe{', b'\xef\xbb\xbf{}', b'1e999', b'NaN']
)


@settings(max_examples=100)
@given(BYTES)
def test_files_that_are_no_json_are_refused_by_their_name(folder, data):
    for read, name in ((check_label_file, 'bytes.json'), (read_left_out, 'left_out.json')):
        (folder / name).write_bytes(data)
        try:
            read(folder / name)
        except ValueError as error:
            assert name in str(error)
        else:
            assert isinstance(json.loads(data), dict)


#: No file can have a zero byte in its name.
LINES = st.lists(st.binary(max_size=8).map(lambda line: line.replace(b'\0', b'')), max_size=6)


@settings(max_examples=100)
@given(LINES, st.sampled_from([b'\n', b'\r\n']))
def test_every_line_of_a_list_is_a_path(folder, lines, end):
    lines = [line.replace(b'\n', b'').strip(b'\r') for line in lines]
    (folder / 'list.txt').write_bytes(end.join(lines))
    paths = PathList.from_file(folder / 'list.txt')
    named = [line for line in lines if line]
    assert [paths[index].encode(errors='surrogateescape') for index in range(len(paths))] == named
    if named:
        assert len(InpaintingDataset(ann_file=str(folder / 'list.txt'))) == len(named)


@settings(max_examples=100)
@given(
    st.binary(max_size=20) | st.sampled_from([b'', b'oxc1_a 1 2 3 4', b'a', b'b 1', b' \n']),
    st.binary(max_size=20) | st.sampled_from([b'', b'a.png\n', b'b.jpg']),
)
def test_queries_are_images_or_told_by_the_name_of_their_file(folder, query, corrupt):
    root = folder / 'buildings'
    root.mkdir(exist_ok=True)
    for name, data in (
        ('a.png', b'a'),
        ('b.png', b'b'),
        ('one_query.txt', query),
        ('corrupt.txt', corrupt),
    ):
        (root / name).write_bytes(data)
    try:
        queries = RetrievalImages(str(root), 'buildings', 'query')
    except (ValueError, FileNotFoundError) as error:
        assert 'one_query.txt' in str(error) or 'corrupt.txt' in str(error)
    else:
        assert [Path(path).name for path in queries.paths] in (['a.png'], ['b.png'])
