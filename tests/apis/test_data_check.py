"""Real folders with what strangers have in them."""

import json
import os
from pathlib import Path
import shutil
import zlib

import cv2
import numpy as np
import pytest

from boostgan_plugin.apis import load_config
from boostgan_plugin.apis.data_check import check_data, seen_data
from boostgan_plugin.datasets import faults
from boostgan_plugin.registry import DATASETS
from tests.conftest import ROOT, run_script

FOLDER = ROOT / 'configs/boostgan_folder_64px.py'
CLASSES = ['beard', 'glasses', 'hat']
RNG = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'cache'))


def image(height=80, width=90):
    return cv2.resize(RNG.integers(0, 256, (8, 9, 3), np.uint8), (width, height))


def encoded(extension, *size):
    return cv2.imencode(extension, image(*size))[1].tobytes()


def bomb():
    """A PNG of 400 million pixels, as far as its header says."""
    data = bytearray(encoded('.png'))
    data[16:24] = np.array([20_000, 20_000], '>u4').tobytes()
    data[29:33] = np.array(zlib.crc32(data[12:29]), '>u4').tobytes()
    return bytes(data)


#: Files that are none, and what is said of them.
BAD = {
    'cut.jpg': (lambda: encoded('.jpg')[:-400], 'end is missing'),
    'cut.png': (lambda: encoded('.png')[:-400], 'cannot be decoded'),
    'cut.bmp': (lambda: encoded('.bmp')[:-4000], 'cannot be decoded'),
    'zero.png': (lambda: b'', 'is empty'),
    'text.jpg': (lambda: b'hello' * 99, 'cannot be decoded'),
    'bomb.png': (bomb, 'million pixels'),
    'small.png': (lambda: encoded('.png', 20, 30), 'smaller than the crop of 64 px'),
}


@pytest.fixture
def photographs(tmp_path):
    """Split folders with 20 whole images each."""
    for split in ('train', 'val', 'test'):
        folder = tmp_path / 'photographs' / split
        folder.mkdir(parents=True)
        for number in range(20):
            cv2.imwrite(str(folder / f'{number:02d}.{"jpg" if number % 2 else "png"}'), image())
    return tmp_path / 'photographs'


def folder_config(photographs, **options):
    return load_config(
        FOLDER, {'data_root': str(photographs), **options}, photographs.parent / 'work'
    )


def add_bad(folder):
    for name, (make, _) in BAD.items():
        (folder / name).write_bytes(make())
    (folder / 'gone.png').symlink_to(folder / 'nowhere.png')
    (folder / '._00.png').write_bytes(b'notes of macOS')


def listed(node):
    dataset = DATASETS.build(node)
    return {Path(dataset.get_data_info(i)['img_path']).name for i in range(len(dataset))}


def test_whole_folders_stay_as_they_are(photographs, capsys):
    config = folder_config(photographs)
    assert check_data(config) == {}
    assert 'leave_out' not in config.train_dataloader.dataset
    assert '20 samples checked, 0 left out' in capsys.readouterr().out
    assert not (photographs.parent / 'work/left_out.json').exists()


def test_broken_files_are_left_out_counted_and_named(photographs, capsys):
    add_bad(photographs / 'train')
    config = folder_config(photographs, **{'data_check.ratio': 0.5})
    left_out = check_data(config)
    reasons = {Path(path).name: reason for path, reason in left_out.items()}
    assert reasons.keys() == {*BAD, 'gone.png'}
    for name, (_, words) in BAD.items():
        assert words in reasons[name], name
    assert 'leads nowhere' in reasons['gone.png']
    assert json.loads((photographs.parent / 'work/left_out.json').read_text()) == left_out
    assert '28 samples checked, 8 left out' in capsys.readouterr().out
    assert len(listed(config.train_dataloader.dataset)) == 20
    assert listed(config.train_dataloader.dataset).isdisjoint(BAD)


def test_more_than_a_share_ends_the_run_and_names_them(photographs):
    (photographs / 'train/cut.jpg').write_bytes(BAD['cut.jpg'][0]())
    with pytest.raises(
        ValueError,
        match=r'\(train\): 1 of 21 samples cannot be used, more '
        r'than 1\.0%:\n.*cut\.jpg cannot .*(\n.*)*left_out\.json',
    ):
        check_data(folder_config(photographs))
    assert check_data(folder_config(photographs, data_check=None)) == {}


def test_whole_files_are_opened_once(photographs, monkeypatch):
    opened = []
    decode = faults.decode
    monkeypatch.setattr(faults, 'decode', lambda *args: opened.append(1) or decode(*args))
    check_data(folder_config(photographs))
    assert len(opened) == 40
    check_data(folder_config(photographs))
    assert len(opened) == 40
    path = photographs / 'train/00.png'
    path.write_bytes(encoded('.png'))
    os.utime(path, ns=(1, 1))
    check_data(folder_config(photographs))
    assert len(opened) == 41
    (photographs.parent / 'cache/boostgan_plugin/whole_files.npy').write_bytes(b'damaged')
    check_data(folder_config(photographs))
    assert len(opened) == 81


def data_of(photographs):
    check_data(folder_config(photographs, **{'data_check.ratio': 0.5}))
    return seen_data(photographs.parent / 'work')


def test_data_are_told_by_what_files_hold(photographs, tmp_path):
    first = data_of(photographs)
    assert {split: told['files'] for split, told in first.items()} == dict(train=20, val=20)
    assert first['train']['sha256'] != first['val']['sha256']
    assert data_of(photographs) == first  # Now from memory.

    shutil.copytree(photographs, tmp_path / 'elsewhere/photographs')
    assert data_of(tmp_path / 'elsewhere/photographs') == first

    path = photographs / 'train/00.png'
    times = path.stat().st_mtime_ns
    content = path.read_bytes()
    path.write_bytes(encoded('.png'))
    changed = data_of(photographs)
    assert changed['train']['sha256'] != first['train']['sha256']
    assert changed['val'] == first['val']
    path.write_bytes(content)
    os.utime(path, ns=(times, times))
    assert data_of(photographs) == first

    add_bad(photographs / 'train')
    assert data_of(photographs) == first  # What is left out is not trained on.
    path.rename(path.with_name('zz.png'))
    assert data_of(photographs)['train']['sha256'] != first['train']['sha256']


def test_unchecked_data_are_not_told_by_an_earlier_check(photographs):
    data_of(photographs)
    check_data(folder_config(photographs, data_check=None))
    assert seen_data(photographs.parent / 'work') == {}


def test_a_link_from_training_to_evaluation_is_remarked_on(photographs, capsys):
    (photographs / 'train/more').symlink_to(photographs / 'val')
    check_data(folder_config(photographs))
    assert '20 of the files of' in capsys.readouterr().err


def test_the_tool_tells_and_its_status_says(photographs, capsys):
    arguments = [
        ROOT / 'tools/check_data.py',
        FOLDER,
        '--work-dir',
        photographs.parent / 'work',
        '--cfg-options',
        f'data_root={photographs}',
    ]
    assert run_script(*arguments) == 0
    (photographs / 'test/cut.jpg').write_bytes(BAD['cut.jpg'][0]())
    assert run_script(*arguments, 'data_check.ratio=0.2') == 1
    assert 'cut.jpg cannot be decoded: its end is missing' in capsys.readouterr().out
    assert run_script(*arguments) == 2
    assert 'Traceback' not in capsys.readouterr().err


# Labels -----------------------------------------------------------------------------------------


@pytest.fixture
def labelled(tmp_path):
    """Writes the labels of the splits, of 12 images each; gives the config."""
    (tmp_path / 'images').mkdir()
    for number in range(12):
        cv2.imwrite(str(tmp_path / f'images/{number}.png'), image())

    def write(split, entries=None, classes=CLASSES):
        entries = entries or [[number % 3] for number in range(12)]
        content = dict(
            metainfo=dict(classes=classes),
            data_list=[
                dict(img_path=f'images/{number}.png', gt_label=labels)
                for number, labels in enumerate(entries)
            ],
        )
        (tmp_path / f'attributes_{split}.json').write_text(json.dumps(content))

    def make(**train):
        write('val')
        write('train', **train)
        config = load_config(
            ROOT / 'configs/embedders/attribute_celeba_fast.py',
            {'data_root': str(tmp_path), 'model.head.num_classes': 3},
            tmp_path / 'work',
        )
        config.model.data_preprocessor.num_classes = 3
        return config

    return make


def test_labels_that_fit_are_taken(labelled):
    assert check_data(labelled()) == {}


def test_vectors_as_class_numbers_are_refused(labelled):
    with pytest.raises(ValueError, match=r'attributes_train\.json: entry 0 .*looks like 0 or 1'):
        check_data(labelled(entries=[[1, 1, 1], [0, 0, 1]]))


def test_classes_in_another_order_are_refused(labelled):
    with pytest.raises(
        ValueError,
        match=r'attributes_val\.json has other classes than '
        r".*attributes_train\.json.*'beard' here, 'hat' there",
    ):
        check_data(labelled(classes=['hat', 'beard', 'glasses']))


def test_another_number_of_classes_than_the_model_has_is_refused(labelled):
    config = labelled()
    config.model.head.num_classes = 4
    with pytest.raises(ValueError, match='has 3 classes, the model 4: set model.head.num_classes'):
        check_data(config)


def test_labelled_samples_whose_image_is_broken_are_left_out(labelled, tmp_path):
    config = labelled()
    (tmp_path / 'images/3.png').write_bytes(b'')
    config.data_check = dict(ratio=0.1)
    assert [Path(path).name for path in check_data(config)] == ['3.png']
    for name in ('train_dataloader', 'val_dataloader'):
        node = config[name].dataset
        for loading in (node.get('dataset', node), node.get('dataset', node).get('dataset', {})):
            loading.pop('pipeline', None)
        dataset = DATASETS.build(node)
        dataset.full_init()
        assert len(dataset) == 11 and list(dataset.metainfo['classes']) == CLASSES
        assert all(not dataset[i]['img_path'].endswith('/3.png') for i in range(11))


@pytest.mark.parametrize(
    'value, words', [(2, None), (255, None), (3, 'class number 3; allowed are 0 to 2, and 255')]
)
def test_label_maps_hold_class_numbers_alone(tmp_path, value, words):
    path = str(tmp_path / 'map.png')
    cv2.imwrite(path, np.full((4, 5), value, np.uint8))
    fault = faults.label_map_fault(path, 3)
    assert fault is None if words is None else words in fault
    assert faults.label_map_fault(path, 3, from_one=True) is None


def test_a_coloured_label_map_is_refused(tmp_path):
    cv2.imwrite(str(tmp_path / 'map.png'), image())
    assert '3 channels' in faults.label_map_fault(str(tmp_path / 'map.png'), 3)
