import pytest
import torch
import torch.nn.functional as F

from boostgan_plugin.models import (
    AttributeDiscriminator,
    GlobalDiscriminator,
    MultiLevelDiscriminator,
    SegmentationDiscriminator,
    SharedTrunkDiscriminator,
)
from boostgan_plugin.models.semantics import Semantics

SMALL = dict(image_size=64, base_channels=8, max_channels=16, hidden_features=8)


@pytest.fixture
def images():
    return torch.rand(3, 3, 64, 64) * 2 - 1


@pytest.fixture
def semantics():
    return Semantics(torch.rand(3, 18), torch.randint(0, 11, (3, 1, 64, 64), dtype=torch.uint8))


def settled(discriminator, *arguments):
    """In eval mode, after the power iterations of the spectral norms have found the norms."""
    for _ in range(100):
        discriminator(*arguments)
    return discriminator.eval()


@pytest.fixture
def multi_level(images, semantics):
    return settled(
        MultiLevelDiscriminator(
            overall=dict(type='GlobalDiscriminator', **SMALL),
            attribute=dict(type='AttributeDiscriminator', num_attributes=18, **SMALL),
            segmentation=dict(type='SegmentationDiscriminator', num_classes=11, **SMALL),
        ),
        images,
        images,
        semantics,
        semantics,
    )


@pytest.mark.parametrize('size', [64, 256])
def test_m2_is_4(size):
    discriminator = AttributeDiscriminator(18, image_size=size, base_channels=4, max_channels=8)
    assert discriminator.features(torch.rand(1, 3, size, size)).shape == (1, 8, 4, 4)


def test_attributes_are_replicated_over_m2_by_m2(images, semantics):
    discriminator = AttributeDiscriminator(18, **SMALL)
    seen = []
    discriminator.fuse.register_forward_hook(lambda _, args, out: seen.append(args[0]))
    assert discriminator(images, semantics.attributes).shape == (3, 1)
    assert seen[0].shape == (3, 16 + 18, 4, 4)
    assert torch.equal(seen[0][:, -18:, 1, 2], semantics.attributes)


def test_global_logits(images):
    assert GlobalDiscriminator(**SMALL)(images).shape == (3, 1)


@pytest.mark.parametrize('encoding', ['label', 'one_hot', 'embedding', 'probability'])
def test_split_first_layer_is_the_layer_on_the_concatenation(images, encoding):
    """With the spectral norm of the weight that image and map have together."""
    discriminator = SegmentationDiscriminator(11, encoding, **SMALL).eval()
    stem = discriminator.stem
    torch.nn.init.normal_(stem.bias)
    left, largest, _ = torch.linalg.svd(stem.weight.flatten(1))
    stem.left.copy_(left[:, 0])  # Where its power iteration ends.
    maps = (
        torch.rand(3, 11, 64, 64)
        if encoding == 'probability'
        else torch.randint(0, 11, (3, 1, 64, 64), dtype=torch.uint8)
    )
    joined = torch.cat([images, discriminator.segmentation_encoding(maps)], dim=1)
    first = F.conv2d(joined, stem.weight / largest[0], stem.bias, stride=2, padding=1)
    expected = discriminator.head(discriminator.trunk(first))
    assert torch.allclose(discriminator(images, maps), expected, atol=1e-5)
    assert expected.std() > 1e-3


@pytest.fixture
def shared(images, semantics):
    return settled(
        SharedTrunkDiscriminator(
            **SMALL, attribute=dict(num_attributes=18), segmentation=dict(num_classes=11)
        ),
        images,
        images,
        semantics,
        semantics,
    )


def judged_one_by_one(discriminator, images, attributes, segmentation):
    """The logits of each level, image by image, each beside its vector and its map."""
    alone = [
        discriminator.judge_generated(
            images[i : i + 1], Semantics(attributes[i : i + 1], segmentation[i : i + 1])
        )
        for i in range(len(images))
    ]
    return {level: torch.cat([logits[level] for logits in alone]) for level in alone[0]}


@pytest.mark.parametrize('form', ['multi_level', 'shared'])
def test_pairs_are_judged_as_one_by_one(form, images, semantics, request):
    discriminator = request.getfixturevalue(form)
    generated = torch.rand_like(images)
    other = Semantics(*(part.flip(0) for part in semantics))
    logits = discriminator(images, generated, semantics, other)
    real = judged_one_by_one(discriminator, images, *semantics)
    fake = judged_one_by_one(discriminator, generated, *semantics)
    mismatched = judged_one_by_one(discriminator, images, *other)
    expected = dict(overall=dict(real=real['overall'], generated=fake['overall']))
    for level in ('attribute', 'segmentation'):
        expected[level] = dict(
            real=real[level], generated=fake[level], mismatched=mismatched[level]
        )
        assert not torch.allclose(real[level], mismatched[level], atol=1e-5)
    assert {level: set(pairs) for level, pairs in logits.items()} == {
        level: set(pairs) for level, pairs in expected.items()
    }
    for level, pairs in expected.items():
        for name, value in pairs.items():
            assert value.shape == (3, 1)
            assert torch.allclose(logits[level][name], value, atol=1e-5), (level, name)


def test_separate_networks_judge_by_themselves(multi_level, images, semantics):
    logits = multi_level.judge_generated(images, semantics)
    assert torch.allclose(logits['overall'], multi_level.overall(images), atol=1e-5)
    assert torch.allclose(
        logits['attribute'], multi_level.attribute(images, semantics.attributes), atol=1e-5
    )
    assert torch.allclose(
        logits['segmentation'], multi_level.segmentation(images, semantics.segmentation), atol=1e-5
    )


def test_each_image_passes_a_trunk_once(multi_level, shared, images, semantics, monkeypatch):
    seen = []
    for layer in (
        multi_level.overall.trunk,
        multi_level.attribute.trunk,
        shared.fine,
        shared.coarse,
    ):
        layer.register_forward_hook(lambda _, args, out: seen.append(len(args[0])))
    stem = multi_level.segmentation.stem
    contribution = stem.contribution
    monkeypatch.setattr(
        stem,
        'contribution',
        lambda part, channels: (
            seen.append((part.shape[1], len(part))) or contribution(part, channels)
        ),
    )
    multi_level(images, images, semantics, semantics)
    assert seen == [6, 6, (3, 6), (1, 6)]
    shared(images, images, semantics, semantics)
    assert seen[4:] == [6, 6]


@pytest.mark.parametrize('size', [8, 16, 32, 64, 256])
def test_map_and_image_join_at_16_px(size):
    discriminator = SharedTrunkDiscriminator(
        size, base_channels=4, max_channels=8, hidden_features=4, segmentation=dict(num_classes=3)
    )
    features = discriminator.features(torch.rand(2, 3, size, size))
    assert features['overall'].shape == (2, 8 if size > 8 else 4, 4, 4)
    joined = discriminator.segmentation.map_features(
        torch.zeros(2, 1, size, size, dtype=torch.uint8)
    )
    assert joined.shape[2:] == features['segmentation'].shape[2:]
    assert joined.shape[2] == min(16, size // 2)


def test_absent_levels_have_no_key(images, semantics):
    discriminator = MultiLevelDiscriminator(overall=dict(type='GlobalDiscriminator', **SMALL))
    assert set(discriminator(images, images, semantics, semantics)) == {'overall'}
    assert set(discriminator.judge_generated(images, semantics)) == {'overall'}
    shared = SharedTrunkDiscriminator(**SMALL)
    assert set(shared(images, images, semantics, semantics)) == {'overall'}


def test_errors_name_what_is_wrong(images, semantics):
    with pytest.raises(ValueError, match='image_size=60'):
        GlobalDiscriminator(image_size=60)
    with pytest.raises(ValueError, match='length 18'):
        AttributeDiscriminator(17, **SMALL)(images, semantics.attributes)
    with pytest.raises(ValueError, match='unknown'):
        SegmentationDiscriminator(11, 'colour', **SMALL)
