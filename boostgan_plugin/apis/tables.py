"""Tables as text."""

from collections.abc import Iterable, Mapping, Sequence
import csv
from pathlib import Path

import numpy as np

#: The first row is the heading.
Rows = list[list[str]]
#: Which way a metric gets better; 'one': ratios, the nearer to 1.
ARROWS = dict(larger='↑', smaller='↓', one='→ 1')
#: What is largest for the best value. As a ratio, a half is as far from 1 as 2 is.
_MERITS = dict(
    larger=lambda value: value,
    smaller=lambda value: -value,
    one=lambda value: min(value, 1 / value) if value > 0 else 0,
)


def markdown_table(rows: Rows) -> list[str]:
    """Lines of a Markdown table."""
    head, *body = rows
    return ['| ' + ' | '.join(cells) + ' |' for cells in (head, ['---'] * len(head), *body)]


def spread(values: Sequence[float], digits: int = 3) -> str:
    """Mean, and sample standard deviation where there are several values."""
    text = f'{np.mean(values):.{digits}f}'
    return f'{text} ± {np.std(values, ddof=1):.{digits}f}' if len(values) > 1 else text


def metric_rows(
    results: Mapping[str, Sequence[Mapping[str, float]] | str], columns: Sequence[Mapping[str, str]]
) -> Rows:
    """A row for each method; the best mean of each column is bold.

    Args:
        results: by method, the metrics of each run; or a word where there are none.
        columns: ``key`` of the metric, ``title``, ``better``: one of :data:`ARROWS`.

    Raises:
        ValueError: there is no such metric.
    """
    rows = [['method', *(f'{column["title"]} {ARROWS[column["better"]]}' for column in columns)]]
    best = [_best(results, column) for column in columns]
    for name, runs in results.items():
        if isinstance(runs, str):
            rows.append([name, runs, *[''] * (len(columns) - 1)])
            continue
        cells = []
        for column, top in zip(columns, best):
            values = _values(runs, column)
            text = spread(values)
            cells.append(f'**{text}**' if np.mean(values) == top else text)
        rows.append([name, *cells])
    return rows


def _best(results: Mapping, column: Mapping[str, str]) -> float | None:
    means = [
        float(np.mean(_values(runs, column)))
        for runs in results.values()
        if not isinstance(runs, str)
    ]
    means = [value for value in means if np.isfinite(value)]
    if not means:
        return None
    return max(means, key=_MERITS[column['better']])


def _values(runs: Sequence[Mapping[str, float]], column: Mapping[str, str]) -> list[float]:
    for run in runs:
        if column['key'] not in run:
            raise ValueError(
                f"column '{column['title']}' wants the metric {column['key']}; "
                f'measured are {", ".join(run)}'
            )
    return [run[column['key']] for run in runs]


def write_csv(
    path: Path, labels: Sequence[str], rows: Iterable[tuple[Sequence, Mapping[str, float] | str]]
) -> None:
    """Write a line of metrics for each run.

    Args:
        labels: headings of what tells the runs apart.
        rows: those, and the metrics of the run, or a word where there are none.
    """
    rows = list(rows)
    columns = sorted(
        {key for _, metrics in rows if not isinstance(metrics, str) for key in metrics}
    )
    with path.open('w', newline='') as file:
        writer = csv.writer(file)
        writer.writerow([*labels, *columns])
        for label, metrics in rows:
            values = (
                [metrics]
                if isinstance(metrics, str)
                else [f'{metrics[key]:.6g}' if key in metrics else '' for key in columns]
            )
            writer.writerow([*label, *values])
