"""Small trainings in processes of their own, which signals and limits can meet."""

from copy import deepcopy
import multiprocessing
import os
from pathlib import Path
import random
import resource
import sys
import threading
import time

from mmengine.config import Config
from mmengine.hooks import Hook
import torch

from boostgan_plugin.apis import train
from boostgan_plugin.checkpoint import last_checkpoint
from boostgan_plugin.registry import HOOKS
from tests.conftest import ROOT, SIZE

ITERATIONS = 6


def small_training(
    model: dict,
    work_dir: Path,
    workers: int = 0,
    hook: dict | None = None,
    iterations: int = ITERATIONS,
    interval: int = 2,
) -> Config:
    """An inpainter's; all checkpoints are kept.

    Args:
        interval: of checkpoints.
    """
    config = Config.fromfile(ROOT / 'configs/boostgan_faces.py')
    config.model = deepcopy(model)
    config.work_dir = str(work_dir)
    for name in ('train', 'val'):
        loader = config[f'{name}_dataloader']
        loader.update(batch_size=3, num_workers=workers, persistent_workers=workers > 0)
        loader.dataset.update(length=8, size=SIZE)
    config.train_cfg.update(max_iters=iterations, val_begin=iterations + 1)
    config.custom_hooks = [
        each
        for each in config.custom_hooks
        if each.type not in ('LossCurvesHook', 'InpaintingVisualizationHook')
    ]  # Slow to draw.
    config.default_hooks.checkpoint.update(interval=interval, max_keep_ckpts=-1)
    config.visualizer.vis_backends = [dict(type='mmengine.LocalVisBackend')]
    if hook:
        config.custom_hooks.append(hook)
    return config


def resumed(config: Config) -> Config:
    config = deepcopy(config)
    config.resume = True
    config.custom_hooks = [
        hook for hook in config.custom_hooks if hook.type not in ('SignalAt', 'FullDiskAt', 'Spoil')
    ]
    return config


def run(config: Config, errors: Path) -> int:
    """Train in a process: its exit status; what it writes to stderr goes to ``errors``."""
    process = multiprocessing.get_context('fork').Process(target=_train, args=(config, errors))
    process.start()
    process.join(600)
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
    paths = [last_checkpoint(work) for work in (first, second)]
    assert paths[0].name == paths[1].name
    one, two = (torch.load(path, weights_only=False) for path in paths)
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


@HOOKS.register_module()
class StrikeAfter(Hook):
    """Sends a signal to the process at some moment after so many steps of this run began: after
    ``ratio`` of the time that the last one took, but before two more have begun."""

    def __init__(self, number: int, steps: int, ratio: float) -> None:
        self.number, self.steps, self.ratio = number, steps, ratio
        self._begun, self._at = 0, time.monotonic()

    def before_train_iter(self, runner, batch_idx, data_batch=None) -> None:
        now = time.monotonic()
        self._begun, took, self._at = self._begun + 1, now - self._at, now
        if self._begun == self.steps:
            timer = threading.Timer(self.ratio * took, os.kill, (os.getpid(), self.number))
            timer.daemon = True
            timer.start()
        elif self._begun == self.steps + 2:
            os.kill(os.getpid(), self.number)


# What can happen to a checkpoint. ---------------------------------------------------------------


def truncate(path):
    path.write_bytes(path.read_bytes()[:-1000])


def empty(path):
    path.write_bytes(b'')


def scramble(path):
    path.write_bytes(random.Random(0).randbytes(path.stat().st_size))


def overwrite_four_bytes(path):
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4] = bytes(byte ^ 0xFF for byte in content[middle : middle + 4])
    path.write_bytes(content)


def spoil(path):
    content = torch.load(path, weights_only=False)
    content['state_dict']['generator.to_image.bias'][0] = torch.nan
    torch.save(content, path)


DAMAGES = dict(
    truncated=(truncate, 'is broken'),
    empty=(empty, 'is empty'),
    scrambled=(scramble, 'is broken'),
    overwritten=(overwrite_four_bytes, 'is broken'),
    diverged=(spoil, 'diverged: state_dict.generator.to_image.bias is not finite'),
)
