"""The layer against equations (1) and (2) of Liu et al. 2018, window by window."""

import numpy as np
import pytest
import torch
from torch import nn

from boostgan_plugin.models import PartialConvUNet
from boostgan_plugin.models.generators.partial_conv_unet import PartialConv2d


def slow_partial_conv(conv, features, known):
    """One sample: features and known (C, H, W) -> x' (C', H', W') and m' (H', W'), in float64."""
    weight = conv.weight.detach().numpy()
    bias = np.zeros(len(weight)) if conv.bias is None else conv.bias.detach().numpy()
    (kernel_h, kernel_w), (step_h, step_w) = conv.kernel_size, conv.stride
    border = [(0, 0), *((padding, padding) for padding in conv.padding)]
    features, known = np.pad(features, border), np.pad(known, border)
    rows = range(0, features.shape[1] - kernel_h + 1, step_h)
    columns = range(0, features.shape[2] - kernel_w + 1, step_w)
    answer = np.zeros((len(weight), len(rows), len(columns)))
    seen = np.zeros(answer.shape[1:])
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            x = features[:, row : row + kernel_h, column : column + kernel_w]
            m = known[:, row : row + kernel_h, column : column + kernel_w]
            if m.sum() > 0:
                for channel in range(len(weight)):
                    total = (weight[channel] * x * m).sum()
                    answer[channel, i, j] = total * m.size / m.sum() + bias[channel]
                seen[i, j] = 1
    return answer, seen


@pytest.mark.parametrize(
    'options',
    [
        dict(kernel_size=3, padding=1),
        dict(kernel_size=3, stride=2, padding=1),
        dict(kernel_size=7, stride=2, padding=3),
        dict(kernel_size=5, stride=2, padding=2, bias=False),
        dict(kernel_size=3, bias=False),
        dict(kernel_size=(3, 5), stride=(1, 2), padding=(0, 2)),
    ],
    ids=str,
)
@pytest.mark.parametrize('mask_channels', [1, 3])
@pytest.mark.parametrize('share_known', [0.05, 0.5])
def test_output_and_mask_agree_with_a_slow_reference(options, mask_channels, share_known):
    conv = PartialConv2d(3, 4, **options).double()
    features = torch.randn(2, 3, 11, 14).double()
    known = (torch.rand(2, mask_channels, 11, 14) < share_known).double()
    output, seen = conv(features, known)
    assert seen.shape == (2, 1, *output.shape[2:])
    for index in range(2):
        expected, expected_seen = slow_partial_conv(
            conv, features[index].numpy(), known[index].expand(3, -1, -1).numpy()
        )
        assert np.array_equal(seen[index, 0].numpy(), expected_seen)
        assert output[index].detach().numpy() == pytest.approx(expected, abs=1e-5)


def test_where_all_is_known_it_is_a_convolution():
    conv = PartialConv2d(3, 4, 3)
    features = torch.randn(2, 3, 8, 8)
    output, seen = conv(features, torch.ones(2, 1, 8, 8))
    assert torch.allclose(output, nn.Conv2d.forward(conv, features), atol=1e-6)
    assert seen.all()


def test_a_layer_does_not_see_what_is_unknown():
    conv = PartialConv2d(3, 4, 5, padding=2)
    known = torch.rand(2, 3, 8, 8).round()
    features = torch.randn(2, 3, 8, 8)
    other = torch.where(known > 0, features, 100 * torch.randn(2, 3, 8, 8))
    assert torch.equal(conv(features, known)[0], conv(other, known)[0])


@pytest.fixture
def unet():
    return PartialConvUNet(levels=3, base_channels=4, max_channels=8)


@pytest.mark.parametrize('size', [(32, 32), (40, 64)])
def test_any_side_that_the_factor_divides(unet, size):
    assert unet.downsample_factor == 8
    output = unet(torch.rand(2, 3, *size), torch.rand(2, 1, *size).round())
    assert output.shape == (2, 3, *size)
    assert output.abs().max() <= 1


def test_the_network_does_not_see_the_hole(unet):
    mask = torch.zeros(2, 1, 32, 32)
    mask[..., 8:24, 8:24] = 1
    images = torch.rand(2, 3, 32, 32)
    other = torch.where(mask > 0, torch.rand(2, 3, 32, 32), images)
    assert torch.equal(unet(images, mask), unet(other, mask))
    elsewhere = torch.where(mask > 0, images, torch.rand(2, 3, 32, 32))
    assert not torch.equal(unet(images, mask), unet(elsewhere, mask))


def test_a_hole_too_large_to_be_closed_stays_empty(unet):
    images = torch.rand(1, 3, 32, 32)
    assert not unet(images, torch.ones(1, 1, 32, 32)).any()
    mask = torch.ones(1, 1, 32, 32)
    mask[..., 0, 0] = 0
    output = unet.eval()(images, mask)
    assert output[..., 0, 0].all() and not output[..., -1, -1].any()


def test_layers_are_those_of_the_paper():
    """Liu et al. 2018, 3.2, at the depth for 512 px."""
    unet = PartialConvUNet(levels=8)
    assert unet.downsample_factor == 256
    encoder, decoder = ([layer.conv for layer in part] for part in (unet.encoder, unet.decoder))
    assert [conv.kernel_size[0] for conv in encoder] == [7, 5, 5, 3, 3, 3, 3, 3]
    assert [conv.out_channels for conv in encoder] == [64, 128, 256, 512, 512, 512, 512, 512]
    assert {conv.stride for conv in encoder} == {(2, 2)}
    assert {(conv.kernel_size, conv.stride) for conv in decoder} == {((3, 3), (1, 1))}
    assert [(conv.in_channels, conv.out_channels) for conv in reversed(decoder)] == [
        (1024, 512),
        (1024, 512),
        (1024, 512),
        (1024, 512),
        (768, 256),
        (384, 128),
        (192, 64),
        (67, 3),
    ]
    for part in (unet.encoder, unet.decoder):
        assert [isinstance(layer.norm, nn.BatchNorm2d) for layer in part] == [False] + 7 * [True]
    assert {type(layer.activation) for layer in unet.encoder} == {nn.ReLU}
    assert {layer.activation.negative_slope for layer in unet.decoder[1:]} == {0.2}


def test_gradients_reach_every_layer(unet):
    mask = torch.zeros(2, 1, 32, 32)
    mask[..., 8:24, 8:24] = 1
    unet(torch.rand(2, 3, 32, 32), mask).square().mean().backward()
    assert all(
        parameter.grad is not None and parameter.grad.any() for parameter in unet.parameters()
    )
