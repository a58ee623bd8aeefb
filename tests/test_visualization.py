import cv2
import numpy as np
import pytest
import torch

from boostgan_plugin.visualization import (
    attribute_line,
    class_colours,
    comparison_grid,
    sample_grid,
)
from tests.conftest import ATTRIBUTES, make_batch


@pytest.fixture
def samples(boostgan):
    return boostgan.eval().test_step(make_batch(2))


def test_sample_grid_shows_what_it_says(samples):
    grid = sample_grid(samples, ATTRIBUTES, 4)
    assert grid.shape == (16 + 2 * (196 + 16), 5 * 196, 3)
    original = samples[0].target.permute(1, 2, 0).numpy()[..., ::-1]
    assert np.array_equal(grid[16 : 16 + 192 : 6, :192:6], original)
    restored = samples[0].restored.permute(1, 2, 0).numpy()[..., ::-1]
    assert np.array_equal(grid[16 : 16 + 192 : 6, 4 * 196 : 4 * 196 + 192 : 6], restored)


def test_without_semantics(samples):
    assert sample_grid(samples).shape == (16 + 2 * 196, 4 * 196, 3)


def test_comparison_grid(samples):
    assert comparison_grid(dict(first=samples, second=samples)).shape == (16 + 2 * 196, 784, 3)


def test_attribute_line_names_the_surest_first():
    line = attribute_line(torch.tensor([0.6, 0.2, 0.9]), ATTRIBUTES)
    assert line == 'Wa(x): Smiling 90%, Eyeglasses 60%'
    assert attribute_line(torch.zeros(3), ATTRIBUTES).endswith('none of the attributes')


@pytest.mark.parametrize('count', [0, 11, 150])
def test_class_colours_differ(count):
    assert np.unique(class_colours(count), axis=0).shape == (count, 3)


def test_class_colours_are_told_apart():
    colours = class_colours(11)
    lab = cv2.cvtColor(colours[None].astype(np.float32) / 255, cv2.COLOR_BGR2LAB)[0]
    between = np.linalg.norm(lab[:, None] - lab, axis=2)
    assert between[~np.eye(11, dtype=bool)].min() > 45
    assert np.array_equal(class_colours(30)[:11], colours)
    with pytest.raises(ValueError, match='at most'):
        class_colours(1000)
