"""Sharp texture, coarse structure, in a hole of a photograph with two materials."""

import cv2
import numpy as np
import pytest

from boostgan_plugin.inference import texture
from boostgan_plugin.inference.texture import add_texture

HOLE = np.zeros((160, 200), bool)
HOLE[50:110, 60:140] = True


@pytest.fixture(scope='module')
def photograph():
    """Dark stripes at the left, bright grain at the right."""
    rng = np.random.default_rng(0)
    stripes = 0.3 + 0.15 * np.sign(np.sin(np.arange(160) * np.pi / 3))[:, None]
    grain = 0.7 + 0.2 * (rng.random((160, 200)) - 0.5)
    grey = np.where(np.arange(200) < 100, stripes, grain)
    return np.repeat(grey[..., None], 3, 2).astype(np.float32)


def coarse(image, blur=4):
    return np.where(HOLE[..., None], cv2.GaussianBlur(image, (0, 0), blur), image)


def energy(image, box):
    return np.abs(np.diff(image[box], axis=0)).mean()


def test_texture_comes_back_where_it_belongs_and_known_pixels_stay(photograph):
    given = coarse(photograph)
    result = add_texture(given, HOLE, 4)
    assert np.array_equal(result[~HOLE], photograph[~HOLE])
    assert result.dtype == np.float32 and result.min() >= 0 and result.max() <= 1
    for box in ((slice(55, 105), slice(66, 90)), (slice(55, 105), slice(112, 134))):
        assert energy(given, box) < 0.5 * energy(photograph, box)
        assert 0.75 * energy(photograph, box) < energy(result, box) < 1.3 * energy(photograph, box)
        assert abs(result[box].mean() - photograph[box].mean()) < 0.03


def test_the_same_input_always_gives_the_same_output(photograph):
    assert np.array_equal(*(add_texture(coarse(photograph), HOLE, 4) for _ in range(2)))


def test_labels_say_where_patches_come_from(photograph):
    """The coarse result fits both materials alike."""
    given = np.where(HOLE[..., None], np.float32(0.5), photograph)
    labels = np.repeat(np.int16([[0] * 100 + [1] * 100]), 160, 0)
    rows = []
    for label in (0, 1):
        labels[HOLE] = label
        result = add_texture(given, HOLE, 4, labels)
        rows.append(np.abs(np.diff(result[55:105, 80:120].mean((1, 2)))).mean())
    assert rows[0] > 1.5 * rows[1], 'stripes, and grain'


@pytest.mark.parametrize(
    'hole',
    [np.zeros((60, 70), bool), np.ones((60, 70), bool), np.indices((60, 70)).sum(0) % 7 == 0],
)
def test_without_patches_to_take_the_image_stays(hole):
    image = np.random.default_rng(1).random((60, 70, 3), np.float32)
    assert np.array_equal(add_texture(image, hole, 2), image)


@pytest.mark.parametrize('size', [(1, 1), (5, 300), (40, 40), (300, 21)])
def test_any_size(size):
    image = np.random.default_rng(1).random((*size, 3), np.float32)
    hole = np.zeros(size, bool)
    hole[: size[0] // 2 + 1, : size[1] // 3 + 1] = True
    result = add_texture(image, hole, 3)
    assert result.shape == image.shape and np.isfinite(result).all()
    assert np.array_equal(result[~hole], image[~hole])


def test_the_middle_of_a_large_hole_is_filled_as_its_border_is():
    image = np.full((520, 520, 3), 0.5, np.float32)
    image += np.random.default_rng(0).normal(0, 0.1, image.shape).astype(np.float32)
    hole = np.zeros((520, 520), bool)
    hole[55:465, 55:465] = True
    result = add_texture(np.where(hole[..., None], np.float32(0.5), image), hole, 410 / 8)
    middle, rim = result[230:290, 230:290], result[58:88, 230:290]
    assert abs(middle.mean() - rim.mean()) < 0.02
    assert 0.7 < middle.std() / rim.std() < 1.4


def test_the_work_for_a_large_hole_is_bounded(photograph, monkeypatch):
    seen = []

    class Watched(texture._Grid):
        def __init__(self, copy, search):
            seen.append(copy.hole.sum())
            super().__init__(copy, search)

    image, hole = (np.repeat(np.repeat(part, 2, 0), 2, 1) for part in (photograph, HOLE))
    given = np.where(hole[..., None], cv2.GaussianBlur(image, (0, 0), 8), image)
    monkeypatch.setattr(texture, '_Grid', Watched)
    monkeypatch.setattr(texture, '_MOST_PIXELS', hole.sum() // 2)
    result = add_texture(given, hole, 8)
    assert 0 < max(seen) <= hole.sum() // 2
    assert np.array_equal(result[~hole], image[~hole])
    box = (slice(110, 210), slice(132, 180))
    assert energy(given, box) < 0.5 * energy(image, box) < energy(result, box)

    frame = texture._surroundings(hole)
    monkeypatch.setattr(texture, '_MOST_AROUND', 0)
    smaller = texture._surroundings(hole)
    assert hole[smaller].sum() == hole.sum() and hole[smaller].size < hole[frame].size
    assert smaller[0] == slice(100 - texture._NEAREST, 220 + texture._NEAREST)
    assert np.isfinite(add_texture(given, hole, 8)).all()

    monkeypatch.setattr(texture, '_MOST_PIXELS', 10)
    assert (add_texture(given, hole, 8) != given).any(), 'the smallest copy remains'
