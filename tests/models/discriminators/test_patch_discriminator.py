"""Levels against loops over places, on features of the trunk."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from boostgan_plugin.models import PatchDiscriminator
from boostgan_plugin.models.semantics import Semantics

CHANNELS = (4, 6, 8)
LEVELS = dict(
    attribute=dict(num_attributes=3),
    segmentation=dict(num_classes=4, segmentation_encoding='probability'),
)


@pytest.fixture
def discriminator():
    return PatchDiscriminator(CHANNELS, **LEVELS)


@pytest.fixture
def images():
    return torch.rand(2, 3, 32, 16) * 2 - 1


@pytest.fixture
def semantics():
    return Semantics(torch.rand(2, 3), torch.rand(2, 4, 32, 16).softmax(dim=1))


@pytest.mark.parametrize('stage', [1, 2, 3])
def test_a_logit_for_each_place(images, semantics, stage):
    """Of the segmentation level, where maps are compared."""
    discriminator = PatchDiscriminator(CHANNELS, **LEVELS, segmentation_stage=stage)
    logits = discriminator.judge_generated(images, semantics)
    assert {level: tuple(each.shape) for level, each in logits.items()} == dict(
        overall=(2, 1, 4, 2),
        attribute=(2, 1, 4, 2),
        segmentation=(2, 1, 32 // 2**stage, 16 // 2**stage),
    )


def projected(features, vectors):
    """Logits (N, 1, h, w) as inner products of unit variance, place by place; the vectors are
    (N, C, h, w)."""
    answer = np.zeros((len(features), 1, *features.shape[2:]))
    for n, y, x in np.ndindex(len(features), *features.shape[2:]):
        answer[n, 0, y, x] = features[n, :, y, x] @ vectors[n, :, y, x] / features.shape[1] ** 0.5
    return answer


@torch.no_grad()
def test_attributes_are_compared_with_each_place(discriminator, images, semantics):
    head, features = discriminator.attribute, discriminator.stage_features(images)[2]
    matrix, bias = (each.numpy() for each in head.embedding.parameters())
    vectors = np.stack([matrix @ (2 * row - 1) + bias for row in semantics.attributes.numpy()])
    expected = (
        projected(features.numpy(), np.broadcast_to(vectors[:, :, None, None], features.shape))
        + head.score(features).numpy()
    )
    found = discriminator.judge_generated(images, semantics)['attribute']
    assert found.numpy() == pytest.approx(expected, abs=1e-5)


@torch.no_grad()
def test_maps_are_compared_place_by_place(discriminator, images, semantics):
    head, features = discriminator.segmentation, discriminator.stage_features(images)[1]
    maps = semantics.segmentation
    ratios = torch.zeros(2, 4, 8, 4)
    for y, x in np.ndindex(8, 4):
        ratios[..., y, x] = maps[..., 4 * y : 4 * y + 4, 4 * x : 4 * x + 4].mean(dim=(2, 3))
    vectors = F.conv2d(ratios, head.embedding.weight, head.embedding.bias, padding=1)
    expected = projected(features.numpy(), vectors.numpy()) + head.score(features).numpy()
    found = discriminator.judge_generated(images, semantics)['segmentation']
    assert found.numpy() == pytest.approx(expected, abs=1e-5)


def test_pairs_are_judged_as_one_by_one(discriminator, images, semantics):
    generated, other = torch.rand_like(images), Semantics(*(part.flip(0) for part in semantics))
    logits = discriminator(images, generated, semantics, other)
    expected = dict(
        real=discriminator.judge_generated(images, semantics),
        generated=discriminator.judge_generated(generated, semantics),
        mismatched=discriminator.judge_generated(images, other),
    )
    del expected['mismatched']['overall']
    assert {(level, pair) for level, pairs in logits.items() for pair in pairs} == {
        (level, pair) for pair, levels in expected.items() for level in levels
    }
    for pair, levels in expected.items():
        for level, value in levels.items():
            torch.testing.assert_close(logits[level][pair], value)


def test_equal_images_match(discriminator, images, semantics):
    logits, distance = discriminator.judge_and_match(images, images.clone(), semantics)
    assert distance == 0
    expected = discriminator.judge_generated(images, semantics)
    assert logits.keys() == expected.keys()
    assert all(torch.equal(logits[level], expected[level]) for level in expected)


def test_the_distance_is_relative_to_the_features_of_the_real_image(
    discriminator, images, semantics
):
    real = torch.rand_like(images).requires_grad_()
    generated = images.requires_grad_()
    _, distance = discriminator.judge_and_match(generated, real, semantics)
    stages = [
        [each.detach().numpy() for each in discriminator.stage_features(given)]
        for given in (generated, real)
    ]
    expected = np.mean([np.abs(a - b).mean() / np.abs(b).mean() for a, b in zip(*stages)])
    assert distance.item() == pytest.approx(expected, rel=1e-5)
    distance.backward()
    assert generated.grad.any() and real.grad is None


@pytest.mark.parametrize('level', LEVELS)
def test_a_level_that_is_left_out_has_no_key(images, semantics, level):
    levels = {name: config for name, config in LEVELS.items() if name != level}
    discriminator = PatchDiscriminator(CHANNELS, **levels)
    expected = {'overall', *levels}
    assert discriminator(images, images, semantics, semantics).keys() == expected
    assert discriminator.judge_and_match(images, images, semantics)[0].keys() == expected
    assert not any(name.startswith(level) for name, _ in discriminator.named_parameters())
