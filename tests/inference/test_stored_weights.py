import pytest
import torch

from boostgan_plugin.inference.stored_weights import SCALE, in_use, round_as_stored, stored


def random(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(7))


@pytest.mark.parametrize('shape', [(16, 32, 3, 3), (64, 64)])
def test_large_weights_are_in_8_bits(shape):
    # Channels of all sizes: one scale for all would leave nothing of the small ones.
    weight = random(*shape) * torch.logspace(-4, 4, shape[0]).view(-1, *[1] * (len(shape) - 1))
    tensors = stored(dict(weight=weight))
    values, scale = tensors['weight'], tensors['weight' + SCALE]
    assert (values.dtype, values.shape) == (torch.int8, weight.shape)
    assert (scale.dtype, scale.shape) == (torch.float32, (shape[0], *[1] * (len(shape) - 1)))
    assert values.flatten(1).abs().amax(1).eq(127).all() and values.min() >= -127
    back = in_use(tensors, 'here')
    assert back.keys() == {'weight'}
    error = (back['weight'] - weight).flatten(1).abs().amax(1)
    largest = weight.flatten(1).abs().amax(1)
    assert (error <= largest / 253).all()


@pytest.mark.parametrize(
    ('weight', 'kind'),
    [
        (random(63, 65), torch.float16),
        (random(5000), torch.float16),
        (random(64, 64).long(), torch.int64),
        (random(8).fill_(1e6), torch.float32),
        (random(64, 64).fill_(torch.inf), torch.float32),
    ],
)
def test_others_are_not(weight, kind):
    tensors = stored(dict(weight=weight))
    assert tensors.keys() == {'weight'} and tensors['weight'].dtype == kind
    torch.testing.assert_close(
        in_use(tensors, 'here')['weight'].to(weight), weight, rtol=1e-3, atol=1e-3
    )


def test_a_channel_of_nothing():
    weight = random(64, 64)
    weight[3], weight[4] = 0, 1e-44
    back = in_use(stored(dict(weight=weight)), 'here')['weight']
    assert back[3].eq(0).all() and back[4].abs().max() <= 1e-37
    assert back.isfinite().all()


def test_what_was_rounded_stays():
    weights = dict(weight=random(64, 100), bias=random(64))
    once = in_use(stored(weights), 'here')
    again = in_use(stored(once), 'here')
    for name in weights:
        torch.testing.assert_close(again[name].float(), once[name].float(), rtol=1e-6, atol=0)


def test_names_that_look_like_scales_are_only_names():
    weights = {'weight': random(8).half(), 'weight' + SCALE: random(8)}
    assert in_use(weights, 'here').keys() == weights.keys()


@pytest.mark.parametrize(
    'scale', [torch.ones(63, 1), torch.ones(64), torch.ones(64, 64), torch.ones(64, 1).half()]
)
def test_scales_that_do_not_fit(scale):
    tensors = stored(dict(weight=random(64, 64)))
    tensors['weight' + SCALE] = scale
    with pytest.raises(ValueError, match='here: weight .64, 64. has scales of another kind'):
        in_use(tensors, 'here')


def test_a_network_with_rounded_weights():
    torch.manual_seed(0)
    network = torch.nn.Linear(64, 64)
    before = network.weight.detach().clone()
    assert round_as_stored(network) is network
    off = (network.weight - before).abs().max()
    assert 0 < off < 1e-3
