import pytest
import torch

from boostgan_plugin.models import AttributeEmbedder, SegmentationEmbedder
from boostgan_plugin.models.losses import SemanticPerceptualLoss
from boostgan_plugin.models.losses.semantic_perceptual import feature_distance
from tests.conftest import ATTRIBUTES, CLASSES, CLASSIFIER, SEGMENTOR, SIZE

LAYERS = dict(attribute=['backbone.layer1', 'backbone.layer2'], segmentation=['backbone.encoder.0'])


@pytest.fixture
def embedders(checkpoints):
    return dict(
        attribute=AttributeEmbedder(CLASSIFIER, checkpoints['classifier'], ATTRIBUTES),
        segmentation=SegmentationEmbedder(SEGMENTOR, checkpoints['segmentor'], CLASSES),
    )


@pytest.fixture
def target():
    return torch.rand(2, 3, SIZE, SIZE) * 2 - 1


@pytest.fixture
def mask():
    mask = torch.zeros(2, 1, SIZE, SIZE)
    mask[..., 8:24, 8:24] = 1
    return mask


def test_feature_distance_is_that_of_unit_vectors():
    """Of vectors at an angle t: 2 - 2 cos t, however long they are."""
    first, second = torch.randn(2, 5, 3, 4).double(), torch.randn(2, 5, 3, 4).double()
    cosine = (first * second).sum(dim=1) / (first.norm(dim=1) * second.norm(dim=1))
    torch.testing.assert_close(feature_distance(3 * first, second), (2 - 2 * cosine).mean())
    assert feature_distance(first.half(), second.half()).dtype == torch.float32


def test_it_is_the_mean_over_layers_per_hole(embedders, target, mask):
    restored = target + 0.3 * mask * torch.randn_like(target)
    distances = [
        feature_distance(
            *(embedders[name].features(each, [layer])[0] for each in (restored, target))
        )
        for name, layers in LAYERS.items()
        for layer in layers
    ]
    expected = torch.stack(distances).mean() / 0.25
    found = SemanticPerceptualLoss(**LAYERS)(embedders, restored, target, mask)
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize('network', LAYERS)
def test_it_is_0_for_equal_images_and_grows(embedders, target, mask, network):
    loss = SemanticPerceptualLoss(**{network: LAYERS[network]})
    noise = torch.randn_like(target)
    distances = [
        loss({network: embedders[network]}, target + ratio * mask * noise, target, mask)
        for ratio in (0, 0.1, 0.3, 1)
    ]
    assert distances[0] == 0
    assert all(near < far for near, far in zip(distances, distances[1:]))


def test_gradients_reach_the_restored_image_alone(embedders, target, mask):
    restored = (target * (1 - mask)).requires_grad_()
    target.requires_grad_()
    SemanticPerceptualLoss(**LAYERS)(embedders, restored, target, mask).backward()
    assert (restored.grad * mask).any() and target.grad is None
    for embedder in embedders.values():
        networks = [embedder.network, *embedder._copies.values()]
        assert all(weight.grad is None for each in networks for weight in each.parameters())


def test_without_any_layer_it_is_refused():
    with pytest.raises(ValueError, match='no layer to compare'):
        SemanticPerceptualLoss()
