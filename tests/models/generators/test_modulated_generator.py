import numpy as np
import pytest
import torch

from boostgan_plugin.models import ModulatedGenerator
from boostgan_plugin.models.generators.modulated_generator import Modulation, colours_of_regions

SMALL = dict(channels=(6, 8, 10), full_channels=4, dilations=(1, 2))


def inputs(size=(32, 32), attributes=3, encoding='probability'):
    """A batch of 2 with a hole in the upper left quarter, and 4 classes."""
    height, width = size
    maps = (
        torch.rand(2, 4, height, width).softmax(dim=1)
        if encoding == 'probability'
        else torch.randint(0, 4, (2, 1, height, width), dtype=torch.uint8)
    )
    mask = torch.zeros(2, 1, height, width)
    mask[..., : height // 2, : width // 2] = 1
    images = torch.rand(2, 3, height, width) * 2 - 1
    return [images * (1 - mask), mask, maps, torch.rand(2, attributes)]


def slow_modulation(layer, features, regions, attributes):
    """One sample, place by place in float64: scale and shift are said by what is around."""
    weight, bias = (each.detach().numpy() for each in layer.regions.parameters())
    matrix, offset = (each.detach().numpy() for each in layer.attributes.parameters())
    channels, height, width = features.shape
    around = np.pad(regions, [(0, 0), (1, 1), (1, 1)])
    answer = np.zeros_like(features)
    for c, y, x in np.ndindex(channels, height, width):
        scale, shift = (
            (weight[row] * around[:, y : y + 3, x : x + 3]).sum()
            + bias[row]
            + matrix[row] @ attributes
            + offset[row]
            for row in (c, channels + c)
        )
        answer[c, y, x] = features[c, y, x] * (1 + scale) + shift
    return answer


def test_modulation_agrees_with_a_slow_reference():
    layer = Modulation(2, num_classes=4, num_attributes=3).double()
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter)
    features, regions = torch.randn(2, 2, 5, 6).double(), torch.rand(2, 4, 5, 6).double()
    attributes = torch.rand(2, 3).double()
    for found, *sample in zip(layer(features, regions, attributes), features, regions, attributes):
        expected = slow_modulation(layer, *(part.numpy() for part in sample))
        assert found.detach().numpy() == pytest.approx(expected)


def test_at_first_modulation_changes_next_to_nothing():
    features = torch.randn(2, 16, 8, 8)
    regions = torch.nn.functional.one_hot(torch.randint(0, 11, (2, 8, 8)), 11).movedim(3, 1)
    changed = Modulation(16, 11, 18)(features, regions.float(), torch.rand(2, 18))
    assert 0 < (changed - features).abs().mean() < 0.2 * features.abs().mean()


@pytest.mark.parametrize('size', [(32, 32), (8, 8), (24, 40)])
def test_any_side_that_the_factor_divides(size):
    output = ModulatedGenerator(3, 4, **SMALL)(*inputs(size))
    assert output.shape == (2, 3, *size)
    assert output.abs().max() <= 1


@pytest.mark.parametrize('encoding', ['label', 'one_hot', 'embedding', 'probability'])
@pytest.mark.parametrize(
    'switches',
    [{}, dict(skips=False), dict(modulation=False), dict(skips=False, modulation=False)],
    ids=str,
)
@pytest.mark.parametrize('region_colours', [False, True])
def test_encodings_and_switches(encoding, switches, region_colours):
    switches = dict(switches, region_colours=region_colours)
    if region_colours and encoding in ('label', 'embedding'):
        with pytest.raises(ValueError, match=f"segmentation_encoding='{encoding}'"):
            ModulatedGenerator(3, 4, encoding, **SMALL, **switches)
        return
    generator = ModulatedGenerator(3, 4, encoding, **SMALL, **switches)
    generator(*inputs(encoding=encoding)).sum().backward()
    assert all(parameter.grad is not None for parameter in generator.parameters())


@pytest.mark.parametrize('modulation', [True, False])
def test_attributes_and_regions_in_the_hole_and_outside_matter(modulation):
    generator = ModulatedGenerator(3, 4, modulation=modulation, **SMALL)
    masked_img, mask, regions, attributes = inputs()
    regions.requires_grad_(), attributes.requires_grad_()
    output = generator(masked_img, mask, regions, attributes)
    gradients = torch.autograd.grad((output * mask).square().sum(), (regions, attributes))
    assert all((gradients[0] * where).any() for where in (mask, 1 - mask))
    assert gradients[1].all()


@pytest.mark.parametrize('modulation', [True, False])
def test_modulation_says_semantics_again(modulation):
    """Deaf at its input, it hears them in the decoder."""
    generator = ModulatedGenerator(3, 4, modulation=modulation, **SMALL)
    with torch.no_grad():
        generator.encoder[0][0].weight[:, 4:] = 0
        generator.to_full.weight[:, -4:] = 0
        generator.fuse.weight[:, -3:] = 0
    arguments = inputs()
    before = generator(*arguments)
    for position in (2, 3):
        other = [*arguments]
        other[position] = arguments[position].flip(1)
        assert torch.equal(generator(*other), before) != modulation


@pytest.mark.parametrize('skips', [True, False])
def test_skips_go_past_the_lowest_resolution(skips):
    generator = ModulatedGenerator(3, 4, skips=skips, **SMALL)
    torch.nn.init.zeros_(generator.fuse.weight)
    arguments = inputs()
    before = generator(*arguments)
    arguments[0] = arguments[0] / 2
    assert torch.equal(generator(*arguments), before) != skips


def test_colours_of_regions_are_those_that_are_seen():
    """Sharp regions: everywhere the mean over the known pixels of the same region."""
    images, mask, _, _ = inputs((8, 8))
    labels = torch.randint(0, 3, (2, 8, 8))
    labels[:, 0, 0] = 3  # Nothing is seen of the last one.
    regions = torch.nn.functional.one_hot(labels, 4).movedim(-1, 1).float()
    found = colours_of_regions(images, mask, regions)
    for n, y, x in np.ndindex(2, 8, 8):
        same = (labels[n] == labels[n, y, x]) & (mask[n, 0] == 0)
        expected = images[n][:, same].sum(1) / (same.sum() + 4)
        torch.testing.assert_close(found[n, :, y, x], expected)
    assert (found[:, :, 0, 0] == 0).all()


def test_colours_of_regions_follow_what_is_told():
    """What is half one region and half the other is shown half the colour of each."""
    images, mask = torch.zeros(1, 3, 20, 20), torch.zeros(1, 1, 20, 20)
    images[..., 10:], mask[..., 5:15, 10:] = 0.5, 1
    regions = torch.zeros(1, 2, 20, 20)
    regions[:, 0, :, :10], regions[:, 1, :, 10:] = 1, 1
    regions[:, :, 10, 12] = 0.5
    shown = colours_of_regions(images * (1 - mask), mask, regions)[0, 0]
    assert shown[10, 15] == pytest.approx(0.5 * 100 / 104)
    assert shown[10, 12] == pytest.approx(0.25 * 100 / 104)
    assert shown[10, 5] == 0


def test_errors_name_what_is_wrong():
    generator = ModulatedGenerator(3, 4, **SMALL)
    with pytest.raises(ValueError, match='28 x 32 are not multiples of the downsample factor 8'):
        generator(*inputs((28, 32)))
    with pytest.raises(ValueError, match='length 2, the generator was built for num_attributes=3'):
        generator(*inputs(attributes=2))
    with pytest.raises(ValueError, match="segmentation_encoding='colour' is unknown"):
        ModulatedGenerator(3, 4, 'colour')
