"""The whole method from one config: pretrain Wa and Ws, train the inpainter, evaluate, report."""

from collections.abc import Mapping
from dataclasses import dataclass
import multiprocessing
from pathlib import Path
import time
from typing import Any

from mmengine.config import Config

from .comparison import CLASSICAL, Method, compare
from .report import write_report
from .runs import is_finished, load_config, test, train

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

    An embedder whose ``checkpoint`` is a file is taken as trained; one whose ``checkpoint`` is a
    work directory is trained there.
    """
    stages = []
    for key, title in _EMBEDDERS.items():
        embedder = config.model.get(key)
        if embedder and Path(embedder.checkpoint).suffix != '.pth':
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
        _run(f'[{number}/{len(stages)}] {stage.title}', stage, own)
    print('Evaluating', flush=True)
    embedders = {
        stage.title: test(load_config(stage.config, shared, stage.work_dir), stage.work_dir)
        for stage in stages[:-1]
    }
    out = Path(config.work_dir) / 'report'
    comparison = compare(config, [*CLASSICAL, Method(config.model.type, None, config.work_dir)],
                         out)
    return write_report(out, config, comparison, embedders)


def _run(label: str, stage: Stage, options: Mapping[str, Any]) -> None:
    if is_finished(load_config(stage.config, options, stage.work_dir)):
        print(f'{label}: finished before, in {stage.work_dir}', flush=True)
        return
    print(f'{label}: training in {stage.work_dir}', flush=True)
    start = time.monotonic()
    # A process of its own: loggers, seeds and default scopes of mmengine are global.
    process = multiprocessing.get_context('spawn').Process(
        target=_train, args=(stage.config, dict(options), stage.work_dir))
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f'{label} failed with exit code {process.exitcode}; see the messages '
                           f'above and the log in {stage.work_dir}')
    print(f'{label}: done in {time.monotonic() - start:.0f} s', flush=True)


def _train(config_path: str, options: Mapping[str, Any], work_dir: str) -> None:
    config = load_config(config_path, options, work_dir)
    config.resume = True
    train(config)
