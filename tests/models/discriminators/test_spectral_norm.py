from copy import deepcopy

import pytest
import torch
import torch.nn.functional as F

from boostgan_plugin.models.discriminators.spectral_norm import (
    SpectralNormConv2d,
    SpectralNormLinear,
)

FORMATS = [torch.contiguous_format, torch.channels_last]


@pytest.fixture(params=['conv', 'conv channels last', 'linear'])
def layer_and_input(request):
    if request.param == 'linear':
        return SpectralNormLinear(12, 7), torch.randn(5, 12)
    layer = SpectralNormConv2d(3, 6, 4, stride=2, padding=1)
    if request.param.endswith('last'):
        layer = layer.to(memory_format=torch.channels_last)
    return layer, torch.randn(2, 3, 8, 8)


def settled(layer, features):
    for _ in range(200):
        layer(features)
    return layer


def plain(layer, features, weight):
    if isinstance(layer, SpectralNormLinear):
        return F.linear(features, weight, layer.bias)
    return F.conv2d(features, weight, layer.bias, stride=2, padding=1)


def test_is_the_layer_with_its_weight_divided_by_the_largest_singular_value(layer_and_input):
    layer, features = layer_and_input
    torch.nn.init.normal_(layer.bias)
    torch.nn.init.normal_(layer.weight)
    settled(layer, features)
    sigma = torch.linalg.svdvals(layer.weight.flatten(1))[0]
    expected = plain(layer, features, layer.weight / sigma)
    torch.testing.assert_close(layer(features), expected, atol=1e-5, rtol=1e-5)
    assert sigma.item() != pytest.approx(1, abs=0.1)


def test_gradients_are_those_through_the_divided_weight(layer_and_input):
    """Against autograd through an SVD, in float64."""
    layer, features = layer_and_input
    layer, features = settled(layer.double(), features.double()), features.double()
    weighting = torch.randn_like(layer(features))
    (layer(features) * weighting).sum().backward()
    weight = layer.weight.detach().clone().requires_grad_()
    sigma = torch.linalg.svdvals(weight.flatten(1))[0]
    (plain(layer, features, weight / sigma) * weighting).sum().backward()
    torch.testing.assert_close(layer.weight.grad, weight.grad, atol=1e-9, rtol=1e-7)


def test_the_iteration_moves_only_where_the_weight_is_trained(layer_and_input):
    layer, features = layer_and_input
    before = layer.left.clone()
    layer.eval()(features)
    layer.train().requires_grad_(False)(features)
    with torch.no_grad():
        layer.requires_grad_(True)(features)
    assert torch.equal(layer.left, before)
    layer(features)
    assert not torch.equal(layer.left, before)


def test_two_forwards_before_one_backward(layer_and_input):
    layer, features = layer_and_input
    (layer(features) + layer(features)).sum().backward()
    assert torch.isfinite(layer.weight.grad).all()


def test_shares_of_the_channels_make_the_layer_on_all_of_them():
    """In each step of a training, too: one norm, and one power iteration."""
    layer = SpectralNormConv2d(5, 6, 4, stride=2, padding=1)
    torch.nn.init.normal_(layer.bias)
    features = torch.randn(2, 5, 8, 8)
    twin = deepcopy(layer)
    first, second = slice(None, 3), slice(3, None)
    for _ in range(3):
        contributions = (layer.contribution(features[:, part], part) for part in (first, second))
        torch.testing.assert_close(layer.joined(sum(contributions)), twin(features))
    assert torch.equal(layer.left, twin.left)


def test_shares_keep_the_precision_of_autocast():
    layer = SpectralNormConv2d(5, 6, 4, stride=2, padding=1)
    with torch.autocast('cpu', torch.bfloat16):
        contribution = layer.contribution(torch.randn(2, 5, 8, 8), slice(None))
        assert contribution.dtype == layer.joined(contribution).dtype == torch.bfloat16
