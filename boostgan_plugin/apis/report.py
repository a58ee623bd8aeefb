"""A page that shows what came out."""

from collections.abc import Mapping
from pathlib import Path
import shutil

from jinja2 import Environment, PackageLoader, StrictUndefined
from mmengine.config import Config

from boostgan_plugin.visualization import comparison_grid, write_image

from .evaluation import Evaluation
from .tables import Rows, markdown_table, metric_rows, write_csv

Table = Mapping[str, Mapping[str, float]]

#: Metrics of the page: key, heading, which way they get better.
_METRICS = (
    ('l1', 'l1 %', 'smaller'),
    ('l2', 'l2 %', 'smaller'),
    ('psnr', 'PSNR dB', 'larger'),
    ('ssim', 'SSIM', 'larger'),
)
_IMAGES = {
    'Side by side': 'comparison.png',
    'What the networks read, and the raw output': 'samples.png',
    'Training': 'curves.png',
}


def write_report(
    out: Path,
    config: Config,
    evaluations: Mapping[str, Evaluation],
    embedders: Table,
    run: Mapping[str, str],
) -> Path:
    """Write ``index.html`` with its images, and the tables as Markdown and CSV, into ``out``.

    Args:
        evaluations: by the method's title, the trained one last; its images are in
            ``out/trained``.
        embedders: what the embedders reached on their own test data, by title.
        run: what has to be known to do it again.

    Returns:
        Path of the page.
    """
    write_image(
        out / 'comparison.png',
        comparison_grid({title: evaluation.samples for title, evaluation in evaluations.items()}),
    )
    shutil.copy(Path(config.work_dir) / 'curves.png', out)
    metrics = {title: evaluation.metrics for title, evaluation in evaluations.items()}
    method = next(reversed(metrics))
    shutil.copy(out / 'trained/samples/test.png', out / 'samples.png')
    write_csv(out / 'metrics.csv', ['method'], (([name], row) for name, row in metrics.items()))
    tables = {
        'In the hole': _metric_rows(metrics, '_hole'),
        'Whole image': _metric_rows(metrics, ''),
        'The networks that read, on test images with holes': _embedder_rows(embedders),
        'The run': [['', ''], *map(list, run.items())],
    }
    title = f'{method}: {Path(config.filename).stem}'
    note = (
        f'{_test_data(config)} Images and holes are the same for all methods. In the hole, '
        f'{method} is best on {_times_best(metrics, method)} of {len(_METRICS)} '
        'metrics.'
    )
    (out / 'tables.md').write_text(_markdown(title, note, tables))
    page = out / 'index.html'
    page.write_text(_page(title, note, tables))
    return page


def _test_data(config: Config) -> str:
    data = config.test_dataloader.dataset
    count = f'{data.length} images of ' if 'length' in data else ''
    return f'Test data: {data.type}, {count}{data.get("split") or data.get("ann_file")}.'


def _columns(suffix: str) -> list[dict[str, str]]:
    return [
        dict(key=f'pixel/{key}{suffix}', title=title, better=better)
        for key, title, better in _METRICS
    ]


def _metric_rows(metrics: Table, suffix: str) -> Rows:
    return metric_rows({name: [row] for name, row in metrics.items()}, _columns(suffix))


def _times_best(metrics: Table, method: str) -> int:
    row = next(row for row in _metric_rows(metrics, '_hole') if row[0] == method)
    return sum(cell.startswith('**') for cell in row)


def _embedder_rows(embedders: Table) -> Rows:
    shown = ('multi-label/mAP', 'multi-label/f1-score', 'mIoU', 'aAcc')
    return [
        ['network', 'reached'],
        *(
            [
                name,
                ', '.join(
                    f'{key.removeprefix("multi-label/")} {row[key]:.1f} %'
                    for key in shown
                    if key in row
                ),
            ]
            for name, row in embedders.items()
        ),
    ]


def _markdown(title: str, note: str, tables: Mapping[str, Rows]) -> str:
    lines = [f'# {title}', '', note]
    for heading, rows in tables.items():
        lines += ['', f'## {heading}', '', *markdown_table(rows)]
    return '\n'.join(lines) + '\n'


def _page(title: str, note: str, tables: Mapping[str, Rows]) -> str:
    templates = Environment(
        loader=PackageLoader('boostgan_plugin.apis'),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = templates.get_template('report.html')
    return template.render(title=title, note=note, tables=tables, images=_IMAGES)
