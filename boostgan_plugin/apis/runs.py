"""Training and testing from a config, as the tools do it."""

from collections.abc import Mapping, Sequence
import json
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmengine.dist import is_main_process
from mmengine.hooks import Hook
from mmengine.runner import Runner
import torch

from boostgan_plugin.checkpoint import last_checkpoint, load_trained, read_checkpoint
from boostgan_plugin.models.phases import resolve_shares
from boostgan_plugin.resources import usable_cores
from boostgan_plugin.wrappers import unwrapped

from .config_tree import mappings
from .data_check import check_data

#: File in a work directory: what a test measured.
METRICS_FILE = 'metrics.json'


def load_config(path: str | Path, options: Mapping[str, Any] | None = None,
                work_dir: str | Path | None = None) -> Config:
    """Read a config and settle what depends on more than one of its entries.

    A top-level ``data_root`` reaches every data set that reads files and names none, and a
    top-level ``image_cache`` every :class:`~boostgan_plugin.datasets.LoadCrop`; phases of the
    training that are given as shares get their steps.

    Args:
        options: overrides by dotted key, as after ``--cfg-options``.
        work_dir: default ``work_dirs/<name of the config>``.

    Raises:
        FileNotFoundError: there is no such config.
        ValueError: the training ends before its last phase.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(f'config {path} does not exist')
    config = Config.fromfile(path)
    config.merge_from_dict(dict(options or {}))
    config.work_dir = str(work_dir or config.get('work_dir') or f'work_dirs/{Path(path).stem}')
    if config.get('data_root'):
        _spread_data_root(config._cfg_dict, config.data_root)
    if config.get('image_cache'):
        _spread_image_cache(config._cfg_dict, config.image_cache)
    if config.get('model', {}).get('phases'):
        resolve_shares(config.model.phases, config.train_cfg.max_iters)
    return config


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


def train(config: Config) -> Runner:
    """Train by the stock Runner."""
    resumed = last_checkpoint(config.work_dir) if config.get('resume') else None
    for source in (config.get('load_from'), resumed):
        if source:
            read_checkpoint(source)  # The Runner would run code that it holds.
    if resumed:
        # The Runner would look where the work directory once was.
        config.load_from = str(resumed)
    check_data(config)
    runner = _build_runner(config)
    runner.train()
    return runner


def test(config: Config, checkpoint: str | Path | None, hooks: Sequence[Hook] = ()
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
    config.custom_hooks = [hook for hook in config.get('custom_hooks', [])
                           if not hook['type'].endswith('EMAHook')]
    runner = _build_runner(config)
    load_trained(unwrapped(runner.model), checkpoint, 'give the checkpoint to test')
    for hook in hooks:
        runner.register_hook(hook)
    metrics = {name: float(value) for name, value in runner.test().items()}
    if is_main_process():
        path = Path(config.work_dir) / METRICS_FILE
        path.write_text(json.dumps(metrics, indent=1) + '\n')
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
    """Whether the work directory holds the checkpoint of the last iteration."""
    last = last_checkpoint(config.work_dir)
    return last is not None and last.name == f'iter_{config.train_cfg.max_iters}.pth'


def _spread_data_root(config: Mapping, data_root: str) -> None:
    for node in mappings(config):
        is_folder = str(node.get('type')).rpartition('.')[2] == 'InpaintingDataset'
        if is_folder or 'ann_file' in node or 'data_prefix' in node:
            node.setdefault('data_root', data_root)


def _spread_image_cache(config: Mapping, folder: str) -> None:
    for node in mappings(config):
        if str(node.get('type')).rpartition('.')[2] == 'LoadCrop':
            node.setdefault('cache_dir', folder)
