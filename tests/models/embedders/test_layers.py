from functools import partial

import pytest
import torch
from torch import nn

from boostgan_plugin.models import AttributeEmbedder, SegmentationEmbedder
from boostgan_plugin.models.embedders.layers import outputs_of_layers
from tests.conftest import ATTRIBUTES, CLASSES, CLASSIFIER, SEGMENTOR, SIZE

LAYERS = dict(
    attribute=['backbone.layer1', 'backbone.layer3'],
    segmentation=['backbone.encoder.0', 'backbone.encoder.1', 'decode_head.convs'],
)


@pytest.fixture(params=LAYERS)
def embedder_and_layers(request, checkpoints):
    embedders = dict(
        attribute=partial(AttributeEmbedder, CLASSIFIER, checkpoints['classifier'], ATTRIBUTES),
        segmentation=partial(SegmentationEmbedder, SEGMENTOR, checkpoints['segmentor'], CLASSES),
    )
    return embedders[request.param](), LAYERS[request.param]


def hooks_of(network):
    return [hook for module in network.modules() for hook in module._forward_hooks]


def test_features_are_what_the_layers_of_the_network_give(embedder_and_layers):
    embedder, layers = embedder_and_layers
    images, expected = torch.rand(2, 3, SIZE, SIZE) * 2 - 1, {}
    handles = [
        embedder.network.get_submodule(name).register_forward_hook(
            lambda _, args, out, name=name: expected.update({name: out})
        )
        for name in layers
    ]
    with torch.no_grad():
        embedder._run(embedder.network, embedder._normalise(images))
    for handle in handles:
        handle.remove()
    for found, name in zip(embedder.features(images, layers), layers, strict=True):
        torch.testing.assert_close(found, expected[name], atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize('half', [False, True])
def test_gradients_reach_the_images_and_nothing_else(embedder_and_layers, half):
    embedder, layers = embedder_and_layers
    images = torch.rand(1, 3, SIZE, SIZE, requires_grad=True)
    with torch.autocast('cpu', torch.bfloat16, enabled=half):
        for features in embedder.features(images, layers):
            (gradient,) = torch.autograd.grad(features.square().sum(), images, retain_graph=True)
            assert gradient.abs().max() > 0
    copies = [embedder.network, *embedder._copies.values()]
    assert not any(weight.requires_grad for copy in copies for weight in copy.parameters())


def test_an_embedder_reads_on_as_before(embedder_and_layers):
    embedder, layers = embedder_and_layers
    images = torch.rand(1, 3, SIZE, SIZE)
    before = embedder(images)
    embedder.features(images, layers)
    assert torch.equal(embedder(images), before)


# The function alone


@pytest.fixture
def network():
    return nn.ModuleDict(dict(trunk=nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 4), nn.ReLU())))


def run(network):
    return network['trunk'](torch.ones(1, 2))


def test_what_comes_after_the_last_layer_is_not_run(network):
    ran = []
    for name, module in network['trunk'].named_children():
        module.register_forward_pre_hook(lambda _, args, name=name: ran.append(name))
    (output,) = outputs_of_layers(network, ['trunk.1'], run)
    assert output.shape == (1, 4) and ran == ['0', '1']


@pytest.mark.parametrize(
    ('layers', 'message'),
    [
        (['trunk.0', 'trunk.7'], 'has no layer trunk.7; it has trunk.0, trunk.1, trunk.2'),
        (['trunk.1', 'trunk.0'], 'trunk.1 did not run up to trunk.0'),
    ],
)
def test_layers_that_cannot_be_had_are_named(network, layers, message):
    with pytest.raises(ValueError, match=message):
        outputs_of_layers(network, layers, run)
    assert not hooks_of(network)


def test_no_hook_is_left_behind(network):
    outputs_of_layers(network, ['trunk.0', 'trunk.1'], run)
    assert not hooks_of(network)
    network['trunk'].append(nn.Linear(7, 1))  # It does not fit.
    with pytest.raises(RuntimeError):
        outputs_of_layers(network, ['trunk.0', 'trunk.3'], run)
    assert not hooks_of(network)
