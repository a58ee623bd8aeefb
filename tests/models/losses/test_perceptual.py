"""Against equations (3)-(6) of Liu et al. 2018 in NumPy loops."""

import numpy as np
import pytest
import torch

from boostgan_plugin.models.losses.perceptual import (
    gram_matrix,
    perceptual_distance,
    style_distance,
    total_variation,
)


def random_stages():
    return [torch.randn(2, 3, 8, 6), torch.randn(2, 5, 4, 3)]


def slow_gram(features):
    """One sample, (C, H, W)."""
    channels = len(features)
    gram = np.zeros((channels, channels))
    for i, j in np.ndindex(gram.shape):
        gram[i, j] = (features[i] * features[j]).sum() / features.size
    return gram


def arrays(stages):
    """By stage, then by sample."""
    return [list(maps.double().numpy()) for maps in stages]


def test_gram_matrices():
    for maps in random_stages():
        for features, gram in zip(arrays([maps])[0], gram_matrix(maps), strict=True):
            assert gram.numpy() == pytest.approx(slow_gram(features), abs=1e-5)


def test_perceptual_distance_is_the_mean_difference_of_each_stage():
    first, second = random_stages(), random_stages()
    expected = 0
    for a, b in zip(arrays(first), arrays(second), strict=True):
        expected += np.mean([np.abs(x - y).sum() / x.size for x, y in zip(a, b, strict=True)])
    assert perceptual_distance(first, second).item() == pytest.approx(expected, rel=1e-5)


def test_style_distance_is_that_of_gram_matrices():
    """Each normalised by C H W, and their difference by C^2."""
    first, second = random_stages(), random_stages()
    expected = 0
    for a, b in zip(arrays(first), arrays(second), strict=True):
        expected += np.mean(
            [
                np.abs(slow_gram(x) - slow_gram(y)).sum() / len(x) ** 2
                for x, y in zip(a, b, strict=True)
            ]
        )
    assert style_distance(first, second).item() == pytest.approx(expected, rel=1e-5)


def test_style_does_not_see_places():
    maps = torch.randn(2, 3, 4, 4)
    moved = maps.flatten(2)[..., torch.randperm(16)].view_as(maps)
    assert style_distance([maps], [moved]).item() == pytest.approx(0, abs=1e-6)
    assert perceptual_distance([maps], [moved]) > 0.1


@pytest.mark.parametrize('distance', [perceptual_distance, style_distance])
def test_stages_have_to_pair_up(distance):
    with pytest.raises(ValueError, match='shorter'):
        distance(random_stages(), random_stages()[:1])


def slow_total_variation(image, mask):
    """One sample: (C, H, W) and (H, W)."""
    height, width = mask.shape
    region = {
        (y, x)
        for y, x in np.ndindex(height, width)
        if mask[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2].any()
    }
    total = 0
    for y, x in region:
        for neighbour in ((y + 1, x), (y, x + 1)):
            if neighbour in region:
                total += np.abs(image[:, y, x] - image[:, *neighbour]).sum()
    return total


@pytest.mark.parametrize('ratio', [0.05, 0.5, 1.0])
def test_total_variation_around_the_hole(ratio):
    images = torch.randn(3, 2, 7, 9)
    mask = (torch.rand(3, 1, 7, 9) < ratio).float()
    expected = (
        sum(
            slow_total_variation(image, hole[0])
            for image, hole in zip(images.double().numpy(), mask.numpy(), strict=True)
        )
        / images.numel()
    )
    assert total_variation(images, mask).item() == pytest.approx(expected, rel=1e-5)


def test_without_a_hole_there_is_no_variation():
    assert total_variation(torch.randn(2, 3, 8, 8), torch.zeros(2, 1, 8, 8)) == 0


def test_half_precision_is_widened():
    maps = [torch.full((1, 2, 64, 64), 30.0).half()]
    # 64 * 64 * 30 * 30 is beyond half precision.
    assert gram_matrix(maps[0]).isfinite().all() and gram_matrix(maps[0]).dtype == torch.float32
    assert perceptual_distance(maps, [-maps[0]]).dtype == torch.float32
