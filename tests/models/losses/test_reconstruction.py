import numpy as np
import pytest
import torch

from boostgan_plugin.models.losses.reconstruction import spatial_discount, weighted_mean


def slow_discount(mask, gamma):
    """One mask (H, W): the nearest known pixel of each, by trying all."""
    known = np.argwhere(mask == 0)
    weight = np.zeros(mask.shape)
    for place in np.argwhere(mask == 1):
        distance = np.abs(known - place).max(axis=1).min()
        weight[*place] = gamma ** (distance - 1)
    return weight


def ellipses(count, height, width):
    """Holes of any size and place, some beyond the border, none everywhere."""
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing='ij')
    masks = torch.zeros(count, 1, height, width)
    for mask in masks[:, 0]:
        centre, axes = torch.rand(2), torch.rand(2) * 0.8 + 0.1
        mask[
            ((y / height - centre[0]) / axes[0]) ** 2 + ((x / width - centre[1]) / axes[1]) ** 2 < 1
        ] = 1
        mask[torch.randint(height, ()), torch.randint(width, ())] = 0
    return masks


@pytest.mark.parametrize(('height', 'width'), [(16, 16), (9, 21), (21, 8)])
@pytest.mark.parametrize('gamma', [0.99, 0.5])
def test_discount_agrees_with_a_slow_reference(height, width, gamma):
    masks = ellipses(30, height, width)
    weights = spatial_discount(masks, gamma)
    for mask, weight in zip(masks, weights, strict=True):
        expected = slow_discount(mask[0].numpy(), gamma)
        assert weight[0].numpy() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize('rows', [1, 6, 9])
def test_discount_of_a_rectangle_is_that_of_the_paper(rows):
    """Yu et al. 2018, 3.2: gamma to the distance from the nearest side, 0 at the rim."""
    top, left, columns = 3, 5, 8
    mask = torch.zeros(1, 1, 16, 20)
    mask[..., top : top + rows, left : left + columns] = 1
    weight = spatial_discount(mask, 0.9)[0, 0]
    expected = torch.zeros(16, 20)
    for i in range(rows):
        for j in range(columns):
            to_side = min(i, j, rows - 1 - i, columns - 1 - j)
            expected[top + i, left + j] = 0.9**to_side
    assert torch.allclose(weight, expected)


@pytest.mark.parametrize('shape', [(8, 32), (32, 8)])
def test_discount_reaches_as_far_as_the_only_known_line(shape):
    """A hole up to the border is as deep as it is long, as nothing is known beyond."""
    mask = torch.ones(1, 1, *shape)
    mask[0, 0][tuple(0 if side == 32 else slice(None) for side in shape)] = 0
    weight = spatial_discount(mask, 0.9)[0, 0].numpy()
    assert weight == pytest.approx(slow_discount(mask[0, 0].numpy(), 0.9), rel=1e-5)
    assert weight[-1, -1] == pytest.approx(0.9**30, rel=1e-5)


def test_each_sample_has_its_own_discount():
    masks = ellipses(4, 12, 12)
    together = spatial_discount(masks, 0.9)
    for index in range(4):
        assert torch.equal(
            together[index : index + 1], spatial_discount(masks[index : index + 1], 0.9)
        )


@pytest.mark.parametrize('weight', ['mask', 'fractions'])
def test_weighted_mean(weight):
    errors, weights = torch.rand(3, 2, 5, 4), torch.rand(3, 1, 5, 4)
    weights = weights.round() if weight == 'mask' else weights
    total = count = 0
    for n, c, y, x in np.ndindex(errors.shape):
        total += errors[n, c, y, x].item() * weights[n, 0, y, x].item()
        count += weights[n, 0, y, x].item()
    assert weighted_mean(errors, weights).item() == pytest.approx(total / count, rel=1e-5)


def test_the_mean_of_nothing_is_0_and_has_a_gradient():
    errors = torch.rand(2, 3, 4, 4, requires_grad=True)
    mean = weighted_mean(errors, torch.zeros(2, 1, 4, 4))
    mean.backward()
    assert mean == 0 and not errors.grad.any()
