import pytest
import torch

from boostgan_plugin.models import ContextEncoderGenerator
from boostgan_plugin.models.generators.context_encoder_generator import ChannelWiseLinear


def test_the_layer_joins_all_places_of_a_channel():
    layer = ChannelWiseLinear(3, 4)
    torch.nn.init.normal_(layer.bias)
    features = torch.randn(2, 3, 4, 4)
    answer = layer(features)
    for sample in range(2):
        for channel in range(3):
            given = features[sample, channel].flatten().tolist()
            for place in range(16):
                weights = layer.weight[channel, :, place].tolist()
                expected = layer.bias[channel, place].item() + sum(
                    weight * value for weight, value in zip(weights, given, strict=True)
                )
                assert answer[sample, channel, place // 4, place % 4].item() == pytest.approx(
                    expected, abs=1e-5
                )


def test_the_layer_has_m_n4_weights():
    """Pathak et al. 2016, 3.1, and a bias for each value."""
    sizes = {name: value.numel() for name, value in ChannelWiseLinear(7, 5).named_parameters()}
    assert sizes == dict(weight=7 * 5**4, bias=7 * 5**2)


@pytest.fixture
def generator():
    return ContextEncoderGenerator(image_size=32, base_channels=4, max_channels=8)


@pytest.mark.parametrize(('size', 'widths'), [(8, [4]), (16, [4, 8]), (64, [4, 8, 16, 16])])
def test_images_of_the_size_it_was_built_for(size, widths):
    generator = ContextEncoderGenerator(image_size=size, base_channels=4, max_channels=16)
    output = generator(torch.rand(2, 3, size, size), torch.zeros(2, 1, size, size))
    assert output.shape == (2, 3, size, size)
    assert output.abs().max() <= 1
    assert [layer.conv.out_channels for layer in generator.encoder] == widths


def test_every_place_sees_every_other_through_the_bottleneck(generator):
    """The encoder alone would not carry a corner across 32 px."""
    images = torch.rand(1, 3, 32, 32, requires_grad=True)
    generator.eval()(images, torch.zeros(1, 1, 32, 32))[0, :, -1, -1].sum().backward()
    assert images.grad[0, :, 0, 0].all()


@pytest.mark.parametrize('position', [0, 1])
def test_image_and_mask_matter(generator, position):
    arguments = [torch.rand(2, 3, 32, 32), torch.zeros(2, 1, 32, 32)]
    before = generator(*arguments)
    arguments[position] = 1 - arguments[position]
    assert not torch.equal(before, generator(*arguments))


@pytest.mark.parametrize('size', [4, 48, 60, 100])
def test_sizes_it_cannot_be_built_for(size):
    with pytest.raises(ValueError, match=f'image_size={size} is not 4 times a power of two'):
        ContextEncoderGenerator(image_size=size)


@pytest.mark.parametrize('size', [(64, 64), (32, 16)])
def test_other_images_are_refused(generator, size):
    with pytest.raises(ValueError, match='32 x 32; given {} x {}'.format(*size)):
        generator(torch.rand(1, 3, *size), torch.zeros(1, 1, *size))
