"""The files of a benchmark: tables, images, and a line for each run."""

from collections.abc import Mapping
from pathlib import Path

from mmengine.config import Config

from boostgan_plugin.visualization import comparison_grid, write_image

from .evaluation import Evaluation
from .tables import Rows, markdown_table, metric_rows, write_csv

#: By method and seed; a word where a run has no result.
Results = dict[str, dict[int, Evaluation | str]]


def write_tables(out: Path, config: Config, results: Results, run: Mapping[str, str]) -> Path:
    """Write ``tables.md``, ``results.csv`` and ``comparison.png`` into ``out``.

    Args:
        config: see :func:`~boostgan_plugin.apis.benchmark.run_benchmark`.
        run: what has to be known to do it again.

    Returns:
        Path of ``tables.md``.
    """
    out.mkdir(parents=True, exist_ok=True)
    write_csv(
        out / 'results.csv',
        ['method', 'seed'],
        (
            ((name, seed), run if isinstance(run, str) else run.metrics)
            for name, runs in results.items()
            for seed, run in runs.items()
        ),
    )
    finished = _finished(results)
    images = {name: runs[0].samples for name, runs in finished.items()}
    if images:
        write_image(out / 'comparison.png', comparison_grid(images))
    rows = _rows(results, finished)
    lines = [f'# {config.title}', '', _reading(results)]
    for heading, columns in config.columns.items():
        lines += ['', f'## {heading}', '', *markdown_table(metric_rows(rows, columns))]
    if 'notes' in config:
        lines += ['', '## How to read it', '', *(f'- {note}' for note in config.notes)]
    if 'paper' in config:
        lines += [
            '',
            '## As printed in the paper, for other data',
            '',
            f'{config.paper.source}.',
            '',
            *markdown_table(_paper_rows(config.paper)),
        ]
    data = config.test_dataloader.dataset
    run = dict(run) | {
        'test data': ', '.join(
            str(data[name]) for name in ('type', 'split', 'length', 'size') if name in data
        )
    }
    lines += ['', '## The run', '', *markdown_table([['', ''], *map(list, run.items())])]
    page = out / 'tables.md'
    page.write_text('\n'.join(lines) + '\n')
    return page


def _finished(results: Results) -> dict[str, list[Evaluation]]:
    finished = {
        name: [run for run in runs.values() if isinstance(run, Evaluation)]
        for name, runs in results.items()
    }
    return {name: runs for name, runs in finished.items() if runs}


def _rows(
    results: Results, finished: dict[str, list[Evaluation]]
) -> dict[str, list[dict[str, float]] | str]:
    rows: dict[str, list[dict[str, float]] | str] = {}
    for name, runs in results.items():
        lost = [str(seed) for seed, run in runs.items() if isinstance(run, str)]
        if name in finished:
            label = name + (f' (diverged: seed {", ".join(lost)})' if lost else '')
            rows[label] = [run.metrics for run in finished[name]]
        elif runs:
            rows[name] = 'diverged'
    return rows


def _reading(results: Results) -> str:
    seeds = max(len(runs) for runs in results.values())
    if seeds == 1:
        return 'One seed. The best of each column is bold.'
    return f'Mean ± standard deviation over {seeds} seeds. The best of each column is bold.'


def _paper_rows(paper: Mapping) -> Rows:
    return [
        ['method', *paper['columns']],
        *([name, *map(str, values)] for name, values in paper['rows'].items()),
    ]
