"""A page that shows what came out."""

from collections.abc import Mapping
import csv
from html import escape
from pathlib import Path
import shutil

from mmengine.config import Config

from .comparison import Comparison

Table = Mapping[str, Mapping[str, float]]

#: Metrics of the page: key, heading, whether larger is better.
_COLUMNS = (('l1', 'l1 %', False), ('l2', 'l2 %', False), ('psnr', 'PSNR dB', True),
            ('ssim', 'SSIM', True))
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 1rem }
table { border-collapse: collapse } td, th { padding: .3rem .8rem; text-align: right }
th { border-bottom: 2px solid #888 } td:first-child, th:first-child { text-align: left }
.best { font-weight: bold } img { max-width: 100% }
"""


def write_report(out: Path, config: Config, comparison: Comparison, embedders: Table) -> Path:
    """Write ``index.html`` with its pictures, and ``metrics.csv``, into ``out``.

    Args:
        embedders: what the embedders reached on their own test data, by title.

    Returns:
        Path of the page.
    """
    comparison.write_pictures(out / 'comparison.png')
    shutil.copy(Path(config.work_dir) / 'curves.png', out)
    method = next(reversed(comparison.metrics))
    samples = f'{method.lower()}/samples/test.png'
    _write_csv(out / 'metrics.csv', comparison.metrics)
    page = out / 'index.html'
    page.write_text('\n'.join([
        f'<!doctype html><meta charset="utf-8"><title>{escape(method)}</title>',
        f'<style>{_STYLE}</style>',
        f'<h1>{escape(method)}: {escape(Path(config.filename).stem)}</h1>',
        f'<p>{len_of_test(config)} Holes and images are the same for all methods.</p>',
        '<h2>In the hole</h2>', _metric_table(comparison.metrics, '_hole'),
        '<h2>Whole image</h2>', _metric_table(comparison.metrics, ''),
        '<h2>Side by side</h2>', _picture('comparison.png'),
        '<h2>What the networks read, and the raw output</h2>', _picture(samples),
        '<h2>The networks that read</h2>', _embedder_table(embedders),
        '<h2>Training</h2>', _picture('curves.png'),
    ]) + '\n')
    return page


def len_of_test(config: Config) -> str:
    """One sentence on the test data."""
    data = config.test_dataloader.dataset
    origin = data.get('data_root') or data.type
    return escape(f"Test data: {origin}, split '{data.get('split', '')}'.")


def _metric_table(metrics: Table, suffix: str) -> str:
    keys = [f'pixel/{key}{suffix}' for key, _, _ in _COLUMNS]
    best = {key: (max if larger else min)(row[key] for row in metrics.values())
            for key, (_, _, larger) in zip(keys, _COLUMNS)}
    head = ''.join(f'<th>{heading} {"&uarr;" if larger else "&darr;"}'
                   for _, heading, larger in _COLUMNS)
    rows = ''.join(
        f'<tr><td>{escape(name)}' + ''.join(
            f'<td{" class=best" if row[key] == best[key] else ""}>{row[key]:.3f}' for key in keys)
        for name, row in metrics.items())
    return f'<table><tr><th>{head}{rows}</table>'


def _embedder_table(embedders: Table) -> str:
    shown = ('multi-label/mAP', 'multi-label/f1-score', 'mIoU', 'aAcc')
    rows = ''.join(
        f'<tr><td>{escape(name)}<td>' + ', '.join(
            f'{key.removeprefix("multi-label/")} {row[key]:.1f} %' for key in shown if key in row)
        for name, row in embedders.items())
    return f'<table><tr><th>network<th>on test images with holes{rows}</table>'


def _picture(name: str) -> str:
    return f'<p><img src="{escape(name)}" alt="{escape(Path(name).stem)}">'


def _write_csv(path: Path, metrics: Table) -> None:
    columns = sorted({key for row in metrics.values() for key in row if key.startswith('pixel/')})
    with path.open('w', newline='') as file:
        writer = csv.writer(file)
        writer.writerow(['method', *columns])
        for name, row in metrics.items():
            writer.writerow([name, *(f'{row[key]:.6g}' for key in columns)])
