import numpy as np
import pytest

from boostgan_plugin.inference.thin import fill_thin
from boostgan_plugin.inference.windows import narrow_holes


@pytest.mark.parametrize('kind', [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize('channels', [(), (3,), (4,)])
def test_a_slope_is_continued_across_a_stripe_and_all_else_stays(kind, channels):
    white = 1 if kind == np.float32 else np.iinfo(kind).max
    slope = np.linspace(0.1, 0.9, 60)[:, None].repeat(50, 1)
    before = np.empty((60, 50, *channels), kind)
    before[...] = (slope * white).reshape(60, 50, *[1] * len(channels))
    thin = np.zeros((60, 50), bool)
    thin[20:24], thin[:, 0], thin[59, 49] = True, True, True
    pixels = before.copy()
    pixels[thin] = white
    given = pixels.copy()
    fill_thin(pixels, thin, thin)
    assert np.array_equal(pixels[~thin], before[~thin])
    colours = (..., slice(3)) if channels else ...
    difference = pixels[colours].astype(float) - before[colours]
    assert np.abs(difference[:58]).max() < 0.02 * white
    if channels == (4,):
        assert np.array_equal(pixels[..., 3], given[..., 3]), 'alpha stays'


def test_nothing_is_taken_from_other_holes():
    pixels = np.full((20, 20, 3), 100, np.uint8)
    hole = np.zeros((20, 20), bool)
    hole[:, 5], hole[:, 6:] = True, True
    thin = np.zeros_like(hole)
    thin[:, 5] = True
    pixels[hole] = 255
    fill_thin(pixels, hole, thin)
    assert (pixels[:, 5] == 100).all() and (pixels[:, 6:] == 255).all()


def test_stripes_and_specks_are_narrow_but_not_the_rim_of_a_wide_hole():
    hole = np.zeros((100, 100), bool)
    hole[10:40, 10:40] = True
    hole[70:75], hole[90, 90] = True, True
    narrow = narrow_holes(hole, 5)
    assert narrow[70:75].all() and narrow[90, 90] and not narrow[:50].any()
    assert not narrow_holes(hole, 4)[70:75].any()
    assert not narrow_holes(hole, 0).any()
    assert not narrow_holes(np.ones((9, 9), bool), 4).all()
