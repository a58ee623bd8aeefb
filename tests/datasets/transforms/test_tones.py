import numpy as np
import pytest

from boostgan_plugin.datasets import RandomTone


def test_tones_change_between_black_and_white():
    ramp = np.arange(256, dtype=np.uint8)[:, None, None].repeat(3, 2)
    for _ in range(20):
        image = RandomTone(gamma=1.4, tint=1.1)(dict(img=ramp))['img']
        assert image.shape == ramp.shape and image.dtype == np.uint8
        assert (image[0] == 0).all() and (image[-1] == 255).all()
        assert (np.diff(image.astype(int), axis=0) >= 0).all()
    assert not np.array_equal(image, ramp) and len(np.unique(image[128])) > 1


def test_factors_of_one_change_nothing():
    ramp = np.arange(256, dtype=np.uint8)[:, None, None].repeat(3, 2)
    assert np.array_equal(RandomTone(gamma=1, tint=1)(dict(img=ramp))['img'], ramp)


def test_wrong_factors():
    with pytest.raises(ValueError, match='at least 1'):
        RandomTone(gamma=0.5)
