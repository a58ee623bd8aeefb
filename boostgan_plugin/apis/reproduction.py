"""The whole method from one config: pretrain Wa and Ws, train the inpainter, evaluate, report."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mmengine.config import Config

from boostgan_plugin.checkpoint import read_checkpoint
from boostgan_plugin.files import write_durably
from boostgan_plugin.provenance import in_words
from boostgan_plugin.resources import choose_threads

from .evaluation import evaluate
from .machine import describe_machine
from .report import write_report
from .runs import load_config, test
from .stages import (
    Stage,
    needed_networks,
    options_of_network,
    run_side_by_side,
    run_stage,
    seconds_of,
)

#: Fillings that need no training, by title.
_CLASSICAL = {'Mean colour': 'MeanFill', 'Telea': 'Telea', 'Navier-Stokes': 'NavierStokes'}


def plan(config_path: str | Path, config: Config) -> list[Stage]:
    """The trainings that a config needs, in their order: its networks, then itself."""
    return [*needed_networks(config), Stage('the inpainter', str(config_path), config.work_dir)]


def reproduce(
    config_path: str | Path,
    options: Mapping[str, Any] | None = None,
    work_dir: str | Path | None = None,
) -> Path:
    """Run what is not finished yet, then write the report.

    Args:
        options: overrides for the inpainter's config; some reach the embedders' configs, see
            :func:`~boostgan_plugin.apis.stages.options_of_network`.

    Returns:
        Path of the report page.

    Raises:
        RuntimeError: a stage failed; its own error is on the screen above.
    """
    options = dict(options or {})
    config = load_config(config_path, options, work_dir)
    *networks, inpainter = stages = plan(config_path, config)
    own = {stage: options_of_network(options, config, stage) for stage in networks}
    labels = [f'[{number}/{len(stages)}] {stage.title}' for number, stage in enumerate(stages, 1)]
    run_side_by_side(dict(zip(labels, networks)), own)
    run_stage(labels[-1], inpainter, options)
    print('Evaluating', flush=True)
    choose_threads()
    embedders = {
        stage.title: test(load_config(stage.config, own[stage], stage.work_dir), stage.work_dir)
        for stage in own
    }
    out = Path(config.work_dir) / 'report'
    meta = read_checkpoint(config.work_dir)['meta']
    write_durably(out / 'config.py', meta['cfg'])
    evaluations = {
        title: evaluate(
            config,
            out / generator.lower(),
            dict(type='TrainingFree', generator=dict(type=generator)),
        )
        for title, generator in _CLASSICAL.items()
    }
    evaluations[config.model.type] = evaluate(config, out / 'trained', checkpoint=config.work_dir)
    return write_report(out, config, evaluations, embedders, _describe_run(config, stages, meta))


def _describe_run(
    config: Config, stages: Sequence[Stage], meta: Mapping[str, Any]
) -> dict[str, str]:
    """What has to be known to do it again."""
    run = {
        'config': f'{Path(config.filename).name}, in full in config.py',
        'iterations': config.train_cfg.max_iters,
        'batch size': config.train_dataloader.batch_size,
        **in_words(meta),
        **describe_machine(),
    }
    for stage in stages:
        seconds = seconds_of(stage.work_dir)
        if seconds is not None:
            run[f'training of {stage.title}'] = f'{seconds:.0f} s'
    return {key: str(value) for key, value in run.items()}
