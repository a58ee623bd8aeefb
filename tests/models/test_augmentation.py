import numpy as np
import pytest
import torch

from boostgan_plugin.models import DiscriminatorAugmentation
from boostgan_plugin.models.augmentation import shifted


@pytest.fixture
def images():
    return torch.rand(3, 3, 8, 12) * 2 - 1


@pytest.mark.parametrize(('down', 'right'), [(0, 0), (2, 3), (-1, 4), (3, -5), (-8, 0)])
def test_what_is_shifted_leaves_0_behind(images, down, right):
    expected = torch.zeros_like(images)
    for y, x in np.ndindex(8, 12):
        if 0 <= y + down < 8 and 0 <= x + right < 12:
            expected[..., y + down, x + right] = images[..., y, x]
    assert torch.equal(shifted(images, down, right), expected)


def test_images_and_maps_move_together():
    """Each pixel says in all of them where it comes from."""
    places = torch.arange(1.0, 97).view(1, 1, 8, 12).repeat(3, 1, 1, 1)
    augmentation, seen = DiscriminatorAugmentation(colour=0, translation=0.25), set()
    for _ in range(50):
        images, (labels, floats) = augmentation(
            [places.repeat(1, 3, 1, 1)], [places.to(torch.uint8), places]
        )
        assert labels.dtype == torch.uint8 and floats.dtype == torch.float32
        assert torch.equal(images[0], floats.expand(-1, 3, -1, -1))
        assert torch.equal(labels.float(), floats)
        [moved] = [
            (down, right)
            for down in range(-2, 3)
            for right in range(-3, 4)
            if torch.equal(shifted(places, down, right), floats)
        ]
        seen.add(moved)
    assert {down for down, _ in seen} == set(range(-2, 3))
    assert {right for _, right in seen} == set(range(-3, 4))


def test_equal_images_stay_equal_and_differ_from_call_to_call(images):
    augmentation = DiscriminatorAugmentation()
    (first, second), _ = augmentation([images, images.clone()], [])
    assert torch.equal(first, second) and not torch.equal(first, images)
    assert not torch.equal(augmentation([images], [])[0][0], first)


def test_each_sample_has_colours_of_its_own(images):
    same = images[:1].repeat(3, 1, 1, 1)
    (changed,), _ = DiscriminatorAugmentation(colour=0.5, translation=0)([same], [])
    assert not torch.equal(changed[0], changed[1]) and not torch.equal(changed[1], changed[2])


@pytest.mark.parametrize(
    ('draw', 'expected'),
    [
        # rand() of 1 is the largest change upwards, of 0 downwards.
        ((1.0, 0.5, 0.5), lambda images: images + 0.4),
        ((0.5, 0.0, 0.5), lambda images: 0.6 * images + 0.4 * images.mean(dim=1, keepdim=True)),
        (
            (0.5, 0.5, 1.0),
            lambda images: 1.4 * images - 0.4 * images.mean(dim=(1, 2, 3), keepdim=True),
        ),
    ],
    ids=['brightness', 'saturation', 'contrast'],
)
def test_colours(images, monkeypatch, draw, expected):
    drawn = iter(draw)
    monkeypatch.setattr(torch, 'rand', lambda *size, device: torch.full(size, next(drawn)))
    (changed,), _ = DiscriminatorAugmentation(colour=0.4, translation=0)([images], [])
    torch.testing.assert_close(changed, expected(images))


def test_without_colour_and_translation_nothing_changes(images):
    mask = images[:, :1] > 0
    (same,), (same_mask,) = DiscriminatorAugmentation(0, 0)([images], [mask])
    torch.testing.assert_close(same, images)
    assert torch.equal(same_mask, mask)


def test_the_generator_learns_through_it(images):
    images.requires_grad_()
    (changed,), _ = DiscriminatorAugmentation(translation=0)([images], [])
    changed.square().sum().backward()
    assert images.grad.all()


@pytest.mark.parametrize('ratios', [(1.1, 0), (-0.1, 0), (0, 2), (0, -1)])
def test_shares_beyond_0_to_1_are_refused(ratios):
    with pytest.raises(ValueError, match='both must lie in 0..1'):
        DiscriminatorAugmentation(*ratios)
