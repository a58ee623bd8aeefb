import cv2
import numpy as np
import pytest

from boostgan_plugin.datasets import (
    CenterSquareCrop,
    LoadCrop,
    LoadImage,
    LoadMask,
    RandomSquareCrop,
)
from boostgan_plugin.registry import TRANSFORMS
from tests.datasets.transforms.photographs import photograph, write


@pytest.mark.parametrize(
    ('image', 'extension'),
    [
        (np.full((4, 6), 9, np.uint8), 'png'),
        (np.full((4, 6, 4), 9, np.uint8), 'png'),
        (np.full((4, 6, 3), 9 * 257, np.uint16), 'png'),
        (np.full((4, 6, 3), 9, np.uint8), 'tif'),
    ],
)
def test_any_image_becomes_8_bit_bgr(tmp_path, image, extension):
    path = tmp_path / f'x.{extension}'
    cv2.imwrite(str(path), image)
    results = LoadImage()(dict(img_path=str(path)))
    assert results['img'].shape == (4, 6, 3) and results['img'].dtype == np.uint8
    assert (results['img'] == 9).all()
    assert results['ori_shape'] == (4, 6)


def test_missing_image(tmp_path):
    with pytest.raises(FileNotFoundError, match='x.png does not exist'):
        LoadImage()(dict(img_path=str(tmp_path / 'x.png')))


def position_image(height, width):
    """Each pixel tells its row and column."""
    rows, columns = np.mgrid[:height, :width]
    return np.stack([rows, columns, 0 * rows], axis=2).astype(np.uint8)


def test_center_square():
    out = CenterSquareCrop(40)(dict(img=position_image(40, 100)))['img']
    assert np.array_equal(out, position_image(40, 100)[:, 30:70])


def test_random_squares_stay_inside_and_differ():
    corners = set()
    for _ in range(50):
        out = RandomSquareCrop(16, scale=(0.4, 0.4))(dict(img=position_image(40, 60)))['img']
        assert np.array_equal(out, out[0, 0] + position_image(16, 16))
        corners.add(tuple(out[0, 0]))
    assert len(corners) > 20


def test_squares_are_resized():
    out = RandomSquareCrop(10, scale=(1, 1))(dict(img=position_image(40, 40)))
    assert out['img'].shape == (10, 10, 3) and out['img_shape'] == (10, 10)


def test_mask_and_labels_go_along():
    labels = position_image(40, 60)[..., 0]
    results = RandomSquareCrop(16, scale=(0.4, 0.4))(
        dict(img=position_image(40, 60), mask=labels % 2, gt_seg_map=labels)
    )
    assert np.array_equal(results['gt_seg_map'], results['img'][..., 0])
    assert np.array_equal(results['mask'], results['img'][..., 0] % 2)


CROPS = [
    dict(type='RandomSquareCrop', size=32),
    dict(type='RandomSquareCrop', size=32, scale=(0.3, 0.4)),
    dict(type='CenterSquareCrop', size=32),
]


def load_whole(crop: dict, path: str) -> dict:
    """All of the image is decoded, then cropped."""
    return TRANSFORMS.build(crop)(LoadImage()(dict(img_path=path)))


def sharpness(image: np.ndarray) -> float:
    return np.abs(cv2.Laplacian(image.astype(np.float32), cv2.CV_32F)).mean()


@pytest.mark.parametrize('crop', CROPS, ids=str)
@pytest.mark.parametrize(
    ('extension', 'height', 'width', 'orientation', 'shift'),
    [
        ('png', 301, 400, None, 1 / 4),
        ('jpg', 397, 601, None, 1 / 4),
        *[('jpg', 400, 600, orientation, 1 / 4) for orientation in range(1, 9)],
        # Blocks of 2, 4 or 8 pixels begin at the other end here, where one is not full.
        ('jpg', 397, 601, 3, 0.6),
    ],
)
def test_the_same_square_as_of_the_whole_image(
    tmp_path, crop, extension, height, width, orientation, shift
):
    path = write(tmp_path / f'x.{extension}', photograph(height, width), orientation)
    load = LoadCrop(crop)
    shifts, softened = [], []
    for seed in range(10):
        np.random.seed(seed)
        expected = load_whole(crop, path)
        np.random.seed(seed)
        results = load(dict(img_path=path))
        image, whole = (each.pop('img').astype(int) for each in (results, expected))
        assert results == expected and results['ori_shape'] == (32, 32)
        assert image.shape == (32, 32, 3)
        one_pixel = np.abs(whole[:, 1:] - whole[:, :-1]).mean()
        shifts.append(np.abs(image - whole).mean() / one_pixel)
        softened.append(sharpness(image) / sharpness(whole))
    assert np.mean(shifts) < shift
    assert 0.88 < np.mean(softened) < 1.05


@pytest.mark.parametrize('crop', CROPS, ids=str)
def test_an_image_that_is_not_reduced_is_cropped_as_ever(tmp_path, crop):
    path = write(tmp_path / 'x.jpg', photograph(80, 90))
    np.random.seed(0)
    expected = load_whole(crop, path)
    np.random.seed(0)
    assert np.array_equal(LoadCrop(crop)(dict(img_path=path))['img'], expected['img'])


@pytest.mark.parametrize('crop', CROPS, ids=str)
@pytest.mark.parametrize('extension', ['jpg', 'png'])
def test_the_cache_changes_nothing(tmp_path, crop, extension):
    path = write(tmp_path / f'x.{extension}', photograph(400, 600))
    for _ in range(2):
        np.random.seed(0)
        without = [LoadCrop(crop)(dict(img_path=path)) for _ in range(3)]
        load = LoadCrop(crop, cache_dir=str(tmp_path / 'cache'))
        np.random.seed(0)
        for expected in without:
            results = load(dict(img_path=path))
            assert np.array_equal(results.pop('img'), expected.pop('img'))
            assert results == expected
    assert len([entry for entry in (tmp_path / 'cache').rglob('*') if entry.is_file()]) == 1


def test_a_changed_file_is_not_taken_from_the_cache(tmp_path):
    load = LoadCrop(CROPS[2], cache_dir=str(tmp_path / 'cache'))
    path = tmp_path / 'x.png'
    for value in (9, 90):
        assert (
            load(dict(img_path=write(path, np.full((200, 200, 3), value, np.uint8))))['img']
            == value
        ).all()


@pytest.mark.parametrize('ratio', [0.999, 0.5, 0.1])
def test_never_less_than_the_crop_needs(tmp_path, monkeypatch, ratio):
    """Nothing is ever enlarged."""
    sides = []
    resize = cv2.resize
    monkeypatch.setattr(
        cv2,
        'resize',
        lambda image, size, **how: sides.append(image.shape) or resize(image, size, **how),
    )
    load = LoadCrop(dict(type='RandomSquareCrop', size=32, scale=(ratio, ratio)))
    for side in (32, 33, 47, 48, 64, 95, 96, 97, 150, 333, 500):
        load(dict(img_path=write(tmp_path / 'x.jpg', photograph(side, side + 7))))
        square = sides.pop()
        assert square[0] == square[1] >= min(48, max(32, round(side * ratio)))


def test_what_is_too_small_is_told_by_its_true_size(tmp_path):
    path = write(tmp_path / 'x.jpg', photograph(300, 31), 6)
    for cache_dir in (None, str(tmp_path / 'cache')):
        with pytest.raises(ValueError, match=r'x.jpg is 300 x 31, smaller than the crop of 32 px'):
            LoadCrop(CROPS[0], cache_dir)(dict(img_path=path))
    with pytest.raises(FileNotFoundError, match='x.png does not exist'):
        LoadCrop(CROPS[0])(dict(img_path=str(tmp_path / 'x.png')))
    (tmp_path / 'x.png').write_bytes(b'')
    with pytest.raises(ValueError, match='x.png cannot be decoded'):
        LoadCrop(CROPS[0])(dict(img_path=str(tmp_path / 'x.png')))


def test_a_mask_of_the_whole_image_does_not_fit_a_crop(tmp_path):
    path = write(tmp_path / 'x.png', photograph(300, 400))
    results = LoadCrop(CROPS[0])(dict(img_path=path, mask_path=path))
    with pytest.raises(ValueError, match='is 400 x 300, but its image .* is 32 x 32'):
        LoadMask()(results)


def test_kept_images_are_read_once_and_stay_as_they_are(tmp_path):
    path = tmp_path / 'x.png'
    write(path, photograph(80, 120))
    load = LoadCrop(dict(type='RandomSquareCrop', size=32), keep=True)
    without = LoadCrop(dict(type='RandomSquareCrop', size=32))
    np.random.seed(0)
    expected = [without(dict(img_path=str(path)))['img'] for _ in range(3)]
    np.random.seed(0)
    found = [load(dict(img_path=str(path)))['img']]
    found[0][:] = 0
    path.unlink()
    found += [load(dict(img_path=str(path)))['img'] for _ in range(2)]
    assert all(map(np.array_equal, found[1:], expected[1:]))
