import os

import cv2
import numpy as np
import pytest

from boostgan_plugin.datasets import InpaintingDataset

PIPELINE = [
    dict(type='LoadImage'),
    dict(type='CenterSquareCrop', size=8),
    dict(type='CenterMask'),
    dict(type='PackInpaintingInputs'),
]


@pytest.fixture
def folder(tmp_path):
    for name in ('b.png', 'a.jpg', 'deep/er/c.bmp', 'deep/d.webp', 'e.TIF'):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), np.full((10, 12, 3), 90, np.uint8))
    (tmp_path / 'notes.txt').write_text('not an image')
    return tmp_path


def names(dataset):
    return [dataset.get_data_info(i)['img_path'] for i in range(len(dataset))]


def test_folder_tree_sorted(folder):
    dataset = InpaintingDataset(str(folder))
    expected = ['a.jpg', 'b.png', 'deep/d.webp', 'deep/er/c.bmp', 'e.TIF']
    assert names(dataset) == [str(folder / name) for name in expected]
    assert dataset.get_data_info(-1)['sample_idx'] == 4


def test_list_file(folder):
    (folder / 'list.txt').write_text('deep/d.webp\n\na.jpg\r\n')
    dataset = InpaintingDataset(str(folder), ann_file='list.txt')
    assert names(dataset) == [str(folder / 'deep/d.webp'), str(folder / 'a.jpg')]


def test_names_that_are_not_utf8(tmp_path):
    path = os.fsencode(tmp_path) + b'/caf\xe9 .png'
    with open(path, 'wb') as file:  # noqa: PTH123 (pathlib takes no bytes)
        file.write(cv2.imencode('.png', np.full((10, 12, 3), 90, np.uint8))[1].tobytes())
    listed = names(InpaintingDataset(str(tmp_path)))
    assert [os.fsencode(name) for name in listed] == [path]


def test_samples(folder):
    sample = InpaintingDataset(str(folder), pipeline=PIPELINE)[1]
    assert sample['inputs'].shape == (3, 8, 8)
    assert (sample['inputs'] == 90).all()
    assert sample['data_samples'].img_path == str(folder / 'b.png')


def test_unsplit_folder_is_split_by_itself(folder):
    for index in range(295):
        cv2.imwrite(str(folder / f'{index}.png'), np.zeros((4, 4, 3), np.uint8))

    def parts():
        return {
            split: set(names(InpaintingDataset(str(folder), split=split)))
            for split in ('train', 'val', 'test')
        }

    before = parts()
    assert sum(map(len, before.values())) == len(set().union(*before.values())) == 300
    assert 0.7 < len(before['train']) / 300 < 0.9
    for index in range(0, 295, 3):
        (folder / f'{index}.png').unlink()
    for split, images in parts().items():
        assert images <= before[split]


def test_split_folder_is_taken_as_it_is(tmp_path):
    for split in ('train', 'val'):
        (tmp_path / split).mkdir()
        cv2.imwrite(str(tmp_path / split / 'x.png'), np.zeros((4, 4, 3), np.uint8))
    assert names(InpaintingDataset(str(tmp_path), split='val')) == [str(tmp_path / 'val/x.png')]


def test_errors_name_the_file(folder, tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere' does not exist; set it with"):
        InpaintingDataset(str(tmp_path / 'nowhere'))
    with pytest.raises(FileNotFoundError, match='list file .*missing.txt does not exist'):
        InpaintingDataset(str(folder), ann_file='missing.txt')
    (tmp_path / 'empty').mkdir()
    with pytest.raises(FileNotFoundError, match='no image in .*empty'):
        InpaintingDataset(str(tmp_path / 'empty'))
    (tmp_path / 'halves/train').mkdir(parents=True)
    with pytest.raises(FileNotFoundError, match='halves/val does not exist, although'):
        InpaintingDataset(str(tmp_path / 'halves'), split='val')
    with pytest.raises(ValueError, match="split='holdout' is unknown"):
        InpaintingDataset(str(folder), split='holdout')
    (folder / 'a.jpg').write_bytes(b'\xff\xd8broken')
    with pytest.raises(ValueError, match=r'a.jpg cannot be decoded'):
        InpaintingDataset(str(folder), pipeline=PIPELINE)[0]
    large = [dict(type='LoadImage'), dict(type='RandomSquareCrop', size=64)]
    with pytest.raises(ValueError, match=r'b.png is 12 x 10, smaller than the crop of 64 px'):
        InpaintingDataset(str(folder), pipeline=large)[1]
