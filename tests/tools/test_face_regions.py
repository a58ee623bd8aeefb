"""The converters of Helen and CelebA-HQ, on small copies of the published layouts."""

import shutil

import cv2
from mmengine.config import Config
from mmseg.datasets import BaseSegDataset
import numpy as np
import pytest

from boostgan_plugin.datasets import InpaintingDataset
from tests.conftest import ROOT
from tests.tools.conftest import listing, save, text

REGIONS = Config.fromfile(ROOT / 'configs/_base_/names/faces.py').regions
STEMS = {'exemplars': ('10_1', '11_1'), 'tuning': ('12_1',), 'testing': ('13_1',)}
PARTITION = ('000011.jpg 0', '000012.jpg 1', '000013.jpg 2', '000099.jpg 0')


def read(path):
    return cv2.imread(str(path), cv2.IMREAD_UNCHANGED)


@pytest.fixture
def helen(tmp_path):
    for name, stems in STEMS.items():
        text(tmp_path / f'{name}.txt', *(f'{i} , {stem}' for i, stem in enumerate(stems, 1)))
        for stem in stems:
            save(tmp_path / 'images' / f'{stem}.jpg')
            for number in range(11):
                soft = np.full((12, 16), 20, np.uint8)
                soft[number] = 200  # row i is most probably of region i
                save(tmp_path / 'labels' / stem / f'{stem}_lbl{number:02}.png', soft)
    return tmp_path


def test_helen(convert, helen):
    code, out = convert('helen', helen)
    assert code == 0
    assert '2 train, 1 val, 1 test' in out
    dataset = BaseSegDataset(
        ann_file='segmentation_train.txt',
        data_root=str(helen),
        data_prefix=dict(img_path='images', seg_map_path='annotations'),
        pipeline=[dict(type='LoadImageFromFile'), dict(type='mmseg.LoadAnnotations')],
    )
    assert len(dataset) == 2
    sample = dataset[1]
    assert sample['img_path'].endswith('images/11_1.jpg')
    assert sample['gt_seg_map'].shape == sample['img'].shape[:2]
    assert sample['gt_seg_map'][:, 3].tolist() == [*range(11), 0]
    assert (helen / 'segmentation_test.txt').read_text() == '13_1\n'


def test_helen_check_writes_nothing(convert, helen):
    before = listing(helen)
    assert convert('helen', helen, '--check')[0] == 0
    assert listing(helen) == before


def test_regions_are_those_of_the_configs(converter):
    assert list(converter('helen').REGIONS) == REGIONS
    assert list(converter('celebahq').REGIONS) == REGIONS


def test_helen_tells_all_that_is_wrong(fails, helen):
    (helen / 'tuning.txt').unlink()
    (helen / 'labels/10_1/10_1_lbl07.png').unlink()
    save(helen / 'labels/11_1/11_1_lbl02.png', np.zeros((3, 4), np.uint8))
    (helen / 'images/13_1.jpg').unlink()
    message = fails('helen', helen)
    assert f'There is no file {helen / "tuning.txt"}' in message
    assert 'labels/10_1 lacks 10_1_lbl07.png' in message
    assert 'labels/11_1 holds maps of another size than the image: 11_1_lbl02.png' in message
    assert '(1): 13_1.jpg' in message


def test_helen_broken_files(fails, helen):
    (helen / 'labels/10_1/10_1_lbl07.png').write_bytes(b'')
    text(helen / 'testing.txt', '1 ; 13_1')
    text(helen / 'tuning.txt', '1 , 10_1')
    message = fails('helen', helen)
    assert '10_1_lbl07.png cannot be read as an image' in message
    assert 'testing.txt must have lines like "1 , 100032540_1"; not so the lines (1): 1' in message
    assert 'name more than once (1): 10_1' in message


def test_helen_wrong_root(fails, tmp_path):
    message = fails('helen', tmp_path)
    assert 'exemplars.txt' in message
    assert str(tmp_path / 'labels') in message


def part(rows, columns):
    mask = np.zeros((8, 8), np.uint8)
    mask[rows, columns] = 255
    return mask


MASKS = dict(
    skin=part(slice(1, 8), slice(1, 7)),
    eye_g=part(2, slice(0, 8)),
    l_eye=part(2, 2),
    r_eye=part(2, 5),
    l_brow=part(1, 2),
    r_brow=part(1, 5),
    l_ear=part(4, 1),
    nose=part(4, 4),
    mouth=part(6, slice(3, 6)),
    u_lip=part(5, slice(3, 6)),
    l_lip=part(7, slice(3, 6)),
    hair=part(0, slice(0, 8)),
    hat=part(0, 7),
    neck=part(7, slice(0, 3)),
)


@pytest.fixture
def celebahq(tmp_path):
    for number in (0, 1, 2001):
        save(tmp_path / f'CelebA-HQ-img/{number}.jpg', np.full((16, 16, 3), 99, np.uint8))
        for name, mask in MASKS.items():
            folder = tmp_path / f'CelebAMask-HQ-mask-anno/{number // 2000}'
            save(folder / f'{number:05}_{name}.png', np.dstack([mask] * 3))
    text(
        tmp_path / 'CelebA-HQ-to-CelebA-mapping.txt',
        'idx orig_idx orig_file',
        '0 10 000011.jpg',
        '1 12 000013.jpg',
        '2001 11 000012.jpg',
    )
    text(tmp_path / 'list_eval_partition.txt', *PARTITION)
    return tmp_path


def check_labels(labels, left, right):
    names = {(r, c): REGIONS[labels[2 * r + 1, 2 * c + 1]] for r in range(8) for c in range(8)}
    expected = {
        (2, 2): f'{left}_eye',
        (2, 5): f'{right}_eye',
        (1, 2): f'{left}_brow',
        (1, 5): f'{right}_brow',
        (4, 4): 'nose',
        (6, 4): 'inner_mouth',
        (5, 4): 'upper_lip',
        (7, 4): 'lower_lip',
        (0, 1): 'hair',
        (0, 7): 'background',
        (4, 1): 'background',
        (7, 1): 'background',
        (2, 3): 'face_skin',
        (3, 3): 'face_skin',
        (5, 0): 'background',
    }
    assert {place: names[place] for place in expected} == expected


def test_celebahq(convert, celebahq):
    code, out = convert('celebahq', celebahq)
    assert code == 0
    assert '1 train, 1 val, 1 test' in out
    dataset = InpaintingDataset(data_root=str(celebahq), ann_file='inpainting_val.txt')
    assert list(dataset.paths) == [str(celebahq / 'CelebA-HQ-img/2001.jpg')]
    assert (celebahq / 'inpainting_test.txt').read_text() == 'CelebA-HQ-img/1.jpg\n'
    dataset = BaseSegDataset(
        ann_file='segmentation_train.txt',
        data_root=str(celebahq),
        data_prefix=dict(img_path='CelebA-HQ-img', seg_map_path='annotations'),
        pipeline=[dict(type='LoadImageFromFile'), dict(type='mmseg.LoadAnnotations')],
    )
    sample = dataset[0]
    assert sample['gt_seg_map'].shape == sample['img'].shape[:2] == (16, 16)
    check_labels(sample['gt_seg_map'], 'left', 'right')


def test_left_is_left_in_the_image(convert, celebahq):
    folder = celebahq / 'CelebAMask-HQ-mask-anno'
    for number in (0, 1, 2001):
        for name in ('eye', 'brow'):
            left, right = (folder / f'{number // 2000}/{number:05}_{s}_{name}.png' for s in 'lr')
            between = left.with_suffix('.swap')
            left.rename(between)
            right.rename(left)
            between.rename(right)
    assert convert('celebahq', celebahq)[0] == 0
    check_labels(read(celebahq / 'annotations/0.png'), 'left', 'right')


def test_celebahq_without_masks(convert, celebahq):
    shutil.rmtree(celebahq / 'CelebAMask-HQ-mask-anno')
    before = listing(celebahq)
    code, out = convert('celebahq', celebahq, '--check')
    assert (code, listing(celebahq)) == (0, before)
    code, out = convert('celebahq', celebahq)
    assert code == 0
    assert 'image lists only, no label maps' in out
    assert {*listing(celebahq)} - {*before} == {
        str(celebahq / f'inpainting_{split}.txt') for split in ('train', 'val', 'test')
    }


def test_partition_of_celeba(convert, fails, celebahq, tmp_path_factory):
    other = tmp_path_factory.mktemp('celeba') / 'partition.txt'
    (celebahq / 'list_eval_partition.txt').rename(other)
    assert f'There is no file {celebahq / "list_eval_partition.txt"}' in fails('celebahq', celebahq)
    assert convert('celebahq', celebahq, '--partition', str(other))[0] == 0


def test_celebahq_tells_all_that_is_wrong(fails, celebahq):
    masks = celebahq / 'CelebAMask-HQ-mask-anno'
    (celebahq / 'CelebA-HQ-img/1.jpg').unlink()
    save(celebahq / 'CelebA-HQ-img/77.jpg')
    shutil.move(masks / '0/00000_nose.png', masks / '0/00000_noses.png')
    for path in masks.glob('1/*'):
        path.unlink()
    text(celebahq / 'list_eval_partition.txt', *PARTITION[:2])
    message = fails('celebahq', celebahq)
    assert f'not in {celebahq / "CelebA-HQ-img"} (1): 1.jpg' in message
    assert 'does not list (1): 77.jpg' in message
    assert 'no known part' in message
    assert '0/00000_noses.png' in message
    assert 'has no mask for images (1): 2001' in message
    assert 'has no line for images' in message


@pytest.mark.parametrize(
    'lines, said',
    [
        (('0 10',), 'must have lines like "0 119613 119614.jpg"; not so the lines (1): 2'),
        (('x 10 000011.jpg',), 'must begin each line with a number; not so (1): x'),
    ],
)
def test_bad_mapping(fails, celebahq, lines, said):
    text(celebahq / 'CelebA-HQ-to-CelebA-mapping.txt', 'idx orig_idx orig_file', *lines)
    assert said in fails('celebahq', celebahq)


def test_masks_of_two_sizes(convert, celebahq):
    save(celebahq / 'CelebAMask-HQ-mask-anno/0/00000_hair.png', np.zeros((4, 4), np.uint8))
    code, message = convert('celebahq', celebahq)
    assert code == 1
    assert '00000_hair.png has another size' in message
    assert not (celebahq / 'inpainting_train.txt').exists()
