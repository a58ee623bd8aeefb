"""Copies that read as the network does, only cheaper."""

from copy import deepcopy

from mmengine.registry import MODELS as ROOT_MODELS
import pytest
import torch
from torch import nn

from boostgan_plugin.models import AttributeEmbedder, SegmentationEmbedder
from boostgan_plugin.models.embedders.frozen_copy import frozen_copy
from tests.conftest import ATTRIBUTES, CLASSES, CLASSIFIER, COMPLETER, SEGMENTOR, SIZE

SEGFORMER = dict(
    type='EncoderDecoder',
    data_preprocessor=dict(type='SegDataPreProcessor'),
    backbone=dict(
        type='MixVisionTransformer',
        embed_dims=8,
        num_stages=2,
        num_layers=[1, 1],
        num_heads=[1, 2],
        patch_sizes=[7, 3],
        strides=[4, 2],
        sr_ratios=[2, 1],
        out_indices=(0, 1),
        mlp_ratio=2,
    ),
    decode_head=dict(
        type='SegformerHead',
        in_channels=[8, 16],
        in_index=[0, 1],
        channels=8,
        num_classes=4,
        norm_cfg=dict(type='BN'),
        loss_decode=dict(type='CrossEntropyLoss'),
    ),
    train_cfg=dict(),
    test_cfg=dict(mode='whole'),
)


def forget_initial_statistics(network: nn.Module) -> nn.Module:
    """Batch norms that do something, as after a training."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_()
            module.running_var.uniform_(0.5, 2)
            nn.init.uniform_(module.weight, 0.5, 2)
            nn.init.normal_(module.bias)
    return network.eval()


def encode_decode(network: nn.Module, images: torch.Tensor) -> torch.Tensor:
    meta = dict.fromkeys(('img_shape', 'pad_shape', 'ori_shape'), tuple(images.shape[2:]))
    return network.encode_decode(images, [meta] * len(images))


def classify(network: nn.Module, images: torch.Tensor) -> torch.Tensor:
    return network(images, mode='tensor')


@pytest.mark.parametrize(
    'config, scope, run',
    [
        (CLASSIFIER, 'mmpretrain', classify),
        (SEGMENTOR, 'mmseg', encode_decode),
        (SEGFORMER, 'mmseg', encode_decode),
        (COMPLETER, 'mmseg', encode_decode),
    ],
)
def test_a_copy_reads_the_same_with_fewer_batch_norms(config, scope, run):
    network = forget_initial_statistics(ROOT_MODELS.build(dict(deepcopy(config), _scope_=scope)))
    images = torch.randn(2, 3, SIZE, SIZE)
    images[..., 8:16, 4:20] = 0  # A hole, to those that look for one.
    copy = frozen_copy(network, run, images, None)
    with torch.no_grad():
        torch.testing.assert_close(run(copy, images), run(network, images), atol=1e-4, rtol=1e-4)
    norms = [
        sum(isinstance(module, nn.BatchNorm2d) for module in each.modules())
        for each in (network, copy)
    ]
    assert norms[0] > 0 and norms[1] == 0


class Misleading(nn.Module):
    """The batch norm stands behind the convolution but comes before it."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(3, 3, 3)
        self.norm = nn.BatchNorm2d(3)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.convolution(self.norm(images))


def test_nothing_is_folded_where_that_would_change_what_is_read():
    network = forget_initial_statistics(Misleading())
    images = torch.randn(1, 3, 8, 8)
    copy = frozen_copy(network, lambda each, given: each(given), images, None)
    torch.testing.assert_close(copy(images), network(images))


def test_what_autocast_would_cast_is_cast_once():
    network = forget_initial_statistics(
        ROOT_MODELS.build(dict(deepcopy(SEGFORMER), _scope_='mmseg'))
    )
    images = torch.randn(2, 3, SIZE, SIZE)
    copy = frozen_copy(network, encode_decode, images, torch.bfloat16)
    kinds = {
        type(module).__name__: module.weight.dtype
        for module in copy.modules()
        if getattr(module, 'weight', None) is not None
    }
    assert kinds['Conv2d'] == torch.bfloat16 and kinds['LayerNorm'] == torch.float32
    with torch.no_grad():
        expected = encode_decode(network, images)
        with torch.autocast('cpu', torch.bfloat16):
            found = encode_decode(copy, images).float()
    assert (found - expected).abs().mean() < 0.02 * expected.abs().mean()
    assert all(parameter.dtype == torch.float32 for parameter in network.parameters())


def test_new_weights_are_read_with(checkpoints):
    embedder = AttributeEmbedder(CLASSIFIER, checkpoints['classifier'], ATTRIBUTES)
    images = torch.rand(1, 3, SIZE, SIZE)
    before = embedder(images)
    weights = {
        key: value * 3 if key.endswith('fc.weight') else value
        for key, value in embedder.state_dict().items()
    }
    embedder.load_state_dict(weights)
    assert not torch.equal(embedder(images), before)
    inside = nn.ModuleDict(dict(embedder=embedder))
    inside.load_state_dict(
        {
            f'embedder.{key}': value / 3 if key.endswith('fc.weight') else value
            for key, value in weights.items()
        }
    )
    torch.testing.assert_close(embedder(images), before)


def test_gradients_reach_the_images_in_any_precision(checkpoints):
    embedder = SegmentationEmbedder(SEGMENTOR, checkpoints['segmentor'], CLASSES)
    for enabled in (False, True):
        images = torch.rand(1, 3, SIZE, SIZE, requires_grad=True)
        with torch.autocast('cpu', torch.bfloat16, enabled=enabled):
            embedder.logits(images).square().sum().backward()
        assert images.grad.abs().max() > 0


def test_copies_are_no_part_of_the_model(checkpoints):
    embedder = AttributeEmbedder(CLASSIFIER, checkpoints['classifier'], ATTRIBUTES)
    before = set(embedder.state_dict())
    embedder(torch.rand(1, 3, SIZE, SIZE))
    assert set(embedder.state_dict()) == before
    embedder.double()
    assert embedder(torch.rand(1, 3, SIZE, SIZE).double()).dtype == torch.float32
