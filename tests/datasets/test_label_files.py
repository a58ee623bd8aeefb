import json

import pytest

from boostgan_plugin.datasets.label_files import check_label_file

CLASSES = ['beard', 'glasses', 'hat']


def written(tmp_path, *entries, classes=CLASSES):
    path = tmp_path / 'labels.json'
    entries = [dict(img_path=f'{number}.png', **entry) for number, entry in enumerate(entries)]
    path.write_text(
        json.dumps(dict(metainfo=dict(classes=classes) if classes else {}, data_list=entries))
    )
    return path


@pytest.mark.parametrize(
    'entries',
    [
        [dict(gt_label=[]), dict(gt_label=[2]), dict(gt_label=[0, 1, 2]), dict(gt_label=[1, 0])],
        [dict(gt_score=[0, 1, 0]), dict(gt_score=[0.0, 0.0, 1.0])],
    ],
)
def test_both_forms_are_taken(tmp_path, entries):
    assert check_label_file(written(tmp_path, *entries)) == tuple(CLASSES)


@pytest.mark.parametrize(
    'entry, words',
    [
        (dict(gt_label=[1, 1, 1]), r'looks like 0 or 1 for each class.*"gt_label".*"gt_score"'),
        (dict(gt_label=[0, 0, 1]), 'looks like 0 or 1'),
        (dict(gt_label=[1, -1, 1]), 'looks like 0 or 1'),
        (dict(gt_label=[-1]), 'numbers 0 to 2'),
        (dict(gt_label=[3]), r'\[3\]; .*numbers 0 to 2'),
        (dict(gt_label=['hat']), 'class numbers'),
        (dict(gt_label=[True]), 'class numbers'),
        (dict(gt_label=[0.5]), 'class numbers'),
        (dict(gt_label=1), 'class numbers'),
        ({}, 'has no labels'),
        (dict(gt_score=[0, 1]), 'each of the 3 classes'),
        (dict(gt_score=[0, 1, 2]), 'each of the 3 classes'),
    ],
)
def test_other_labels_are_refused_by_file_and_entry(tmp_path, entry, words):
    path = written(tmp_path, dict(gt_label=[0]), entry)
    with pytest.raises(ValueError, match=rf'labels\.json: entry 1 \(1\.png\): .*{words}'):
        check_label_file(path)


@pytest.mark.parametrize(
    'content, words',
    [
        ('{', 'no JSON'),
        ('[]', 'expected'),
        ('{"metainfo": {"classes": ["a"]}}', 'data_list'),
        ('{"metainfo": {"classes": ["a"]}, "data_list": []}', 'at least one'),
        ('{"metainfo": {"classes": ["a"]}, "data_list": [3]}', 'entry 0'),
        ('{"metainfo": {"classes": ["a"]}, "data_list": [{"gt_label": []}]}', 'img_path'),
        ('{"metainfo": {}, "data_list": [{}]}', '"classes".*missing'),
        ('{"metainfo": {"classes": ["a", "a"]}, "data_list": [{}]}', 'each once'),
    ],
)
def test_other_files_are_refused(tmp_path, content, words):
    path = tmp_path / 'labels.json'
    path.write_text(content)
    with pytest.raises(ValueError, match=rf'labels\.json.*{words}'):
        check_label_file(path)
    with pytest.raises(FileNotFoundError, match=r'none\.json does not exist'):
        check_label_file(tmp_path / 'none.json')


def test_one_form_for_all_entries(tmp_path):
    with pytest.raises(ValueError, match='entry 1 has "gt_score", entry 0 has not'):
        check_label_file(written(tmp_path, dict(gt_label=[]), dict(gt_score=[0, 0, 0])))


def test_classes_of_the_config(tmp_path):
    path = written(tmp_path, dict(gt_label=[2]), classes=None)
    assert check_label_file(path, CLASSES) == tuple(CLASSES)
    with pytest.raises(ValueError, match="number 0 is 'beard' here, 'hat' there"):
        check_label_file(written(tmp_path, dict(gt_label=[2])), ['hat', 'beard', 'glasses'])
