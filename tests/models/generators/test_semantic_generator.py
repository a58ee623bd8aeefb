import pytest
import torch

from boostgan_plugin.models import SemanticGenerator


def inputs(size=(64, 64), attributes=18, classes=None):
    height, width = size
    maps = (
        torch.zeros(2, 1, height, width, dtype=torch.uint8)
        if classes is None
        else torch.rand(2, classes, height, width)
    )
    return (
        torch.rand(2, 3, height, width) * 2 - 1,
        torch.zeros(2, 1, height, width),
        maps,
        torch.rand(2, attributes),
    )


def fused_shape(generator, arguments):
    """Shape of what enters the layer after the attributes were concatenated."""
    seen = []
    generator.fuse.register_forward_hook(lambda _, args, out: seen.append(args[0].shape))
    generator(*arguments)
    return seen[0]


@pytest.mark.parametrize('attributes', [18, 60])
def test_m1_is_16_at_256_px_and_attributes_are_replicated_there(attributes):
    generator = SemanticGenerator(
        num_attributes=attributes, num_classes=11, base_channels=4, max_channels=16
    )
    shape = fused_shape(generator, inputs((256, 256), attributes))
    assert shape == (2, 16 + attributes, 16, 16)


def test_replicated_attributes_are_constant_over_the_bottleneck():
    generator = SemanticGenerator(18, 11, base_channels=4, downsample_factor=4)
    seen = []
    generator.fuse.register_forward_hook(lambda _, args, out: seen.append(args[0]))
    arguments = inputs()
    generator(*arguments)
    replicated = seen[0][:, -18:]
    assert torch.equal(replicated, arguments[3][:, :, None, None].expand_as(replicated))


@pytest.mark.parametrize('size', [(64, 64), (16, 16), (48, 80)])
def test_any_side_that_the_factor_divides(size):
    output = SemanticGenerator(18, 11, base_channels=4)(*inputs(size))
    assert output.shape == (2, 3, *size)
    assert output.abs().max() <= 1


@pytest.mark.parametrize('encoding', ['label', 'one_hot', 'embedding', 'probability'])
def test_encodings(encoding):
    generator = SemanticGenerator(18, 11, encoding, base_channels=4)
    arguments = inputs(classes=11 if encoding == 'probability' else None)
    assert generator(*arguments).shape == (2, 3, 64, 64)


@pytest.mark.parametrize('position', [0, 1, 2, 3])
def test_every_input_matters(position):
    generator = SemanticGenerator(18, 11, base_channels=4).eval()
    arguments = list(inputs())
    before = generator(*arguments)
    arguments[position] = arguments[position] + 1
    assert not torch.equal(before, generator(*arguments))


def test_errors_name_what_is_wrong():
    generator = SemanticGenerator(18, 11, base_channels=4)
    with pytest.raises(ValueError, match='60 x 64 are not multiples of the downsample factor 16'):
        generator(*inputs((60, 64)))
    with pytest.raises(ValueError, match='length 17'):
        generator(*inputs(attributes=17))
    with pytest.raises(ValueError, match='not a power of two'):
        SemanticGenerator(18, 11, downsample_factor=12)
