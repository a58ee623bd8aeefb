"""The converter of CelebA, on a small copy of the published layout."""

import shutil
import subprocess
import sys

from mmengine.config import Config
from mmpretrain.datasets import MultiLabelDataset
import pytest

from tests.conftest import ROOT
from tests.tools.conftest import CONVERTERS, labels_of, listing, save, text

ALL = (
    '5_o_Clock_Shadow',
    'Smiling',
    'Bangs',
    'Big_Nose',
    'Black_Hair',
    'Blond_Hair',
    'Brown_Hair',
    'Bushy_Eyebrows',
    'Eyeglasses',
    'Gray_Hair',
    'Male',
    'Mouth_Slightly_Open',
    'Mustache',
    'No_Beard',
    'Rosy_Cheeks',
    'Wavy_Hair',
    'Wearing_Hat',
    'Wearing_Lipstick',
    'Young',
)
HAS = {
    '000001.jpg': ('Smiling', 'Young'),
    '000002.jpg': ('5_o_Clock_Shadow',),
    '000003.jpg': ('Bangs',),
    '000004.jpg': ALL,
}


def line(name):
    return ' '.join([name, *('1' if a in HAS[name] else '-1' for a in ALL)])


@pytest.fixture
def root(tmp_path):
    for name in HAS:
        save(tmp_path / 'Img/img_align_celeba' / name)
    text(tmp_path / 'Anno/list_attr_celeba.txt', '4', ' '.join(ALL), *map(line, HAS))
    text(
        tmp_path / 'Eval/list_eval_partition.txt',
        '000001.jpg 0',
        '000002.jpg 0',
        '000003.jpg 1',
        '000004.jpg 2',
    )
    return tmp_path


def test_mmpretrain_reads_what_it_writes(convert, root):
    code, out = convert('celeba', root)
    assert code == 0
    assert '2 train, 1 val, 1 test' in out
    dataset = MultiLabelDataset(
        ann_file='attributes_train.json',
        data_root=str(root),
        pipeline=[dict(type='LoadImageFromFile'), dict(type='mmpretrain.PackInputs')],
    )
    names = Config.fromfile(ROOT / 'configs/_base_/names/faces.py').attributes
    assert list(dataset.metainfo['classes']) == names
    assert dataset.get_cat_ids(0) == [names.index('Smiling'), names.index('Young')]
    assert dataset.get_cat_ids(1) == []
    assert dataset[0]['inputs'].shape == (3, 12, 16)
    assert dataset[1]['data_samples'].gt_label.numel() == 0
    assert labels_of(root / 'attributes_val.json') == {'Img/img_align_celeba/000003.jpg': ['Bangs']}
    assert labels_of(root / 'attributes_test.json') == {'Img/img_align_celeba/000004.jpg': names}


def test_flat_layout(convert, root):
    for path in [*root.glob('*/*')]:
        shutil.move(path, root)
    assert convert('celeba', root)[0] == 0
    assert [*labels_of(root / 'attributes_val.json')] == ['img_align_celeba/000003.jpg']


def test_check_writes_nothing(convert, root):
    before = listing(root)
    assert convert('celeba', root, '--check') == (
        0,
        'All is there: 2 train, 1 val, 1 test images.\n',
    )
    assert listing(root) == before


def test_everything_missing_is_told(fails, tmp_path):
    message = fails('celeba', tmp_path)
    for place in (
        'Img/img_align_celeba',
        'Anno/list_attr_celeba.txt',
        'Eval/list_eval_partition.txt',
    ):
        assert str(tmp_path / place) in message
        assert f'or {tmp_path / place.split("/")[-1]}' in message


def test_wrong_root(fails, tmp_path):
    assert f'There is no folder {tmp_path / "none"}.' in fails('celeba', tmp_path / 'none')


def test_missing_images_are_counted(fails, root):
    for name in HAS:
        (root / 'Img/img_align_celeba' / name).unlink()
    assert '(4): 000001.jpg, 000002.jpg, 000003.jpg, 000004.jpg' in fails('celeba', root)


@pytest.mark.parametrize(
    'lines, said',
    [
        (('000001.jpg 0', '000002.jpg'), 'lines like "000001.jpg 0"; not so the lines (1): 2'),
        (('000001.jpg 7',), 'must give 0 (train), 1 (val) or 2 (test); not so (1): 000001.jpg 7'),
        (('000001.jpg 0', '000001.jpg 1'), 'names images more than once'),
        (('000009.jpg 0',), 'list_attr_celeba.txt has no line for images'),
        ((), 'holds no line like "000001.jpg 0"'),
    ],
)
def test_bad_partition(fails, root, lines, said):
    text(root / 'Eval/list_eval_partition.txt', *lines)
    message = fails('celeba', root)
    assert 'list_eval_partition.txt' in message
    assert said in message


@pytest.mark.parametrize(
    'lines, said',
    [
        (('1', 'Smiling Young', '000001.jpg 1 1'), 'second line; not there (16): Bangs, Big_Nose'),
        (('1', ' '.join(ALL), '000001.jpg 1 1'), 'not so the lines (1): 3'),
        (('1', ' '.join(ALL), '000001.jpg' + 19 * ' 0'), 'values 1 and -1; not so for (1): 000001'),
    ],
)
def test_bad_attributes(fails, root, lines, said):
    text(root / 'Anno/list_attr_celeba.txt', *lines)
    message = fails('celeba', root)
    assert 'list_attr_celeba.txt' in message
    assert said in message


def test_binary_list(fails, root):
    (root / 'Eval/list_eval_partition.txt').write_bytes(b'\xff\xfe\x80')
    assert 'list_eval_partition.txt is no text file' in fails('celeba', root)


def test_as_a_command(root):
    command = [sys.executable, CONVERTERS / 'celeba.py', '--root', root, '--check']
    assert 'All is there' in subprocess.run(command, capture_output=True, text=True).stdout


def test_of_many_names_the_first_are_told(fails, root):
    names = [f'{number:06}.jpg' for number in range(10, 30)]
    text(root / 'Eval/list_eval_partition.txt', *(f'{name} 0' for name in names))
    assert '(20): 000010.jpg, 000011.jpg, 000012.jpg, 000013.jpg, 000014.jpg, ...' in fails(
        'celeba', root
    )


def test_progress_is_told(converter, capsys):
    assert list(converter('layouts').progress(range(5), 'Files read', 2)) == [*range(5)]
    assert capsys.readouterr().out == 'Files read: 2\nFiles read: 4\n'
