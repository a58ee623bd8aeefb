"""The attention against Yu et al. 2018, 4.1, place by place and patch by patch."""

from itertools import product

import numpy as np
import pytest
import torch

from boostgan_plugin.models import ContextualAttentionGenerator
from boostgan_plugin.models.generators.contextual_attention_generator import (
    ContextualAttentionLayer,
    _propagated,
)


def slow_propagated(likeness):
    """(h, w, h, w): equation (4), left-right, then the same top-down."""
    height, width = likeness.shape[:2]
    for down in (0, 1):
        total = np.zeros_like(likeness)
        for y, x, i, j in np.ndindex(likeness.shape):
            for k in (-1, 0, 1):
                moved = (y + k * down, x + k * (1 - down), i + k * down, j + k * (1 - down))
                inside = all(
                    0 <= place < side for place, side in zip(moved, (height, width, height, width))
                )
                total[y, x, i, j] += likeness[moved] if inside else 0
        likeness = total
    return likeness


def slow_attention(features, mask, propagate):
    """One sample: features (C, H, W), mask (H, W) -> (C, H, W), at rate 2 and scale 10."""
    small = np.pad(features[:, ::2, ::2], [(0, 0), (1, 1), (1, 1)])
    height, width = features.shape[1] // 2, features.shape[2] // 2
    hole = np.zeros((height + 2, width + 2))
    for y, x in np.ndindex(height, width):
        hole[y + 1, x + 1] = mask[2 * y : 2 * y + 2, 2 * x : 2 * x + 2].max()
    places = list(np.ndindex(height, width))

    likeness = np.zeros((height, width, height, width))
    for (y, x), (i, j) in product(places, places):
        background = small[:, i : i + 3, j : j + 3]
        background = background / max(np.sqrt((background**2).sum()), 1e-4)
        likeness[y, x, i, j] = (small[:, y : y + 3, x : x + 3] * background).sum()
    if propagate:
        likeness = slow_propagated(likeness)

    known = [(i, j) for i, j in places if not hole[i : i + 3, j : j + 3].any()]
    # One pixel of border on each side, as a patch of 4 starts 1 px before its place.
    original = np.pad(features, [(0, 0), (1, 1), (1, 1)])
    pasted, count = np.zeros_like(original), np.zeros(original.shape[1:])
    for y, x in places:
        scores = np.array([10 * likeness[y, x, i, j] for i, j in known])
        ratios = np.exp(scores - scores.max(initial=0))
        area = np.s_[2 * y : 2 * y + 4, 2 * x : 2 * x + 4]
        for ratio, (i, j) in zip(ratios / ratios.sum(), known, strict=True):
            pasted[:, *area] += ratio * original[:, 2 * i : 2 * i + 4, 2 * j : 2 * j + 4]
        count[area] += 1
    return (pasted / count)[:, 1:-1, 1:-1]


@pytest.mark.parametrize('size', [(12, 12), (8, 14)])
@pytest.mark.parametrize('propagate', [True, False])
def test_attention_agrees_with_a_slow_reference(size, propagate):
    features = torch.randn(3, 4, *size) / 4
    features[2, :, :6] /= 100  # of other length, the same in likeness
    mask = torch.zeros(3, 1, *size)
    mask[0, :, 3:6, 2:5] = 1
    mask[1, :, :, 6:8] = 1
    answer = ContextualAttentionLayer(propagate=propagate)(features, mask)
    for index in range(3):
        expected = slow_attention(
            features[index].double().numpy(), mask[index, 0].numpy(), propagate
        )
        assert answer[index].numpy() == pytest.approx(expected, abs=1e-4)


def test_likeness_is_propagated_along_rows_and_columns():
    likeness = torch.randn(2, 12, 12)
    answer = _propagated(likeness, (3, 4))
    for before, after in zip(likeness, answer, strict=True):
        expected = slow_propagated(before.double().numpy().reshape(3, 4, 3, 4))
        assert after.numpy() == pytest.approx(expected.reshape(12, 12), abs=1e-5)


@pytest.mark.parametrize('propagate', [True, False])
def test_what_repeats_a_known_region_is_copied_from_there(propagate):
    features = torch.randn(1, 8, 32, 32)
    mask = torch.zeros(1, 1, 32, 32)
    mask[..., 4:14, 4:14] = 1
    features[..., 2:16, 2:16] = features[..., 2:16, 18:32]
    answer = ContextualAttentionLayer(propagate=propagate)(features, mask)
    assert torch.allclose(answer[..., 5:13, 5:13], features[..., 5:13, 5:13], atol=1e-3)


def test_nothing_is_taken_from_the_hole():
    """Its values stand out."""
    features = torch.zeros(1, 2, 16, 16)
    mask = torch.zeros(1, 1, 16, 16)
    mask[..., 4:10, 4:10] = 1
    features[..., 4:10, 4:10] = 50
    features[..., 12:, :] = 1
    answer = ContextualAttentionLayer()(features, mask)
    assert answer.min() >= 0 and answer.max() < 1.001


def test_without_a_known_patch_the_answer_is_0_and_has_a_gradient():
    features = torch.randn(2, 3, 8, 8, requires_grad=True)
    mask = torch.zeros(2, 1, 8, 8)
    mask[0] = 1
    answer = ContextualAttentionLayer()(features, mask)
    assert not answer[0].any() and answer[1].any()
    answer.square().sum().backward()
    assert features.grad.isfinite().all()
    assert not features.grad[0].any() and features.grad[1].any()


def test_half_precision_comes_back_as_such():
    layer, mask = ContextualAttentionLayer(), torch.zeros(1, 1, 8, 8)
    features = torch.randn(1, 3, 8, 8).bfloat16()
    with torch.autocast('cpu', torch.bfloat16):
        answer = layer(features, mask)
    assert answer.dtype == torch.bfloat16
    assert torch.equal(answer, layer(features.float(), mask).bfloat16())


@pytest.fixture
def generator():
    return ContextualAttentionGenerator(base_channels=4, dilations=[2])


def inputs(height, width):
    mask = torch.zeros(2, 1, height, width)
    mask[..., height // 4 : height // 2, width // 4 : width // 2] = 1
    return (torch.rand(2, 3, height, width) * 2 - 1) * (1 - mask), mask


@pytest.mark.parametrize('size', [(32, 32), (16, 40)])
def test_both_stages_give_images(generator, size):
    for image in generator(*inputs(*size)):
        assert image.shape == (2, 3, *size)
        assert image.abs().max() <= 1


def test_the_output_is_clipped():
    generator = ContextualAttentionGenerator(base_channels=4, dilations=[2])
    for part in (generator.coarse, generator.join):
        torch.nn.init.constant_(part[-1].bias, 3)
    for image in generator(*inputs(32, 32)):
        assert (image == 1).all()


def test_the_second_stage_sees_the_first_in_the_hole_only(generator):
    seen = []
    for branch in (generator.dilated_branch, generator.attention_branch):
        branch.register_forward_hook(lambda _, args, out: seen.append(args[0]))
    masked_img, mask = inputs(32, 32)
    coarse, _ = generator(masked_img, mask)
    hole = mask.bool().expand_as(coarse)
    for given in seen:
        image, ones, marks = given[:, :3], given[:, 3:4], given[:, 4:]
        assert torch.equal(image[hole], coarse[hole]) and coarse[hole].any()
        assert torch.equal(image[~hole], masked_img[~hole])
        assert (ones == 1).all() and torch.equal(marks, mask)
    assert len(seen) == 2


def test_attention_is_told_of_every_cell_with_a_pixel_of_the_hole(generator):
    seen = []
    generator.attention.register_forward_hook(lambda _, args, out: seen.append(args))
    masked_img, mask = inputs(32, 32)
    mask.zero_()
    mask[0, 0, 7, 12] = mask[1, 0, 31, 0] = 1
    generator(masked_img, mask)
    features, cells = seen[0]
    assert features.shape == (2, 16, 8, 8)
    assert cells.nonzero().tolist() == [[0, 0, 1, 3], [1, 0, 7, 0]]


def test_dilations_are_those_asked_for():
    generator = ContextualAttentionGenerator(base_channels=4)
    for part in (generator.coarse, generator.dilated_branch):
        dilations = [
            module.dilation[0] for module in part.modules() if isinstance(module, torch.nn.Conv2d)
        ]
        assert [dilation for dilation in dilations if dilation > 1] == [2, 4, 8, 16]


def test_the_smallest_images_are_those_that_mirror_padding_allows():
    generator = ContextualAttentionGenerator(base_channels=4, dilations=[5])
    assert generator(*inputs(24, 32))[1].shape == (2, 3, 24, 32)
    with pytest.raises(ValueError, match='images of 16 x 32 are too small.*at least 24 px'):
        generator(*inputs(16, 32))


def test_gradients_reach_every_layer(generator):
    coarse, refined = generator(*inputs(32, 32))
    (coarse.square().mean() + refined.square().mean()).backward()
    assert all(
        parameter.grad is not None and parameter.grad.any() for parameter in generator.parameters()
    )
