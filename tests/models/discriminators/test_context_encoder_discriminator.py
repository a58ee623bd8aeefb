import pytest
import torch

from boostgan_plugin.models import ContextEncoderDiscriminator


@pytest.mark.parametrize('size', [8, 32, 64])
def test_one_logit_for_each_image(size):
    discriminator = ContextEncoderDiscriminator(size, base_channels=4, max_channels=8)
    images = torch.rand(3, 3, size, size)
    assert discriminator(images).shape == (3, 1)
    assert discriminator.trunk(images).shape[2:] == (4, 4)


def test_every_pixel_matters():
    images = torch.rand(2, 3, 32, 32, requires_grad=True)
    ContextEncoderDiscriminator(32, base_channels=4).eval()(images).sum().backward()
    assert images.grad.abs().sum(1).all()


def test_sizes_it_cannot_be_built_for():
    with pytest.raises(ValueError, match='image_size=60'):
        ContextEncoderDiscriminator(60)
