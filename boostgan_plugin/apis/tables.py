"""Tables as text."""

from collections.abc import Mapping, Sequence
import math
from statistics import mean, stdev

#: The first row is the heading.
Rows = list[list[str]]


def markdown_table(rows: Rows) -> list[str]:
    """Lines of a Markdown table."""
    head, *body = rows
    return ['| ' + ' | '.join(cells) + ' |' for cells in (head, ['---'] * len(head), *body)]


def spread(values: Sequence[float], digits: int = 3) -> str:
    """Mean, and sample standard deviation where there are several values."""
    text = f'{mean(values):.{digits}f}'
    return f'{text} ± {stdev(values):.{digits}f}' if len(values) > 1 else text


def metric_rows(results: Mapping[str, Sequence[Mapping[str, float]] | str],
                columns: Sequence[Mapping[str, str]]) -> Rows:
    """A row for each method; the best mean of each column is bold.

    Args:
        results: by method, the metrics of each run; or a word where there are none.
        columns: ``key`` of the metric, ``title``, ``better``: 'larger' or 'smaller'.
    """
    arrows = dict(larger='↑', smaller='↓')
    rows = [['method', *(f'{column["title"]} {arrows[column["better"]]}' for column in columns)]]
    best = [_best(results, column) for column in columns]
    for name, runs in results.items():
        if isinstance(runs, str):
            rows.append([name, runs, *[''] * (len(columns) - 1)])
            continue
        cells = []
        for column, top in zip(columns, best):
            values = [run[column['key']] for run in runs]
            text = spread(values)
            cells.append(f'**{text}**' if mean(values) == top else text)
        rows.append([name, *cells])
    return rows


def _best(results: Mapping, column: Mapping[str, str]) -> float | None:
    means = [mean(run[column['key']] for run in runs)
             for runs in results.values() if not isinstance(runs, str)]
    means = [value for value in means if not math.isnan(value)]
    if not means:
        return None
    return (max if column['better'] == 'larger' else min)(means)
