import cv2
import numpy as np
import pytest

from boostgan_plugin.datasets import CenterSquareCrop, LoadImage, RandomSquareCrop


@pytest.mark.parametrize(('image', 'extension'), [
    (np.full((4, 6), 9, np.uint8), 'png'), (np.full((4, 6, 4), 9, np.uint8), 'png'),
    (np.full((4, 6, 3), 9 * 257, np.uint16), 'png'), (np.full((4, 6, 3), 9, np.uint8), 'tif')])
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
        dict(img=position_image(40, 60), mask=labels % 2, gt_seg_map=labels))
    assert np.array_equal(results['gt_seg_map'], results['img'][..., 0])
    assert np.array_equal(results['mask'], results['img'][..., 0] % 2)
