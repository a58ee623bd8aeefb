"""The whole method from one config: pretrain Wa and Ws, train the inpainter, evaluate, report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
import json
import multiprocessing
import os
from pathlib import Path
import platform
import threading
import time
from typing import Any

from mmengine.config import Config
import torch

from .comparison import CLASSICAL, TRAINED_FOLDER, Method, compare
from .report import write_report
from .runs import is_finished, load_config, test, train

#: File in a work directory: seconds that its training took.
_SECONDS = 'training_seconds.json'
_EMBEDDERS = {'attribute_embedder': 'Wa, the attribute network',
              'segmentation_embedder': 'Ws, the segmentation network'}


@dataclass(frozen=True)
class Stage:
    """A training of its own."""
    title: str
    config: str
    work_dir: str


def plan(config_path: str | Path, config: Config) -> list[Stage]:
    """The trainings that a config needs, in their order.

    An embedder whose ``checkpoint`` is a file is taken as trained; otherwise it names the work
    directory in which it is trained.
    """
    stages = []
    for key, title in _EMBEDDERS.items():
        embedder = config.model.get(key)
        if embedder and not Path(embedder.checkpoint).is_file():
            stages.append(Stage(title, embedder.config, embedder.checkpoint))
    return [*stages, Stage('the inpainter', str(config_path), config.work_dir)]


def reproduce(config_path: str | Path, options: Mapping[str, Any] | None = None,
              work_dir: str | Path | None = None) -> Path:
    """Run what is not finished yet, then write the report.

    Args:
        options: overrides for the inpainter's config; those without a dot in their key, such as
            ``data_root``, also reach the embedders' configs.

    Returns:
        Path of the report page.

    Raises:
        RuntimeError: a stage failed; its own error is on the screen above.
    """
    options = dict(options or {})
    shared = {key: value for key, value in options.items() if '.' not in key}
    config = load_config(config_path, options, work_dir)
    stages = plan(config_path, config)
    for number, stage in enumerate(stages, 1):
        own = options if stage is stages[-1] else shared
        run_stage(f'[{number}/{len(stages)}] {stage.title}', stage, own)
    print('Evaluating', flush=True)
    embedders = {
        stage.title: test(load_config(stage.config, shared, stage.work_dir), stage.work_dir)
        for stage in stages[:-1]
    }
    out = Path(config.work_dir) / 'report'
    trained = Method(config.model.type, TRAINED_FOLDER, checkpoint=config.work_dir)
    comparison = compare(config, [*CLASSICAL, trained], out)
    return write_report(out, config, comparison, embedders, _describe_run(config, stages))


def run_stage(label: str, stage: Stage, options: Mapping[str, Any]) -> None:
    """Train a stage in a process of its own, or go on with it, unless it is finished.

    Raises:
        RuntimeError: the training failed, or the work directory holds another one.
    """
    config = load_config(stage.config, options, stage.work_dir)
    _refuse_other_run(config)
    if is_finished(config):
        print(f'{label}: finished before, in {stage.work_dir}', flush=True)
        return
    print(f'{label}: training in {stage.work_dir}', flush=True)
    start = time.monotonic()
    # A process of its own: loggers, seeds and default scopes of mmengine are global.
    process = multiprocessing.get_context('spawn').Process(
        target=_train, args=(stage.config, dict(options), stage.work_dir))
    process.start()
    process.join()
    seconds = time.monotonic() - start
    _note_seconds(stage.work_dir, seconds)
    if process.exitcode:
        raise RuntimeError(f'{label} failed with exit code {process.exitcode}; see the messages '
                           f'above and the log in {stage.work_dir}')
    print(f'{label}: done in {seconds:.0f} s', flush=True)


def _refuse_other_run(config: Config) -> None:
    """A training must not be taken for finished, or go on, with other data or settings."""
    path = Path(config.work_dir) / Path(config.filename).name
    if not path.is_file():
        return
    before = Config.fromfile(path)
    for key in ('train_dataloader', 'model', 'optim_wrapper', 'train_cfg'):
        if before[key] != config[key]:
            raise RuntimeError(f'{config.work_dir} holds a training with another {key}: delete it, '
                               'or work in another folder')


def _note_seconds(work_dir: str, seconds: float) -> None:
    """Add up how long a stage took, over interruptions."""
    path = Path(work_dir) / _SECONDS
    path.parent.mkdir(parents=True, exist_ok=True)
    before = json.loads(path.read_text()) if path.is_file() else 0
    path.write_text(json.dumps(round(before + seconds, 1)))


def _describe_run(config: Config, stages: Sequence[Stage]) -> dict[str, str]:
    """What has to be known to do it again."""
    run = {'config': Path(config.filename).name, 'iterations': config.train_cfg.max_iters,
           'batch size': config.train_dataloader.batch_size,
           'seed': config.randomness.seed, 'PyTorch': torch.__version__,
           'machine': f'{platform.machine()}, {torch.get_num_threads()} threads'
           if not torch.cuda.is_available() else torch.cuda.get_device_name()}
    for stage in stages:
        path = Path(stage.work_dir) / _SECONDS
        if path.is_file():
            run[f'training of {stage.title}'] = f'{json.loads(path.read_text()):.0f} s'
    return {key: str(value) for key, value in run.items()}


def _train(config_path: str, options: Mapping[str, Any], work_dir: str) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    config = load_config(config_path, options, work_dir)
    config.resume = True
    train(config)


def _end_with_parent() -> None:
    """However the parent ends: two trainings must never work in one folder."""
    multiprocessing.parent_process().join()
    os._exit(1)
