import pytest
import torch
from torch import nn

from boostgan_plugin.datasets.face_renderer import render_face
from boostgan_plugin.models import EfficientNetLiteBackbone, EfficientNetLiteFeatures
from boostgan_plugin.models.features.feature_network import resized


@pytest.fixture(scope='module')
def features():
    return EfficientNetLiteFeatures()


def faces(count, size):
    """(N, 3, H, W), RGB in [-1, 1]."""
    images = [torch.from_numpy(render_face(index, size).image) for index in range(count)]
    return torch.stack(images).permute(0, 3, 1, 2).flip(1) / 127.5 - 1


@pytest.mark.parametrize(('height', 'width'), [(64, 64), (32, 48)])
def test_stages_have_half_a_quarter_and_an_eighth_of_the_size(features, height, width):
    shapes = [maps.shape for maps in features.stages(torch.rand(2, 3, height, width))]
    assert shapes == [
        (2, 16, height // 2, width // 2),
        (2, 24, height // 4, width // 4),
        (2, 40, height // 8, width // 8),
    ]


@pytest.mark.parametrize('size', [(224, 224), (48, 64)])
def test_one_vector_for_each_image_of_any_size(features, size):
    assert features.vectors(torch.rand(2, 3, *size)).shape == (2, 1280)


def test_stages_and_vectors_are_those_of_the_package(features):
    """Its own reading of the pixel values as its weights were trained: (v - 127) / 128."""
    network, images = features.network, faces(2, 224)
    values = (images + 1) * 127.5
    expected = network.extract_features((values - 127) / 128)
    assert torch.allclose(features.vectors(images), expected.mean((2, 3)), atol=1e-4)
    onward = features.stages(images)[-1]
    for block in network._blocks[5:]:
        onward = block(onward)
    onward = network._swish(network._bn1(network._conv_head(onward)))
    assert torch.allclose(onward, expected, atol=1e-4)


def test_it_stays_frozen_inside_a_model_in_training(features):
    model = nn.Sequential(features).train()
    assert model.training
    assert not any(module.training for module in features.modules())
    assert not any(parameter.requires_grad for parameter in features.parameters())
    images = faces(2, 64)
    before = features.vectors(images)
    features.stages(torch.rand(4, 3, 64, 64))
    assert torch.equal(features.vectors(images), before)


def test_gradients_reach_the_images(features):
    for read in (features.vectors, lambda images: features.stages(images)[-1]):
        images = faces(1, 64).requires_grad_()
        read(images).square().sum().backward()
        assert images.grad.isfinite().all() and images.grad.any()


def test_an_image_is_nearest_to_its_own_noisy_copy(features):
    originals = faces(6, 64)
    noisy = originals + 0.05 * torch.randn_like(originals)
    for read in (features.vectors, lambda images: features.stages(images)[-1].flatten(1)):
        distances = torch.cdist(read(noisy), read(originals))
        assert distances.argmin(1).tolist() == list(range(6))


def test_a_image_is_known_at_another_size(features):
    distances = torch.cdist(features.vectors(faces(6, 128)), features.vectors(faces(6, 96)))
    assert distances.argmin(1).tolist() == list(range(6))


def test_images_are_smoothed_where_they_get_smaller():
    stripes = -torch.ones(1, 1, 16, 16)
    stripes[..., ::4] = 1
    assert resized(stripes, 16) is stripes
    smaller = resized(stripes, 4)
    assert smaller.shape == (1, 1, 4, 4)
    assert (smaller[..., 1:-1] + 0.5).abs().max() < 0.1  # their mean


def test_weights_that_are_not_there_or_do_not_fit_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match='nowhere.pth'):
        EfficientNetLiteFeatures(checkpoint=tmp_path / 'nowhere.pth')
    torch.save(nn.Linear(2, 2).state_dict(), tmp_path / 'other.pth')
    with pytest.raises(ValueError, match='does not fit'):
        EfficientNetLiteFeatures(checkpoint=tmp_path / 'other.pth')


def test_backbone_gives_the_same_features_at_all_levels(features):
    backbone = EfficientNetLiteBackbone().train()
    images = faces(2, 64)
    maps = backbone(((images + 1) * 127.5 - 127) / 128)
    assert [tuple(features.shape[1:]) for features in maps] == [
        (16, 32, 32),
        (24, 16, 16),
        (40, 8, 8),
        (112, 4, 4),
        (320, 2, 2),
    ]
    for first, second in zip(maps, features.stages(images)):
        torch.testing.assert_close(first, second)
    assert not any(parameter.requires_grad for parameter in backbone.parameters())
    assert not any(module.training for module in backbone.modules())


def test_backbone_enlarges_small_images():
    maps = EfficientNetLiteBackbone(scale=2)(faces(1, 32))
    assert maps[0].shape == (1, 16, 32, 32)
