"""Against equations (2)-(6) of the paper, written out once more in float64 NumPy."""

import multiprocessing

import numpy as np
import pytest
import torch

from boostgan_plugin.models.losses import BoostGANLoss
from boostgan_plugin.models.losses.adversarial import negative_pair_loss

LEVELS = ('overall', 'attribute', 'segmentation')


def mean_log(probability):
    return np.mean(np.log(probability))


def sigmoid(logits):
    return 1 / (1 + np.exp(-logits.double().numpy()))


def discriminator_by_hand(logits, lambda_attribute, lambda_segmentation):
    """Equations (2), (3), (4), (5)."""
    terms = {}
    for level, pairs in logits.items():
        terms[level] = -mean_log(sigmoid(pairs['real'])) - mean_log(1 - sigmoid(pairs['generated']))
        if level != 'overall':
            terms[level] -= mean_log(1 - sigmoid(pairs['mismatched']))
    return (
        terms['overall']
        + lambda_attribute * terms.get('attribute', 0)
        + lambda_segmentation * terms.get('segmentation', 0)
    )


def generator_by_hand(output, target, logits, lambda_attribute, lambda_segmentation, beta, norm):
    """Equation (6), image by image."""
    total = 0
    difference = (output.double() - target.double()).numpy()
    weights = dict(overall=1, attribute=lambda_attribute, segmentation=lambda_segmentation)
    for i in range(len(difference)):
        squares = difference[i] ** 2
        total += np.sqrt(squares.sum()) if norm else squares.mean()
        for level, values in logits.items():
            total -= beta * weights[level] * np.log(sigmoid(values[i])).item()
    return total / len(difference)


def random_pairs(levels=LEVELS):
    logits = {
        level: {name: 3 * torch.randn(5, 1) for name in ('real', 'generated', 'mismatched')}
        for level in levels
    }
    logits['overall'].pop('mismatched')
    return logits


@pytest.mark.parametrize('dtype', [torch.float32, torch.float64])
@pytest.mark.parametrize('weights', [(0.1, 0.1), (1.0, 0.01), (0.3, 2.0)])
def test_discriminator_loss_is_equations_2_to_5(weights, dtype):
    logits = {
        level: {name: values.to(dtype) for name, values in pairs.items()}
        for level, pairs in random_pairs().items()
    }
    total, parts = BoostGANLoss(*weights).discriminator(logits)
    # In float32 a value near 10 is itself only known to 1e-6.
    tolerance = dict(abs=1e-6) if dtype == torch.float64 else dict(rel=1e-6)
    assert total.item() == pytest.approx(discriminator_by_hand(logits, *weights), **tolerance)
    assert set(parts) == set(LEVELS)


@pytest.mark.parametrize('reconstruction', ['mse', 'norm'])
@pytest.mark.parametrize('beta', [0.0, 0.01, 1.0])
@pytest.mark.parametrize('dtype', [torch.float32, torch.float64])
def test_generator_loss_is_equation_6(reconstruction, beta, dtype):
    output, target = (torch.rand(5, 3, 8, 8, dtype=dtype) * 2 - 1 for _ in range(2))
    logits = {level: 3 * torch.randn(5, 1, dtype=dtype) for level in LEVELS}
    loss = BoostGANLoss(0.1, 0.2, beta, reconstruction)
    total, _ = loss.generator(output, target, logits)
    expected = generator_by_hand(output, target, logits, 0.1, 0.2, beta, reconstruction == 'norm')
    tolerance = dict(abs=1e-6) if dtype == torch.float64 else dict(rel=1e-6)
    assert total.item() == pytest.approx(expected, **tolerance)


@pytest.mark.parametrize(
    ('weights', 'levels'),
    [
        ((0, 0.1), ('overall', 'segmentation')),
        ((0.1, 0), ('overall', 'attribute')),
        ((0, 0), ('overall',)),
    ],
)
def test_a_weight_of_zero_removes_the_branch(weights, levels):
    loss = BoostGANLoss(*weights)
    logits = random_pairs(levels)
    total, parts = loss.discriminator(logits)
    assert total.item() == pytest.approx(discriminator_by_hand(logits, *weights), abs=1e-6)
    assert set(parts) == set(levels)
    with pytest.raises(ValueError, match='branches'):
        loss.discriminator(random_pairs())


def test_extreme_logits_stay_finite():
    logits = random_pairs()
    for pairs in logits.values():
        for name in pairs:
            pairs[name] = torch.tensor([[200.0], [-200.0]], requires_grad=True)
    total, _ = BoostGANLoss().discriminator(logits)
    total.backward()
    assert total.isfinite()
    assert logits['overall']['real'].grad.isfinite().all()


def test_minus_infinity_takes_a_pair_out_of_the_mean():
    """Value and gradients are those without it; where no pair is left, both are zero."""
    values = torch.tensor([[0.5], [-1.0], [2.0]], requires_grad=True)
    for excluded in ([False, True, False], [True, True, True]):
        taken_out = values.masked_fill(torch.tensor(excluded)[:, None], -torch.inf)
        loss = negative_pair_loss(taken_out)
        (gradient,) = torch.autograd.grad(loss, values)
        left = values[~torch.tensor(excluded)]
        expected = negative_pair_loss(left) if len(left) else 0 * values.sum()
        assert loss.item() == pytest.approx(expected.item())
        torch.testing.assert_close(gradient, torch.autograd.grad(expected, values)[0])
    assert negative_pair_loss(values).item() == pytest.approx(
        -mean_log(1 - sigmoid(values.detach()))
    )


def of_one_process(rank: int, store: str, logits: torch.Tensor, results) -> None:
    torch.distributed.init_process_group(
        'gloo', init_method=f'file://{store}', rank=rank, world_size=2
    )
    results.put(negative_pair_loss(logits.chunk(2)[rank]).item())
    torch.distributed.destroy_process_group()


def test_the_mean_of_two_processes_is_that_of_all_pairs(tmp_path):
    """One of them has one pair that counts, the other three."""
    logits = torch.tensor([[0.5], [-torch.inf], [-torch.inf], [3.0], [2.0], [1.0]])
    context = multiprocessing.get_context('fork')
    results = context.SimpleQueue()
    processes = [
        context.Process(
            target=of_one_process, args=(rank, str(tmp_path / 'store'), logits, results)
        )
        for rank in (0, 1)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert (results.get() + results.get()) / 2 == pytest.approx(negative_pair_loss(logits).item())


def test_half_precision_logits_are_widened():
    logits = {
        level: {k: v.bfloat16() for k, v in pairs.items()}
        for level, pairs in random_pairs().items()
    }
    total, _ = BoostGANLoss().discriminator(logits)
    assert total.dtype == torch.float32


@pytest.mark.parametrize(
    'options', [dict(beta=-1), dict(reconstruction='l3'), dict(lambda_attribute=-0.1)]
)
def test_bad_options_are_refused(options):
    with pytest.raises(ValueError, match='negative|unknown'):
        BoostGANLoss(**options)
