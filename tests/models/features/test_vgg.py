import pytest
import torch
import torch.nn.functional as F
from torchvision.models import vgg16
from torchvision.transforms.functional import normalize

from boostgan_plugin.models import VGG16Features


def small_random(value):
    """Weights of any shape over a handful of numbers, each row shifted by one.

    They share what they are saved from: 528 MB on disk become a few hundred kB.
    """
    numbers = torch.randn(sum(value.shape)) * (2 / max(value[0].numel(), 1)) ** 0.5
    return numbers.as_strided(value.shape, [1] * value.ndim)


@pytest.fixture(scope='module')
def both(tmp_path_factory):
    """Ours, and what torchvision itself makes of the same weights."""
    torch.manual_seed(0)
    network = vgg16(weights=None, init_weights=False).eval()
    weights = {name: small_random(value) for name, value in network.state_dict().items()}
    network.load_state_dict(weights)
    path = tmp_path_factory.mktemp('vgg') / 'vgg16.pth'
    torch.save(weights, path)
    return VGG16Features(path), network


@pytest.fixture
def features(both):
    return both[0]


@pytest.fixture
def network(both):
    return both[1]


def normalised(images):
    return normalize((images + 1) / 2, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


def near(first, second):
    """Relative to the largest, as random weights give values of any size."""
    return (first - second).abs().max() < 1e-5 * second.abs().max()


def test_stages_are_the_first_three_pools_of_torchvisions_network(features, network):
    images = torch.rand(2, 3, 32, 48) * 2 - 1
    maps = features.stages(images)
    assert [value.shape for value in maps] == [(2, 64, 16, 24), (2, 128, 8, 12), (2, 256, 4, 6)]
    for layers, value in zip((5, 10, 17), maps, strict=True):
        assert near(value, network.features[:layers](normalised(images)))


@torch.no_grad()
def test_vectors_are_torchvisions_second_connected_layer(features, network):
    images = torch.rand(2, 3, 224, 224) * 2 - 1
    vectors = features.vectors(images)
    first, relu, _, second = network.classifier[:4]
    pooled = network.avgpool(network.features(normalised(images))).flatten(1)
    expected = relu(second(relu(first(pooled))))
    assert vectors.shape == (2, 4096) and expected.any()
    assert near(vectors, expected)
    smaller = F.interpolate(images, (100, 80))
    assert features.vectors(smaller).shape == (2, 4096)


def test_it_is_frozen_and_passes_gradients_to_the_images(features):
    features.train()
    assert not any(module.training for module in features.modules())
    assert not any(parameter.requires_grad for parameter in features.parameters())
    images = torch.rand(1, 3, 32, 32).requires_grad_()
    features.stages(images)[-1].square().mean().backward()
    assert images.grad.isfinite().all() and images.grad.any()


def test_a_file_that_is_not_there_or_does_not_fit_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match='nowhere.pth'):
        VGG16Features(tmp_path / 'nowhere.pth')
    torch.save(torch.nn.Linear(2, 2).state_dict(), tmp_path / 'other.pth')
    with pytest.raises(ValueError, match='does not fit'):
        VGG16Features(tmp_path / 'other.pth')
