import pytest
import torch
from torch import nn

from boostgan_plugin.models import GlobalLocalGenerator

#: Iizuka et al. 2017, Table 1: kernel, dilation, stride (negative: upsampling), outputs.
TABLE = [
    (5, 1, 1, 64),
    (3, 1, 2, 128),
    (3, 1, 1, 128),
    (3, 1, 2, 256),
    (3, 1, 1, 256),
    (3, 1, 1, 256),
    (3, 2, 1, 256),
    (3, 4, 1, 256),
    (3, 8, 1, 256),
    (3, 16, 1, 256),
    (3, 1, 1, 256),
    (3, 1, 1, 256),
    (4, 1, -2, 128),
    (3, 1, 1, 128),
    (4, 1, -2, 64),
    (3, 1, 1, 32),
    (3, 1, 1, 3),
]


def test_layers_are_those_of_table_1():
    rows = []
    for module in GlobalLocalGenerator().modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            sign = -1 if isinstance(module, nn.ConvTranspose2d) else 1
            rows.append(
                (
                    module.kernel_size[0],
                    module.dilation[0],
                    sign * module.stride[0],
                    module.out_channels,
                )
            )
    assert rows == TABLE


def test_batch_norm_and_relu_follow_each_layer_but_the_last():
    *layers, last = GlobalLocalGenerator(base_channels=4).layers
    assert len(layers) == 16
    for layer in layers:
        assert isinstance(layer.norm, nn.BatchNorm2d) and isinstance(layer.activate, nn.ReLU)
    assert type(last) is nn.Conv2d


@pytest.mark.parametrize('size', [(32, 32), (20, 36), (4, 4)])
def test_any_side_that_the_factor_divides(size):
    generator = GlobalLocalGenerator(base_channels=4)
    assert generator.downsample_factor == 4
    output = generator(torch.rand(2, 3, *size), torch.zeros(2, 1, *size))
    assert output.shape == (2, 3, *size)
    assert output.abs().max() <= 1


@pytest.mark.parametrize('position', [0, 1])
def test_image_and_mask_matter(position):
    generator = GlobalLocalGenerator(base_channels=4)
    arguments = [torch.rand(2, 3, 32, 32), torch.rand(2, 1, 32, 32).round()]
    before = generator(*arguments)
    arguments[position] = 1 - arguments[position]
    assert not torch.equal(before, generator(*arguments))
