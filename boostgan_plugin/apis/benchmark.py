"""A table of the paper: every method trained with every seed, tested on the same data."""

from collections.abc import Mapping, Sequence
import csv
from pathlib import Path
import time
from typing import Any

from mmengine.config import Config, ConfigDict

from boostgan_plugin.visualization import comparison_grid, write_picture

from .evaluation import Evaluation, evaluate
from .machine import describe_machine
from .runs import load_config
from .stages import DivergedError, Stage, needed_networks, run_stage
from .tables import Rows, markdown_table, metric_rows

Results = dict[str, dict[int, Evaluation | str]]


def run_benchmark(config_path: str | Path, seeds: Sequence[int], work_dir: str | Path,
                  out: str | Path, options: Mapping[str, Any] | None = None) -> Path:
    """Train and test what is not done yet; write the tables anew after each method.

    The config is one for testing, without a model, and has ``methods``: each a ``name`` with the
    ``config`` of a training, or with a ``model`` that needs none; ``columns`` of the table (see
    :func:`metric_rows`), ``title``, ``notes``, and the ``paper``'s own numbers.

    Args:
        seeds: each is a training of its own.
        work_dir: trainings go to ``<work_dir>/<name of the config>/seed_<seed>``, so that
            several tables share them.
        out: where ``tables.md``, ``results.csv`` and ``comparison.png`` go.
        options: overrides for the configs, of the table and of the trainings.

    Returns:
        Path of ``tables.md``.

    Raises:
        ValueError: the methods are not trained on the same images, or not on as many.
        RuntimeError: a training failed; one that diverges does not end the others.
    """
    options = dict(options or {})
    config = load_config(config_path, options)
    shared = {key: value for key, value in options.items() if '.' not in key}
    trainings = {method.name: load_config(method.config, options)
                 for method in config.methods if 'config' in method}
    _check_fairness(trainings)
    _train_networks([config, *trainings.values()], shared)
    cells = [(method, seed) for seed in seeds for method in config.methods
             if 'config' in method or seed == seeds[0]]
    results: Results = {method.name: {} for method in config.methods}
    start = time.monotonic()
    for number, (method, seed) in enumerate(cells, 1):
        label = f'[{number}/{len(cells)}] {method.name}, seed {seed}'
        results[method.name][seed] = _run_cell(label, config, method, seed, Path(work_dir),
                                               options)
        page = _write(Path(out), config, results, trainings, config_path)
        _tell_time(start, number, len(cells))
    return page


def _check_fairness(trainings: Mapping[str, Config]) -> None:
    first = None
    for name, training in trainings.items():
        seen = dict(train_dataloader=training.train_dataloader,
                    max_iters=training.train_cfg.max_iters)
        if first is None:
            first = name, seen
        for key, value in seen.items():
            if value != first[1][key]:
                raise ValueError(f'{name} and {first[0]} differ in {key}: a comparison needs the '
                                 'same images and as many of them')


def _train_networks(configs: Sequence[Config], options: Mapping[str, Any]) -> None:
    stages = {stage: None for config in configs for stage in needed_networks(config)}
    for stage in stages:
        run_stage(f'[first] {stage.title}', stage, options)


def _run_cell(label: str, config: Config, method: ConfigDict, seed: int, work_dir: Path,
              options: Mapping[str, Any]) -> Evaluation | str:
    table = Path(config.filename).stem
    if 'config' not in method:
        folder = work_dir / method.name.lower().replace(' ', '_') / table
        return evaluate(config, folder, method.model)
    folder = work_dir / Path(method.config).stem / f'seed_{seed}'
    options = {**options, 'randomness.seed': seed}
    try:
        run_stage(label, Stage(method.name, method.config, str(folder)), options)
    except DivergedError as error:
        print(error, flush=True)
        return 'diverged'
    model = load_config(method.config, options).model
    return evaluate(config, folder / table, model, folder)


def _tell_time(start: float, done: int, total: int) -> None:
    gone = (time.monotonic() - start) / 60
    bar = '█' * (20 * done // total)
    print(f'{bar:░<20} {done} of {total}, {gone:.0f} min, about '
          f'{gone * (total - done) / done:.0f} min left', flush=True)


def _write(out: Path, config: Config, results: Results, trainings: Mapping[str, Config],
           config_path: str | Path) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    _write_csv(out / 'results.csv', results)
    pictures = {name: first.samples for name, runs in results.items()
                for first in list(runs.values())[:1] if isinstance(first, Evaluation)}
    if pictures:
        write_picture(out / 'comparison.png', comparison_grid(pictures))
    lines = [f'# {config.title}', '', *markdown_table(metric_rows(_rows(results), config.columns)),
             '', _reading(results), '', *(f'- {note}' for note in config.get('notes', ()))]
    if 'paper' in config:
        lines += ['', '## As printed in the paper, for other data', '', f'{config.paper.source}.',
                  '', *markdown_table(_paper_rows(config.paper))]
    lines += ['', '## The run', '',
              *markdown_table(_run_rows(config, results, trainings, config_path))]
    page = out / 'tables.md'
    page.write_text('\n'.join(lines) + '\n')
    return page


def _rows(results: Results) -> dict[str, list[dict[str, float]] | str]:
    rows: dict[str, list[dict[str, float]] | str] = {}
    for name, runs in results.items():
        finished = [run.metrics for run in runs.values() if isinstance(run, Evaluation)]
        lost = [str(seed) for seed, run in runs.items() if isinstance(run, str)]
        if finished:
            rows[name + (f' (diverged: seed {", ".join(lost)})' if lost else '')] = finished
        elif runs:
            rows[name] = 'diverged'
    return rows


def _reading(results: Results) -> str:
    seeds = max(len(runs) for runs in results.values())
    if seeds == 1:
        return 'One seed. The best of each column is bold.'
    return f'Mean ± standard deviation over {seeds} seeds. The best of each column is bold.'


def _paper_rows(paper: Mapping) -> Rows:
    return [['method', *paper['columns']],
            *([name, *map(str, values)] for name, values in paper['rows'].items())]


def _run_rows(config: Config, results: Results, trainings: Mapping[str, Config],
              config_path: str | Path) -> Rows:
    seeds = sorted({seed for runs in results.values() for seed in runs})
    data = config.test_dataloader.dataset
    run = {'command': f'tools/benchmark.py {config_path} --seeds {" ".join(map(str, seeds))}',
           'test data': ', '.join(str(data[name]) for name in ('type', 'split', 'length', 'size')
                                  if name in data)}
    for training in list(trainings.values())[:1]:
        batch, iterations = training.train_dataloader.batch_size, training.train_cfg.max_iters
        run['training of each'] = (f'{iterations} iterations of {batch} images, '
                                   f'{iterations * batch} images seen')
    run |= describe_machine()
    return [['', ''], *([key, str(value)] for key, value in run.items())]


def _write_csv(path: Path, results: Results) -> None:
    runs = [(name, seed, run) for name, by_seed in results.items()
            for seed, run in by_seed.items()]
    columns = sorted({key for *_, run in runs if isinstance(run, Evaluation)
                      for key in run.metrics if not key.endswith('time')})
    with path.open('w', newline='') as file:
        writer = csv.writer(file)
        writer.writerow(['method', 'seed', *columns])
        for name, seed, run in runs:
            values = ([f'{run.metrics[key]:.6g}' if key in run.metrics else '' for key in columns]
                      if isinstance(run, Evaluation) else [run])
            writer.writerow([name, seed, *values])
