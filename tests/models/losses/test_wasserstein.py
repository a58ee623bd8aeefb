import numpy as np
import pytest
import torch
from torch import nn

from boostgan_plugin.models.losses.wasserstein import critic_loss, gradient_penalty


@pytest.fixture
def critic():
    """Two scores of 6 px images; smooth, so that second derivatives are there and not 0."""
    return nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.Softplus(), nn.Flatten(), nn.Linear(4 * 16, 2)
    ).double()


@pytest.fixture
def images():
    return torch.randn(2, 5, 3, 6, 6).double()


@pytest.fixture
def mask():
    mask = torch.rand(5, 1, 6, 6).round().double()
    mask[:, :, 0, 0] = 1
    return mask


def slow_penalty(critic, real, generated, mask, ratio):
    """Sample by sample and critic by critic."""
    total = 0
    for index in range(len(real)):
        t = ratio[index].item()
        between = ((1 - t) * real[index] + t * generated[index]).requires_grad_()
        for score in critic(between[None])[0]:
            (gradient,) = torch.autograd.grad(score, between, retain_graph=True)
            gradient = gradient.numpy() * mask[index].numpy()
            total += (np.sqrt((gradient**2).sum()) - 1) ** 2
    return total / len(real)


def test_critic_loss_sums_over_the_critics():
    real, generated = torch.randn(2, 4, 2)
    expected = sum(generated[:, k].mean() - real[:, k].mean() for k in (0, 1))
    assert critic_loss(real, generated).item() == pytest.approx(expected.item(), abs=1e-6)


def test_penalty_agrees_with_a_slow_reference(critic, images, mask):
    ratio = torch.rand(5, 1, 1, 1).double()
    penalty = gradient_penalty(critic, *images, mask, ratio)
    assert penalty.item() == pytest.approx(slow_penalty(critic, *images, mask, ratio), rel=1e-10)


@pytest.mark.parametrize('scale', [0.1, 1.0, 5.0])
def test_penalty_of_a_linear_critic_is_known(images, mask, scale):
    """Its gradient is the weight wherever it is taken, so the norm is that in the hole."""
    weight = scale * torch.randn(3, 6, 6).double()
    penalty = gradient_penalty(
        lambda x: (x * weight).sum((1, 2, 3))[:, None],
        *images,
        mask,
        torch.rand(5, 1, 1, 1).double(),
    )
    norms = [np.sqrt(((weight * hole).numpy() ** 2).sum()) for hole in mask]
    assert penalty.item() == pytest.approx(np.mean([(norm - 1) ** 2 for norm in norms]), rel=1e-10)


def test_a_critic_of_slope_1_in_the_hole_is_not_punished(images, mask):
    slope = mask / mask.sum((1, 2, 3), keepdim=True).sqrt() / 3**0.5
    penalty = gradient_penalty(
        lambda x: (x * (slope + 7 * (1 - mask))).sum((1, 2, 3))[:, None],
        *images,
        mask,
        torch.rand(5, 1, 1, 1).double(),
    )
    assert penalty.item() == pytest.approx(0, abs=1e-12)


def test_the_penalty_has_the_gradients_of_finite_differences(critic, images, mask):
    ratio = torch.rand(5, 1, 1, 1).double()

    def penalty():
        return gradient_penalty(critic, *images, mask, ratio)

    penalty().backward()
    for layer, place in ((critic[0], (1, 2, 0, 1)), (critic[3], (1, 20))):
        ends = []
        for step in (1e-5, -2e-5):
            layer.weight.data[place] += step
            ends.append(penalty().item())
        layer.weight.data[place] += 1e-5
        expected = (ends[0] - ends[1]) / 2e-5
        assert abs(expected) > 1e-4
        assert layer.weight.grad[place].item() == pytest.approx(expected, rel=1e-5)


def test_the_generator_gets_no_gradient_from_the_penalty(critic, images, mask):
    generated = images[1].clone().requires_grad_()
    gradient_penalty(critic, images[0], generated, mask, torch.rand(5, 1, 1, 1).double()).backward()
    assert generated.grad is None


def test_a_sample_without_a_hole_has_penalty_1_and_no_gradient(critic, images):
    penalty = gradient_penalty(
        critic, *images, torch.zeros(5, 1, 6, 6).double(), torch.rand(5, 1, 1, 1).double()
    )
    penalty.backward()
    assert penalty.item() == 2  # of two critics
    assert not any(
        parameter.grad is not None and parameter.grad.any() for parameter in critic.parameters()
    )
