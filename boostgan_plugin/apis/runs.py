"""Training and testing from a config, as the tools do it."""

from collections.abc import Mapping, Sequence
import json
import math
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmengine.dist import is_main_process
from mmengine.hooks import Hook
from mmengine.runner import Runner
import torch

from boostgan_plugin.blanks import fill, has_blanks, is_blank
from boostgan_plugin.checkpoint import (
    damage_of,
    last_checkpoint,
    load_trained,
    newest_whole,
    only_weights,
    read_checkpoint,
)
from boostgan_plugin.datasets.labelled_folder import facts_of
from boostgan_plugin.engine.interruption import Interruption, InterruptionHook
from boostgan_plugin.engine.provenance_hook import ProvenanceHook
from boostgan_plugin.files import write_durably
from boostgan_plugin.models.phases import resolve_ratios
from boostgan_plugin.provenance import revision, versions
from boostgan_plugin.resources import usable_cores
from boostgan_plugin.wrappers import unwrapped

from .config_tree import mappings
from .data_check import check_data, seen_data

#: File in a work directory: what a test measured.
METRICS_FILE = 'metrics.json'


def load_config(
    path: str | Path, options: Mapping[str, Any] | None = None, work_dir: str | Path | None = None
) -> Config:
    """Read a config and settle what depends on more than one of its entries.

    A config may have ``choices``: by option and name, what is other. The option names one of them
    (``--cfg-options data=places2``); without it the config is as it is written. What it leaves
    open (see :mod:`boostgan_plugin.blanks`) is taken from the labelled folder ``data_root``. A
    warm-up that is longer than the training is shortened. A top-level
    ``data_root`` reaches every data set that reads files and names none, and a
    top-level ``image_cache`` every :class:`~boostgan_plugin.datasets.LoadCrop`; phases of the
    training that are given as ratios get their steps.

    Args:
        options: overrides by dotted key, as after ``--cfg-options``.
        work_dir: default ``work_dirs/<name of the config>``, with what was chosen.

    Raises:
        FileNotFoundError: there is no such config.
        ValueError: the training ends before its last phase, or there is no such choice.
    """
    config, chosen = _read(path, options or {})
    config.work_dir = str(work_dir or config.get('work_dir') or f'work_dirs/{chosen}')
    if config.get('data_root'):
        _spread_data_root(config._cfg_dict, config.data_root)
    _shorten_warm_up(config)
    if config.get('image_cache'):
        _spread_image_cache(config._cfg_dict, config.image_cache)
    if config.get('model', {}).get('phases'):
        resolve_ratios(config.model.phases, config.train_cfg.max_iters)
    return config


def training_name(path: str | Path, options: Mapping[str, Any]) -> str:
    """The name of a config and of what is chosen in it, for a folder."""
    return _chosen(path, options)[2]


def _read(path: str | Path, options: Mapping[str, Any]) -> tuple[Config, str]:
    """A config with its options, what it leaves open filled in, and its name."""
    config, options, name = _chosen(path, options)
    config.merge_from_dict(options)
    if has_blanks(config._cfg_dict):
        wanted = {key: config[key] for key in ('size', 'iters') if not is_blank(config.get(key))}
        config._cfg_dict.update(fill(config._cfg_dict, facts_of(config.data_root, wanted)))
    return config, name


def _chosen(path: str | Path, options: Mapping[str, Any]) -> tuple[Config, dict[str, Any], str]:
    """A config with what is chosen in it, the options that choose nothing, and its name with what
    is chosen."""
    if not Path(path).is_file():
        raise FileNotFoundError(f'config {path} does not exist')
    config = Config.fromfile(path)
    options, name = dict(options), Path(path).stem
    for option, offers in config._cfg_dict.pop('choices', {}).items():
        if option in options:
            choice = options.pop(option)
            if choice not in offers:
                raise ValueError(
                    f'{path}: there is no {option}={choice}; choose one of {", ".join(offers)}'
                )
            config.merge_from_dict(offers[choice])
            name += f'_{choice}'
    return config, options, name


#: OptimWrappers by precision. float16 needs a loss scale, which mmengine's has, on CUDA.
_OPTIM_WRAPPERS = {
    'fastest': dict(type='boostgan.AutocastOptimWrapper', precision='fastest'),
    'bfloat16': dict(type='boostgan.AutocastOptimWrapper', precision='bfloat16'),
    'float32': dict(type='OptimWrapper'),
    'float16': dict(type='AmpOptimWrapper', dtype='float16', loss_scale='dynamic'),
}


def set_precision(config: Config, precision: str) -> None:
    """What to train in: switch every OptimWrapper of the config.

    Args:
        precision: one of :data:`~boostgan_plugin.apis.choices.PRECISIONS`; float16 on CUDA.

    Raises:
        ValueError: float16 without CUDA.
    """
    if precision == 'float16' and not torch.cuda.is_available():
        raise ValueError('float16 needs CUDA; on CPU train in bfloat16')
    wrappers = config.optim_wrapper
    for wrapper in [wrappers] if 'optimizer' in wrappers else wrappers.values():
        if isinstance(wrapper, dict):
            for option in {option for kind in _OPTIM_WRAPPERS.values() for option in kind}:
                wrapper.pop(option, None)  # Another precision's are not this one's.
            wrapper.update(_OPTIM_WRAPPERS[precision])


@only_weights()
def train(config: Config) -> Runner:
    """Train by the stock Runner; no file that is loaded can run code.

    Each checkpoint notes what it was made with, see :mod:`boostgan_plugin.provenance`.

    Told to by a signal, see :class:`~boostgan_plugin.engine.Interruption`, it saves the training
    after the step in progress and leaves. To resume, it takes the newest whole checkpoint of the
    work directory, or else what ``load_from`` names.

    Raises:
        ValueError: no checkpoint of the work directory can be taken, or it goes beyond the end of
            the training; or the learning rate has no time for one of its phases.
        SystemExit: after a signal; the status is 128 + its number.
    """
    _check_schedule(config)
    check_data(config)
    made_with = dict(versions=versions(), revision=revision(), data=seen_data(config.work_dir))
    if config.get('load_from'):
        read_checkpoint(config.load_from)  # What is wrong with it is said before long work.
    messages = _choose_resumed(config) if config.get('resume') else ()
    runner = _build_runner(config)
    for line in messages:
        runner.logger.info(line)
    runner.register_hook(ProvenanceHook(made_with))
    with Interruption() as interruption:
        runner.register_hook(InterruptionHook(interruption))
        runner.train()
    return runner


def _choose_resumed(config: Config) -> list[str]:
    """Name what to go on from in the config; what a person should know of it."""
    found, total = newest_whole(config.work_dir), config.train_cfg.max_iters
    if found is None:
        given = config.get('load_from')
        return [
            f'{config.work_dir} holds no checkpoint to resume from: the training '
            + (f'goes on from {given}' if given else 'starts at 0')
        ]
    if found.iteration > total:
        raise ValueError(
            f'{found.path} has {found.iteration} iterations, beyond the '
            f'train_cfg.max_iters={total} of this training: give more, or another '
            'work directory'
        )
    # The Runner would look where the work directory once was.
    config.load_from = str(found.path)
    messages = [f'passed over: {line}' for line in found.passed_over]
    messages.append(f'going on from {found.path}, after {found.iteration} of {total} iterations')
    if found.iteration == total:
        messages.append('the training is finished: for a longer one give more train_cfg.max_iters')
    return messages


def _check_schedule(config: Config) -> None:
    """mmengine's own message says neither which nor what to do."""
    total = config.train_cfg.get('max_iters', math.inf)
    for phase in mappings(config.get('param_scheduler')):
        begin, end = phase.get('begin', 0), phase.get('end', total)
        if 'type' in phase and not phase.get('by_epoch', True) and begin >= min(end, total):
            raise ValueError(
                f'param_scheduler: {phase["type"]} begins at iteration {begin}, but the training '
                f'(train_cfg.max_iters) or this phase ends at {min(end, total)}: train longer, or '
                'shorten the warm-up before it, as with --cfg-options '
                f'param_scheduler.0.end={total // 10} param_scheduler.1.begin={total // 10}'
            )


@only_weights()
def test(
    config: Config, checkpoint: str | Path | None, hooks: Sequence[Hook] = ()
) -> dict[str, float]:
    """Test by the stock Runner; also writes ``metrics.json`` into the work directory.

    Args:
        checkpoint: file or work directory; None for models without weights of their own.
        hooks: to register beside those of the config.

    Raises:
        ValueError: the checkpoint does not fit, or there is none for a model that has weights.
    """
    config.load_from, config.resume = None, False
    # A checkpoint's state_dict already holds the averaged generator.
    config.custom_hooks = [
        hook for hook in config.get('custom_hooks', []) if not hook['type'].endswith('EMAHook')
    ]
    runner = _build_runner(config)
    load_trained(unwrapped(runner.model), checkpoint, 'give the checkpoint to test')
    for hook in hooks:
        runner.register_hook(hook)
    metrics = {name: float(value) for name, value in runner.test().items()}
    if is_main_process():
        write_durably(Path(config.work_dir) / METRICS_FILE, json.dumps(metrics, indent=1) + '\n')
    return metrics


def _build_runner(config: Config) -> Runner:
    """No more workers than cores; where there is CUDA, they hand over in memory that is copied
    there without waiting."""
    for name in ('train_dataloader', 'val_dataloader', 'test_dataloader'):
        loader = config.get(name) or {}
        if loader.get('num_workers'):
            loader['num_workers'] = min(loader['num_workers'], usable_cores())
            if torch.cuda.is_available():
                loader.setdefault('pin_memory', True)
    return Runner.from_cfg(config)


def is_finished(config: Config) -> bool:
    """Whether the work directory holds the checkpoint of the last iteration, undamaged."""
    last = last_checkpoint(config.work_dir)
    return (
        last is not None
        and last.name == f'iter_{config.train_cfg.max_iters}.pth'
        and damage_of(last) is None
    )


def _spread_data_root(config: Mapping, data_root: str) -> None:
    for node in mappings(config):
        is_folder = str(node.get('type')).rpartition('.')[2] in (
            'InpaintingDataset',
            'LabelledImages',
        )
        if is_folder or 'ann_file' in node or 'data_prefix' in node:
            node.setdefault('data_root', data_root)


def _shorten_warm_up(config: Config) -> None:
    """Where a training ends before its warm-up does, a tenth of it is warm-up."""
    total = (config.get('train_cfg') or {}).get('max_iters', math.inf)
    phases = [
        phase
        for phase in mappings(config.get('param_scheduler'))
        if not phase.get('by_epoch', True)
    ]
    late = {phase['begin'] for phase in phases if total <= phase.get('begin', 0)}
    for phase in phases:
        for key in ('begin', 'end'):
            if phase.get(key) in late:
                phase[key] = max(1, total // 10)


def _spread_image_cache(config: Mapping, folder: str) -> None:
    for node in mappings(config):
        if str(node.get('type')).rpartition('.')[2] == 'LoadCrop':
            node.setdefault('cache_dir', folder)
