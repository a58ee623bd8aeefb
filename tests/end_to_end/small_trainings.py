"""Small trainings in processes of their own, which signals and limits can meet."""

from copy import deepcopy
import multiprocessing
import os
from pathlib import Path
import resource
import sys

from mmengine.config import Config
from mmengine.hooks import Hook
import torch

from boostgan_plugin.apis import train
from boostgan_plugin.registry import HOOKS
from tests.conftest import ROOT, SIZE

ITERATIONS = 6


def small_training(model: dict, work_dir: Path, workers: int = 0, hook: dict | None = None
                   ) -> Config:
    """An inpainter's: six iterations, checkpoints after each two."""
    config = Config.fromfile(ROOT / 'configs/boostgan_faces.py')
    config.model = deepcopy(model)
    config.work_dir = str(work_dir)
    for name in ('train', 'val'):
        loader = config[f'{name}_dataloader']
        loader.update(batch_size=3, num_workers=workers, persistent_workers=workers > 0)
        loader.dataset.update(length=8, size=SIZE)
    config.train_cfg.update(max_iters=ITERATIONS, val_begin=ITERATIONS + 1)
    config.custom_hooks = [each for each in config.custom_hooks if each.type not in
                           ('LossCurvesHook', 'SampleGridHook')]  # Slow to draw.
    config.default_hooks.checkpoint.update(interval=2, max_keep_ckpts=-1)
    config.visualizer.vis_backends = [dict(type='mmengine.LocalVisBackend')]
    if hook:
        config.custom_hooks.append(hook)
    return config


def resumed(config: Config) -> Config:
    config = deepcopy(config)
    config.resume = True
    config.custom_hooks = [hook for hook in config.custom_hooks if hook.type not in
                           ('SignalAt', 'FullDiskAt', 'Spoil')]
    return config


def run(config: Config, errors: Path) -> int:
    """Train in a process: its exit status; what it writes to stderr goes to ``errors``."""
    process = multiprocessing.get_context('fork').Process(target=_train, args=(config, errors))
    process.start()
    process.join(120)
    return process.exitcode


def _train(config: Config, errors: Path) -> None:
    os.setpgrp()
    sys.stderr = errors.open('w')
    try:
        train(config)
    finally:
        sys.stderr.flush()


def assert_same_end(first: Path, second: Path) -> None:
    """All tensors of two trainings' last checkpoints, their optimizers' among them."""
    one, two = (torch.load(work / f'iter_{ITERATIONS}.pth', weights_only=False)
                for work in (first, second))
    for part in ('state_dict', 'ema_state_dict', 'optimizer'):
        one_part, two_part = (dict(_tensors(content[part])) for content in (one, two))
        assert one_part.keys() == two_part.keys() and one_part
        assert not [name for name in one_part if not torch.equal(one_part[name], two_part[name])]


def _tensors(node, name=''):
    if isinstance(node, torch.Tensor):
        yield name, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _tensors(value, f'{name}.{key}')


@HOOKS.register_module()
class SignalAt(Hook):
    """Sends a signal during a step, or during the first validation, to the process or its group."""

    def __init__(self, number: int, iteration: int | None = None, group: bool = False) -> None:
        self.number, self.iteration, self.group = number, iteration, group

    def before_train_iter(self, runner, batch_idx, data_batch=None) -> None:
        if runner.iter + 1 == self.iteration:
            self._send()

    def before_val_iter(self, runner, batch_idx, data_batch=None) -> None:
        if self.iteration is None and batch_idx == 0:
            self._send()

    def _send(self) -> None:
        (os.killpg if self.group else os.kill)(0 if self.group else os.getpid(), self.number)


@HOOKS.register_module()
class FullDiskAt(Hook):
    """From an iteration on no file can become larger than a fraction of a checkpoint."""

    def __init__(self, iteration: int) -> None:
        self.iteration = iteration

    def before_train_iter(self, runner, batch_idx, data_batch=None) -> None:
        if runner.iter + 1 == self.iteration:
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
