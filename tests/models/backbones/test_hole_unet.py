from copy import deepcopy

from mmengine.registry import MODELS as ROOT_MODELS
import numpy as np
import pytest
import torch
import torch.nn.functional as F

from boostgan_plugin.datasets import AttributePlanes
from boostgan_plugin.models import HoleUNet, SegmentationEmbedder
from tests.conftest import CLASSES, COMPLETER


def seen_by(unet):
    """Images and hole (N, 4, H, W), as they enter the first layer."""
    seen = []
    unet.stem.register_forward_pre_hook(
        lambda _, args: seen.append(F.pixel_shuffle(args[0], unet.block))
    )
    return seen


@pytest.mark.parametrize('block', [2, 4])
def test_features_are_at_full_resolution(block):
    unet = HoleUNet((4, 6, 8), block, middle=1, out_channels=5)
    (features,) = unet(torch.randn(2, 3, 32, 48))
    assert features.shape == (2, 5, 32, 48)


@pytest.mark.parametrize('block', [2, 4])
def test_a_hole_is_where_all_channels_are_exactly_0(block):
    unet = HoleUNet((4, 6, 8), block, middle=1)
    hole = torch.rand(2, 1, 16, 32) < 0.3
    images = torch.randn(2, 3, 16, 32).masked_fill(hole, 0)
    images[:, 1, :4] = 0  # One channel alone is a colour.
    seen = seen_by(unet)
    unet(images)
    assert torch.equal(seen[0], torch.cat([images, hole.float()], dim=1))


def test_its_deepest_features_see_the_whole_image():
    unet = HoleUNet((4, 4, 4, 4)).eval()
    images = torch.randn(1, 3, 64, 64, requires_grad=True)
    unet(images)[0][..., 32, 32].sum().backward()
    for y in (slice(0, 8), slice(-8, None)):
        for x in (slice(0, 8), slice(-8, None)):
            assert images.grad[..., y, x].any()


@pytest.fixture
def completer(checkpoints):
    return SegmentationEmbedder(COMPLETER, checkpoints['completer'], CLASSES)


def test_an_embedder_passes_the_hole_on_and_no_pixel_of_8_bits_is_one(completer):
    greys = torch.arange(256.0).view(1, 1, 16, 16).expand(1, 3, -1, -1) / 127.5 - 1
    hole = torch.zeros(1, 1, 16, 16)
    hole[..., 4:9, 3:12] = 1
    seen = seen_by(completer.network.backbone)  # Hooks are copied with the network.
    for mask in (torch.zeros_like(hole), hole):
        completer(greys * (1 - mask))
        assert torch.equal(seen.pop()[:, 3:, :16, :16], mask)


def test_what_is_read_depends_on_the_hole(completer):
    """Beyond what colour it has: a hole in another colour is read otherwise."""
    images = torch.rand(1, 3, 32, 32)
    hole = torch.zeros(1, 1, 32, 32, dtype=torch.bool)
    hole[..., 8:24, 8:24] = True
    with torch.no_grad():
        erased, nearly = (completer.logits(images.masked_fill(hole, grey)) for grey in (0, 1e-4))
    assert (erased - nearly).abs().max() > 0.01 * erased.abs().max()


# Attributes


@pytest.fixture
def listener(checkpoints):
    config = deepcopy(COMPLETER)
    config['data_preprocessor'].update(mean=[127.5], std=[64.0], bgr_to_rgb=False)
    config['backbone'].update(num_attributes=3)
    network = ROOT_MODELS.build(dict(deepcopy(config), _scope_='mmseg'))
    network.init_weights()
    embedder = SegmentationEmbedder(config, None, CLASSES, num_attributes=3)
    embedder.network.load_state_dict(network.state_dict())
    embedder._has_weights = True
    return embedder


def test_an_embedder_says_attributes_as_their_planes_do(listener):
    """What a training pipeline makes of an image and what an embedder makes of it is the same."""
    pixels = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)
    answers = np.array([1, 0, 1], np.float32)
    np.random.seed(0)
    for ratio, override in ((1, answers), (0, None)):
        planes = AttributePlanes(samples=ratio, ratio=1)(dict(img=pixels, gt_score=answers))
        inputs = torch.from_numpy(planes['img'].transpose(2, 0, 1))
        prepared = listener.network.data_preprocessor(dict(inputs=[inputs]))['inputs']
        images = torch.from_numpy(pixels[..., ::-1].copy()).movedim(-1, 0)[None] / 127.5 - 1
        attributes = None if override is None else torch.from_numpy(2 * override - 1)[None]
        torch.testing.assert_close(listener._normalise(images, attributes), prepared)


def test_it_begins_by_not_listening():
    network = HoleUNet(channels=(8, 8), num_attributes=3).eval()
    images = torch.rand(2, 3, 16, 16)
    planes = torch.tensor([1.0, 0, -1]).view(3, 1, 1).expand(2, 3, 16, 16)
    nothing, something = (
        network(torch.cat([images, each], dim=1))[0] for each in (torch.zeros_like(planes), planes)
    )
    assert torch.equal(nothing, something)


def test_what_is_told_changes_what_is_completed(listener):
    images = torch.rand(1, 3, 16, 16) * 2 - 1
    images[..., 4:12, 4:12] = 0
    attributes = torch.tensor([[1.0, 0.0, -1.0]])
    for layer in listener.network.backbone.attributes:
        torch.nn.init.normal_(layer.weight)
    nothing = listener.logits(images)
    listener.output = 'probability'
    assert torch.equal(listener(images), nothing.softmax(1))
    assert torch.equal(listener(images, torch.zeros(1, 3)), nothing.softmax(1))
    assert not torch.equal(listener(images, attributes), nothing.softmax(1))
