import pytest
import torch
from torch import nn

from boostgan_plugin.models import GlobalLocalCritic, GlobalLocalDiscriminator
from boostgan_plugin.models.crops import crop_around_hole

SMALL = dict(image_size=32, base_channels=4, max_channels=8)


@pytest.fixture
def images():
    return torch.rand(3, 3, 32, 32) * 2 - 1


@pytest.fixture
def mask():
    """Holes in a corner, in the middle and in another corner."""
    mask = torch.zeros(3, 1, 32, 32)
    mask[0, :, :8, :8] = mask[1, :, 12:20, 12:20] = mask[2, :, 28:, 2:6] = 1
    return mask


@pytest.mark.parametrize('size', [16, 32, 64])
def test_shapes(size):
    images, mask = torch.rand(3, 3, size, size), torch.zeros(3, 1, size, size)
    small = dict(image_size=size, base_channels=4, max_channels=8)
    assert GlobalLocalDiscriminator(features=8, **small)(images, mask).shape == (3, 1)
    assert GlobalLocalCritic(**small)(images, mask).shape == (3, 2)


def test_local_critics_do_not_see_beyond_the_crop(images, mask):
    critic = GlobalLocalCritic(**SMALL)
    seen = torch.zeros(1, 1, 32, 32)
    seen[..., :16, :16] = 1
    other = torch.where(seen > 0, images, -images)
    before, after = critic(images, mask)[0], critic(other, mask)[0]
    assert before[0] != after[0] and before[1] == after[1]
    before, after = critic(images, mask)[0], critic(torch.where(seen > 0, -images, images), mask)[0]
    assert before[0] != after[0] and before[1] != after[1]


def test_the_scores_are_of_the_whole_and_of_the_crop(images, mask):
    critic = GlobalLocalCritic(**SMALL)
    scores = critic(images, mask)
    assert torch.allclose(scores[:, :1], critic.overall(images))
    assert torch.allclose(scores[:, 1:], critic.local(crop_around_hole(images, mask, 16)))


def test_a_critic_scores_each_sample_by_itself(images, mask):
    critic = GlobalLocalCritic(**SMALL).train()
    together = critic(images, mask)
    for index in range(3):
        alone = critic(images[index : index + 1], mask[index : index + 1])
        assert torch.allclose(together[index : index + 1], alone, atol=1e-6)


def test_both_branches_have_a_say_in_the_joined_decision(images, mask):
    """By the gradient of its logit, with the vector of the whole image and without."""
    discriminator = GlobalLocalDiscriminator(features=8, **SMALL).eval()

    def reached():
        given = images.clone().requires_grad_()
        discriminator(given, mask)[0].sum().backward()
        return given.grad[0].any(0)

    assert reached()[:16, :16].any() and reached()[16:, 16:].any()
    nn.init.zeros_(discriminator.join.weight[:, :8])
    assert reached()[:16, :16].any()
    assert not reached()[16:].any() and not reached()[:, 16:].any()


def test_branches_are_those_of_the_paper():
    """Iizuka et al. 2017, Table 2, at 256 px: both lead to vectors of 1024."""
    discriminator = GlobalLocalDiscriminator()
    widths = {}
    for name in ('overall', 'local'):
        convolutions = [
            module
            for module in getattr(discriminator, name).modules()
            if isinstance(module, nn.Conv2d)
        ]
        assert {(conv.kernel_size, conv.stride) for conv in convolutions} == {((5, 5), (2, 2))}
        widths[name] = [conv.out_channels for conv in convolutions]
    assert widths == dict(overall=[64, 128, 256, 512, 512, 512], local=[64, 128, 256, 512, 512])
    assert discriminator.join.in_features == 2048 and discriminator.local_size == 128


@pytest.mark.parametrize('network', [GlobalLocalDiscriminator, GlobalLocalCritic])
@pytest.mark.parametrize('size', [8, 60])
def test_sizes_they_cannot_be_built_for(network, size):
    with pytest.raises(ValueError, match='image_size='):
        network(image_size=size)
