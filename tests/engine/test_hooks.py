"""The hooks inside a real Runner, on a tiny BoostGAN and rendered faces."""

import json
import math
from pathlib import Path

import cv2
from mmengine.config import Config, ConfigDict
from mmengine.runner import Runner
import pytest
import torch

from boostgan_plugin.engine import FusedExponentialMovingAverage, GradientGuard, optim
from boostgan_plugin.registry import MODELS
from tests.conftest import ROOT, SIZE
from tests.models.inpainters.baselines import baseline_config


@pytest.fixture
def runner_config(boostgan_config, tmp_path):
    """boostgan_faces.py with a small model, in float32, for a few iterations."""
    config = Config.fromfile(ROOT / 'configs/boostgan_faces.py')
    config.model = boostgan_config
    config.work_dir = str(tmp_path / 'work')
    for name in ('train', 'val', 'test'):
        loader = config[f'{name}_dataloader']
        loader.update(batch_size=4, num_workers=0, persistent_workers=False)
        loader.dataset.update(length=8, size=SIZE)
    config.train_cfg.update(max_iters=4, val_interval=2)
    config.default_hooks.checkpoint.interval = 2
    config.default_hooks.logger.interval = 1
    for name in ('generator', 'discriminator'):
        config.optim_wrapper[name].type = 'OptimWrapper'
    return config


def trained(config) -> Runner:
    runner = Runner.from_cfg(config)
    runner.train()
    return runner


def test_training_leaves_images_curves_and_logs(runner_config):
    trained(runner_config)
    work = Path(runner_config.work_dir)
    grid = cv2.imread(str(work / 'samples/iter_000004.png'))
    assert grid.shape[1] == 5 * 196  # original, input, Ws(x), output, restored
    assert cv2.imread(str(work / 'curves.png')) is not None
    assert list(work.glob('*/vis_data/events.out.tfevents*'))
    log = [json.loads(line) for line in next(work.glob('*/vis_data/scalars.json')).open()]
    keys = set().union(*log)
    assert {
        'loss_discriminator',
        'loss_generator',
        'generator.lr',
        'discriminator.lr',
        'generator_reconstruction',
        'pixel/psnr_hole',
    } <= keys
    for network in ('generator', 'discriminator'):
        rates = [line[f'{network}.lr'] for line in log if f'{network}.lr' in line]
        assert rates[0] > 1.1 * rates[-1] and rates == sorted(rates, reverse=True)


def test_ema_averages_the_generator_alone(runner_config):
    runner_config.custom_hooks[-1].momentum = 0.25
    runner = trained(runner_config)
    content = torch.load(Path(runner_config.work_dir) / 'iter_4.pth', weights_only=False)
    weights, plain = content['state_dict'], content['ema_state_dict']
    for name, value in runner.model.state_dict().items():
        if name.startswith('generator.'):
            key = 'module.' + name.removeprefix('generator.')
            assert torch.equal(plain[key], value)
            assert not torch.equal(weights[name], value) or not value.is_floating_point()
        else:
            assert torch.equal(weights[name], value)


def test_ema_is_the_average_by_hand(runner_config):
    """x <- 0.75 x + 0.25 w from the second step on, starting at the first."""
    runner_config.custom_hooks[-1].update(momentum=0.25, warm_up=0)
    runner, averages = Runner.from_cfg(runner_config), []
    step = runner.model.train_step

    def recording_step(data, optim_wrapper):
        log = step(data, optim_wrapper)
        weight = runner.model.generator.to_image.weight.detach().clone()
        averages.append(weight if not averages else 0.75 * averages[-1] + 0.25 * weight)
        return log

    runner.model.train_step = recording_step
    runner.train()
    content = torch.load(Path(runner_config.work_dir) / 'iter_4.pth', weights_only=False)
    assert torch.allclose(content['state_dict']['generator.to_image.weight'], averages[-1])


def test_a_short_training_forgets_what_was_there_before_it():
    """And a long one averages as far back as its momentum says."""
    network = torch.nn.BatchNorm1d(1)
    average = FusedExponentialMovingAverage(network, momentum=0.001)
    for mine, value in (
        (average.module.weight, network.weight.data),
        (average.module.running_mean, network.running_mean),
    ):
        value.fill_(100.0)
        average.steps.fill_(0)
        average.update_parameters(network)
        assert mine == 100
        value.fill_(0.0)
        for _ in range(100):
            average.update_parameters(network)
        assert mine.abs() < 1e-3
        average.steps.fill_(20_000)
        value.fill_(1.0)
        average.update_parameters(network)
        assert mine.item() == pytest.approx(0.001, rel=1e-3)


def test_validation_uses_the_average_and_puts_the_weights_back(runner_config):
    runner = Runner.from_cfg(runner_config)
    seen = []
    runner.model.generator.register_forward_hook(
        lambda module, *_: seen.append((module.training, module.to_image.weight[0, 0].clone()))
    )
    runner.train()
    in_training = [weight for training, weight in seen if training]
    in_validation = [weight for training, weight in seen if not training]
    assert not torch.equal(in_training[-1], in_validation[-1])
    assert not torch.equal(runner.model.generator.to_image.weight[0, 0], in_validation[-1])


@pytest.mark.parametrize('change', ['missing', 'unknown', 'reshaped'])
def test_resume_refuses_weights_that_do_not_fit(runner_config, change):
    trained(runner_config)
    path = Path(runner_config.work_dir) / 'iter_4.pth'
    content = torch.load(path, weights_only=False)
    weights = content['state_dict']
    if change == 'missing':
        del weights['discriminator.overall.head.1.bias']
    elif change == 'reshaped':
        weights['generator.to_image.bias'] = torch.zeros(5)
    else:
        weights['discriminator.module.extra'] = torch.zeros(1)
    torch.save(content, path)
    runner_config.resume = True
    with pytest.raises(ValueError, match=f'does not fit the model: .*1 {change}'):
        Runner.from_cfg(runner_config).train()


@pytest.mark.parametrize(
    'options, faster, used',
    [
        (dict(precision='bfloat16'), False, torch.bfloat16),
        ({}, True, torch.bfloat16),
        ({}, False, torch.float32),
    ],
)
def test_precision_of_a_training(options, faster, used, runner_config, monkeypatch):
    monkeypatch.setattr(optim, 'bfloat16_is_faster', lambda device: faster)
    for name in ('generator', 'discriminator'):
        runner_config.optim_wrapper[name].update(type='AutocastOptimWrapper', **options)
    dtypes = set()
    runner = Runner.from_cfg(runner_config)
    runner.model.generator.middle[0].conv.register_forward_hook(
        lambda module, _, out: dtypes.add((module.training, out.dtype))
    )
    runner.train()
    assert {dtype for training, dtype in dtypes if training} == {used}
    assert all(p.dtype == torch.float32 for p in runner.model.parameters())


def test_unknown_network_in_optim_wrapper(runner_config):
    runner_config.optim_wrapper['painter'] = dict(type='OptimWrapper', optimizer=dict(type='Adam'))
    with pytest.raises(ValueError, match="names the network 'painter', which BoostGAN does not"):
        Runner.from_cfg(runner_config).train()


def test_a_diverging_training_ends_and_says_so(runner_config):
    runner_config.optim_wrapper.generator.optimizer.lr = 1e30
    with pytest.raises(FloatingPointError, match=r'is not finite from iteration 2 on \(2 steps'):
        trained(runner_config)
    work = Path(runner_config.work_dir)
    assert json.loads((work / 'diverged.json').read_text())['iteration'] == 2
    assert not list(work.glob('*.pth'))


def spoiling(runner, iterations) -> Runner:
    """The generator's reconstruction is no number in these iterations."""
    loss = runner.model.generator_loss

    def spoilt(batch, output):
        total, parts = loss(batch, output)
        if runner.iter + 1 in iterations:
            total, parts = total * torch.nan, dict(parts, reconstruction=total * torch.nan)
        return total, parts

    runner.model.generator_loss = spoilt
    return runner


def test_a_step_that_is_no_number_is_not_applied_nor_saved(runner_config):
    runner, seen = spoiling(Runner.from_cfg(runner_config), {2}), []
    step = runner.model.train_step

    def recording_step(data, optim_wrapper):
        log = step(data, optim_wrapper)
        state = runner.optim_wrapper['generator'].optimizer.state
        weight = runner.model.generator.to_image.weight
        seen.append([weight.detach().clone(), *(value.clone() for value in state[weight].values())])
        return log

    runner.model.train_step = recording_step
    runner.train()
    same = [[torch.equal(*pair) for pair in zip(*steps)] for steps in zip(seen, seen[1:])]
    assert [all(each) for each in same] == [True, False, False]
    work = Path(runner_config.work_dir)
    assert [path.name for path in work.glob('*.pth')] == ['iter_4.pth']
    assert 'Step 2 is left out: generator_reconstruction' in next(work.glob('*/*.log')).read_text()


def test_the_first_bad_term_is_named(runner_config):
    runner_config.train_cfg.max_iters = 20
    hook = next(hook for hook in runner_config.custom_hooks if hook.type == 'DivergenceHook')
    hook.patience = 3
    with pytest.raises(
        FloatingPointError,
        match='diverged: generator_reconstruction is not finite '
        r'from iteration 7 on \(3 steps in a row\)',
    ):
        spoiling(Runner.from_cfg(runner_config), {3, 4, *range(7, 20)}).train()
    note = json.loads((Path(runner_config.work_dir) / 'diverged.json').read_text())
    assert note == dict(iteration=7, what='generator_reconstruction')
    assert max(Path(runner_config.work_dir).glob('*.pth')).name == 'iter_6.pth'


@pytest.mark.parametrize('network', ['generator', 'attribute_embedder'])
def test_loaded_weights_that_are_no_numbers_are_named(network, runner_config, tmp_path):
    if network == 'generator':
        content = dict(state_dict=MODELS.build(runner_config.model).state_dict())
        content['state_dict']['generator.to_image.bias'][0] = torch.nan
        runner_config.load_from = str(tmp_path / 'spoilt.pth')
    else:
        embedder = runner_config.model.attribute_embedder
        content = torch.load(embedder.checkpoint)
        content['state_dict']['head.fc.bias'][0] = torch.nan
        embedder.checkpoint = str(tmp_path / 'spoilt.pth')
    torch.save(content, tmp_path / 'spoilt.pth')
    with pytest.raises(ValueError, match=rf'{network}\.\S*bias is not finite before the first'):
        trained(runner_config)


@pytest.mark.parametrize(
    'options',
    [
        dict(type='Adam', fused=True),
        dict(type='Adam'),
        dict(type='AdamW', fused=True),
        dict(type='SGD', momentum=0.9),
        dict(type='SGD', momentum=0.9, fused=True),
    ],
)
def test_guarded_optimizers(options):
    """Gradients that are no numbers change nothing; others do what they always do."""
    options = dict(options)
    kind = getattr(torch.optim, options.pop('type'))
    networks = [torch.nn.Linear(3, 2), torch.nn.Linear(3, 2)]
    networks[1].load_state_dict(networks[0].state_dict())
    guarded, plain = (kind(network.parameters(), lr=0.1, **options) for network in networks)
    guard = GradientGuard(guarded)
    for number, bad in enumerate([None, torch.nan, None, torch.inf, None]):
        for network, optimizer in zip(networks, (guarded, plain)):
            optimizer.zero_grad()
            network(torch.full((4, 3), number + 1.0)).square().sum().backward()
            if bad is not None:
                network.bias.grad[1] = bad
            if optimizer is guarded or bad is None:
                optimizer.step()
        norm = guard.take()
        assert math.isfinite(norm) and norm > 0 if bad is None else not math.isfinite(norm)
    assert guard.take() is None
    for first, second in zip(networks[0].parameters(), networks[1].parameters()):
        assert torch.equal(first, second)
        for name, value in guarded.state[first].items():
            assert torch.equal(torch.as_tensor(value), torch.as_tensor(plain.state[second][name]))


def test_spoilt_statistics_of_a_norm_end_the_training(runner_config):
    runner_config.model = baseline_config('ContextEncoder')
    runner_config.train_cfg.max_iters = 20
    runner = spoiling(Runner.from_cfg(runner_config), {3})
    runner.model.generator.encoder[1].bn.register_forward_pre_hook(
        lambda module, inputs: (inputs[0] * torch.nan,) if runner.iter == 2 else None
    )
    with pytest.raises(FloatingPointError, match=r'from iteration 3 on, and .*running_mean cannot'):
        runner.train()


def test_batch_norms_are_averaged_with_the_weights(runner_config):
    """Validation and checkpoints have them; afterwards the live ones are back."""
    runner_config.model = baseline_config('ContextEncoder')
    runner_config.custom_hooks[-1].update(momentum=0.25, warm_up=0)
    runner, averages, validated = Runner.from_cfg(runner_config), [], []
    step, norm = runner.model.train_step, runner.model.generator.encoder[1].bn

    def recording_step(data, optim_wrapper):
        log = step(data, optim_wrapper)
        mean = norm.running_mean.clone()
        averages.append(mean if not averages else 0.75 * averages[-1] + 0.25 * mean)
        return log

    runner.model.train_step = recording_step
    runner.model.generator.register_forward_hook(
        lambda module, *_: (
            validated.append(norm.running_mean.clone()) if not module.training else None
        )
    )
    runner.train()

    assert torch.allclose(validated[-1], averages[-1])
    assert not torch.allclose(norm.running_mean, averages[-1])
    content = torch.load(Path(runner_config.work_dir) / 'iter_4.pth', weights_only=False)
    key = 'encoder.1.bn.'
    assert torch.allclose(content['state_dict'][f'generator.{key}running_mean'], averages[-1])
    for name, value in norm.state_dict().items():
        assert torch.equal(content['ema_state_dict'][f'module.{key}{name}'], value)
    assert content['state_dict'][f'generator.{key}num_batches_tracked'] == 4


def test_statistics_that_stay_are_their_own_average(runner_config):
    """In a phase of frozen norms the average comes to what the generator has."""
    runner_config.model = ConfigDict(
        baseline_config('PartialConv'),
        phases=[
            dict(name='first', updates=['generator'], steps=1),
            dict(name='second', updates=['generator'], frozen_norms=['encoder']),
        ],
    )
    runner_config.optim_wrapper.pop('discriminator')
    runner_config.custom_hooks[-1].momentum = 0.25
    runner = trained(runner_config)
    content = torch.load(Path(runner_config.work_dir) / 'iter_4.pth', weights_only=False)
    same = {
        name
        for name, value in runner.model.generator.named_buffers()
        if torch.equal(content['state_dict'][f'generator.{name}'], value)
    }
    moved = {name for name, _ in runner.model.generator.named_buffers()} - same
    assert any('running_' in name for name in moved)
    assert all(name.startswith('encoder.') for name in same if 'running_' in name)
    assert not any(name.startswith('encoder.') for name in moved)
