"""A table of the paper: every method trained with every seed, tested on the same data."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
import json
from pathlib import Path
import re
import time
from typing import Any

from mmengine.config import Config, ConfigDict
from mmengine.registry import init_default_scope

from boostgan_plugin.checkpoint import last_checkpoint, only_weights, read_checkpoint
from boostgan_plugin.files import write_durably
from boostgan_plugin.provenance import in_words
from boostgan_plugin.registry import DATASETS, METRICS, MODELS

from .benchmark_tables import Results, write_tables
from .evaluation import Evaluation, evaluate
from .machine import describe_machine
from .photo_generator import AsPhotograph  # noqa: F401  (registers what rows of tables name)
from .runs import load_config, training_name
from .stages import (
    DivergedError,
    Stage,
    needed_networks,
    options_of_network,
    run_side_by_side,
    run_stage,
)
from .tables import ARROWS


@only_weights()
def run_benchmark(
    config_path: str | Path,
    seeds: Sequence[int],
    work_dir: str | Path,
    out: str | Path,
    options: Mapping[str, Any] | None = None,
) -> Path:
    """Train and test what is not done yet; write the tables anew after each method.

    The config is one for testing, without a model, and has ``methods``: each a ``name`` with the
    ``config`` of a training, or with a ``model`` that needs none. A method may have ``options``,
    overrides of its config by dotted key, and ``model_options`` where it is tested otherwise than
    it was trained, so that rows can share a training. Then ``columns`` of each table by its
    heading (see :func:`metric_rows`), ``title``, ``notes``, and the ``paper``'s own numbers.

    Args:
        seeds: each is a training of its own.
        work_dir: trainings go to ``<work_dir>/<name of the training>/seed_<seed>``, so that
            several tables share them.
        out: where ``tables.md``, ``results.csv`` and ``comparison.png`` go, and
            ``made_with.json``: seed, versions, data and config of each training.
        options: overrides for the configs, of the table and of the trainings.

    Returns:
        Path of ``tables.md``.

    Raises:
        ValueError: the table is not well described, or its methods are not trained on the same
            images, or not on as many.
        ImportError: a metric or a method needs a package that is not installed.
        RuntimeError: a training failed; one that diverges does not end the others.
    """
    options = dict(options or {})
    config = load_config(config_path, options)
    _check_table(config)
    trainings = {
        method.name: load_config(method.config, {**options, **_own_options(method)})
        for method in config.methods
        if 'config' in method
    }
    _check_fairness(trainings)
    _train_networks([config, *trainings.values()], options)
    cells = [
        (method, seed)
        for seed in seeds
        for method in config.methods
        if 'config' in method or seed == seeds[0]
    ]
    run = _describe(trainings, _command(config_path, seeds, options))
    results: Results = {method.name: {} for method in config.methods}
    made_with: dict[str, dict[str, str]] = {}
    start = time.monotonic()
    for number, (method, seed) in enumerate(cells, 1):
        label = f'[{number}/{len(cells)}] {method.name}, seed {seed}'
        results[method.name][seed] = _run_cell(label, config, method, seed, Path(work_dir), options)
        made_with.update(_made_with(method, seed, Path(work_dir), options))
        page = write_tables(Path(out), config, results, run | _common(made_with.values()))
        write_durably(Path(out) / 'made_with.json', json.dumps(made_with, indent=1) + '\n')
        _tell_time(start, number, len(cells))
    return page


def _check_table(config: Config) -> None:
    """Before hours of training: names, columns, and whether test data, features and the models
    that need no training are there."""
    names = [method.name for method in config.methods]
    if not names or len(set(names)) < len(names):
        raise ValueError(
            f'methods of {config.filename}: each needs a name of its own, '
            f'given are {", ".join(names) or "none"}'
        )
    for column in chain(*config.columns.values()):
        if column.better not in ARROWS:
            raise ValueError(
                f"column '{column.title}': better='{column.better}' is unknown; "
                f'choose one of {", ".join(ARROWS)}'
            )
    init_default_scope(config.default_scope)
    DATASETS.build(config.test_dataloader.dataset)
    evaluators = config.test_evaluator
    for evaluator in [evaluators] if 'type' in evaluators else evaluators:
        if 'judge' not in evaluator:  # A judge may have to be trained first.
            METRICS.build(evaluator)
    for method in config.methods:
        if 'config' not in method:  # It may need a package that is not there.
            MODELS.build(method.model)


def _check_fairness(trainings: Mapping[str, Config]) -> None:
    first = None
    for name, training in trainings.items():
        seen = dict(
            train_dataloader=training.train_dataloader, max_iters=training.train_cfg.max_iters
        )
        if first is None:
            first = name, seen
        for key, value in seen.items():
            if value != first[1][key]:
                raise ValueError(
                    f'{name} and {first[0]} differ in {key}: a comparison needs the '
                    'same images and as many of them'
                )


def _train_networks(configs: Sequence[Config], options: Mapping[str, Any]) -> None:
    stages = {stage: config for config in configs for stage in needed_networks(config)}
    run_side_by_side(
        {f'[first] {stage.title}': stage for stage in stages},
        {stage: options_of_network(options, config, stage) for stage, config in stages.items()},
    )


def _run_cell(
    label: str,
    config: Config,
    method: ConfigDict,
    seed: int,
    work_dir: Path,
    options: Mapping[str, Any],
) -> Evaluation | str:
    table = training_name(config.filename, options)
    if 'config' not in method:
        return evaluate(config, work_dir / _slug(method.name) / table, _tested_model(method, {}))
    folder = _training_folder(method, seed, work_dir, options)
    options = {**options, **_own_options(method), 'randomness.seed': seed}
    try:
        run_stage(label, Stage(method.name, method.config, str(folder)), options)
    except DivergedError as error:
        print(error, flush=True)
        return 'diverged'
    own = f'{table}_{_slug(method.name)}' if 'model_options' in method else table
    return evaluate(config, folder / own, _tested_model(method, options), folder)


def _training_folder(
    method: ConfigDict, seed: int, work_dir: Path, options: Mapping[str, Any]
) -> Path:
    stem = training_name(method.config, options)
    training = f'{stem}_{_slug(method.name)}' if 'options' in method else stem
    return work_dir / training / f'seed_{seed}'


def _made_with(
    method: ConfigDict, seed: int, work_dir: Path, options: Mapping[str, Any]
) -> dict[str, dict[str, str]]:
    """Of the weights of a method, if it has some and they did not diverge."""
    folder = _training_folder(method, seed, work_dir, options) if 'config' in method else None
    if folder is None or last_checkpoint(folder) is None:
        return {}
    meta = read_checkpoint(folder)['meta']
    return {f'{method.name}, seed {seed}': in_words(meta) | {'config': meta.get('cfg', '')}}


def _common(made_with: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """What has to be known of all trainings, but seeds and configs."""
    values_of: dict[str, set[str]] = {}
    for one in made_with:
        for name, value in one.items():
            values_of.setdefault(name, set()).add(value)
    return {
        name: values.pop() if len(values) == 1 else 'several, see made_with.json'
        for name, values in values_of.items()
        if name not in ('seed', 'config')
    }


def _tested_model(method: ConfigDict, options: Mapping[str, Any]) -> ConfigDict:
    tested = (
        load_config(method.config, options)
        if 'config' in method
        else Config(dict(model=method.model))
    )
    tested.merge_from_dict(dict(model=method.get('model_options', {})))
    return tested.model


def _own_options(method: ConfigDict) -> dict[str, Any]:
    return dict(method.get('options', {}))


def _slug(name: str) -> str:
    """A name for a folder."""
    return re.sub(r'[^\w+-]+', '_', name.lower())


def _tell_time(start: float, done: int, total: int) -> None:
    gone = (time.monotonic() - start) / 60
    bar = '█' * (20 * done // total)
    print(
        f'{bar:░<20} {done} of {total}, {gone:.0f} min, about '
        f'{gone * (total - done) / done:.0f} min left',
        flush=True,
    )


def _command(config_path: str | Path, seeds: Sequence[int], options: Mapping[str, Any]) -> str:
    parts = ['tools/benchmark.py', config_path, '--seeds', *seeds]
    if options:
        parts += ['--cfg-options', *(f'{key}={value}' for key, value in options.items())]
    return ' '.join(map(str, parts))


def _describe(trainings: Mapping[str, Config], command: str) -> dict[str, str]:
    """What has to be known to do it again."""
    run = dict(command=command)
    for training in list(trainings.values())[:1]:
        batch, iterations = training.train_dataloader.batch_size, training.train_cfg.max_iters
        run['training of each'] = (
            f'{iterations} iterations of {batch} images, {iterations * batch} images seen'
        )
    return run | describe_machine()
