import numpy as np
import pytest
import torch

from boostgan_plugin.models.losses import BoostGANPlusLoss
from boostgan_plugin.models.losses.boostgan_plus_loss import hole_weighted_l1

LEVELS = ('overall', 'attribute', 'segmentation')


@pytest.fixture
def images():
    """Output, target and a mask with a hole in one of two images."""
    mask = torch.zeros(2, 1, 4, 5)
    mask[0, :, 1:3, 2:] = 1
    return torch.rand(2, 3, 4, 5) * 2 - 1, torch.rand(2, 3, 4, 5) * 2 - 1, mask


@pytest.mark.parametrize('known', [0, 0.3, 1])
def test_hole_weighted_l1_is_a_mean_that_counts_known_pixels_less(images, known):
    output, target, mask = (each.double().numpy() for each in images)
    errors = weights = 0.0
    for n, c, y, x in np.ndindex(output.shape):
        weight = 1 if mask[n, 0, y, x] else known
        errors += weight * abs(output[n, c, y, x] - target[n, c, y, x])
        weights += weight
    assert hole_weighted_l1(*images, known).item() == pytest.approx(errors / weights, rel=1e-5)


def test_without_weight_on_known_pixels_only_the_hole_is_seen(images):
    output, target, mask = images
    assert hole_weighted_l1(output * mask + target * (1 - mask), target, mask, 0) == (
        hole_weighted_l1(output, target, mask, 0)
    )
    assert hole_weighted_l1(output, target, torch.zeros_like(mask), 0) == 0


def patches():
    """Logits by level, of places that are not as many at each."""
    return {level: 3 * torch.randn(count, 1) for level, count in zip(LEVELS, (5, 5, 9))}


def test_the_generators_loss_is_the_weighted_sum_of_its_parts(images):
    logits = patches()
    distances = dict(feature_matching=torch.tensor(2.0), semantic=torch.tensor(3.0))
    loss = BoostGANPlusLoss(
        lambda_attribute=0.5,
        lambda_segmentation=0.25,
        beta=0.1,
        known=0.3,
        feature_matching=0.7,
        semantic=0.2,
    )
    total, parts = loss.generator(*images[:2], logits, images[2], distances)
    adversarial = {
        level: np.log1p(np.exp(-each.double().numpy())).mean() for level, each in logits.items()
    }
    expected = (
        hole_weighted_l1(*images, 0.3).item()
        + 0.7 * 2
        + 0.2 * 3
        + 0.1 * sum(weight * adversarial[level] for level, weight in zip(LEVELS, (1, 0.5, 0.25)))
    )
    assert total.item() == pytest.approx(expected, rel=1e-5)
    assert parts.keys() == {'reconstruction', *LEVELS, 'feature_matching', 'semantic'}
    for level, value in adversarial.items():
        assert parts[level].item() == pytest.approx(value, rel=1e-5)


def test_a_distance_that_is_not_measured_has_no_part(images):
    total, parts = BoostGANPlusLoss(beta=0).generator(*images[:2], patches(), images[2], {})
    assert total == parts['reconstruction'] and parts.keys() == {'reconstruction', *LEVELS}


def test_no_patch_of_a_hole_is_no_loss(images):
    """And no gradient, where their mean would be no number."""
    nothing = torch.zeros(0, 1, requires_grad=True)
    total, parts = BoostGANPlusLoss().generator(
        *images[:2], dict.fromkeys(LEVELS, nothing), images[2], {}
    )
    assert total == parts['reconstruction'] and parts['overall'] == 0
    real = torch.randn(5, 1)
    pairs = {level: dict(real=real, generated=nothing, mismatched=real) for level in LEVELS}
    pairs['overall'].pop('mismatched')
    (total + BoostGANPlusLoss().discriminator(pairs)[0]).backward()
    assert nothing.grad.shape == (0, 1)


@pytest.mark.parametrize('levels', [LEVELS, LEVELS[:2]])
def test_r1_of_linear_judges_is_the_square_of_their_weights(levels):
    lambdas = dict(zip(LEVELS, (1, 0.5, 2 if 'segmentation' in levels else 0)))
    loss = BoostGANPlusLoss(lambdas['attribute'], lambdas['segmentation'], r1=0.3, r1_interval=8)
    weights = {level: torch.randn(3, 4, 5, requires_grad=True) for level in levels}

    def judge(images):
        """The same for each of 2 x 3 places: w x."""
        return {
            level: (images * weight).sum(dim=(1, 2, 3), keepdim=True).expand(-1, -1, 2, 3)
            for level, weight in weights.items()
        }

    real = torch.rand(2, 3, 4, 5, requires_grad=True)
    penalty = loss.penalty(judge, real)
    gradient = sum(lambdas[level] * weights[level].detach() for level in levels)
    assert penalty.item() == pytest.approx(0.3 * 8 * gradient.square().sum().item(), rel=1e-5)
    penalty.backward()
    for level in levels:
        torch.testing.assert_close(weights[level].grad, 2 * 0.3 * 8 * lambdas[level] * gradient)
    assert real.grad is None


def test_r1_of_a_quadratic_judge_depends_on_the_image():
    """The gradient of w x^2 is 2 w x."""
    real, weight = torch.rand(2, 3, 4, 5), torch.randn(3, 4, 5)
    loss = BoostGANPlusLoss(0, 0, r1=1, r1_interval=1)
    penalty = loss.penalty(
        lambda images: dict(overall=(images**2 * weight).sum(dim=(1, 2, 3), keepdim=True)), real
    )
    expected = (2 * weight * real).square().sum(dim=(1, 2, 3)).mean()
    torch.testing.assert_close(penalty, expected)


def test_r1_is_computed_in_full_precision():
    convolution, real = torch.nn.Conv2d(3, 1, 3), torch.rand(2, 3, 8, 8)
    loss = BoostGANPlusLoss(0, 0)
    expected = loss.penalty(lambda images: dict(overall=convolution(images)), real)
    with torch.autocast('cpu', torch.bfloat16):
        found = loss.penalty(lambda images: dict(overall=convolution(images)), real)
    assert torch.equal(found, expected)


@pytest.mark.parametrize(
    'option',
    [
        'lambda_attribute',
        'lambda_segmentation',
        'beta',
        'known',
        'feature_matching',
        'semantic',
        'r1',
    ],
)
def test_negative_weights_are_refused(option):
    with pytest.raises(ValueError, match=rf'{option}.*must not be negative'):
        BoostGANPlusLoss(**{option: -0.1})


def test_an_interval_of_no_step_is_refused():
    with pytest.raises(ValueError, match='r1_interval at least 1'):
        BoostGANPlusLoss(r1_interval=0)
