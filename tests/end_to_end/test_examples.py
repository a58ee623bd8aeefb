"""Code that people copy: cells of the notebooks, kept without outputs, and docs/inference.md."""

import json
import re

import cv2
import matplotlib.pyplot as plt
import numpy as np
import pytest

from boostgan_plugin.datasets.face_renderer import render_face
from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / 'docs/examples').glob('*.ipynb'))


def cells(path) -> list[dict]:
    return [cell for cell in json.loads(path.read_text())['cells'] if cell['cell_type'] == 'code']


def run_cells(path) -> dict:
    """The names that the cells leave. Magics would be no Python; there are none."""
    names = {'__name__': '__main__'}
    for number, cell in enumerate(cells(path)):
        exec(compile(''.join(cell['source']), f'{path.name}, cell {number}', 'exec'), names)
    return names


@pytest.fixture(autouse=True)
def shown(monkeypatch) -> list[int]:
    """How many images each figure has that was shown."""
    plt.switch_backend('Agg')
    figures = []
    monkeypatch.setattr(plt, 'show', lambda: figures.append(len(plt.gcf().axes)))
    yield figures
    plt.close('all')


@pytest.mark.parametrize('path', NOTEBOOKS, ids=lambda path: path.stem)
def test_kept_without_outputs(path):
    assert not any(cell['outputs'] or cell['execution_count'] for cell in cells(path))


def test_restore_a_face(shown):
    names = run_cells(ROOT / 'docs/examples/restore_a_face.ipynb')
    assert shown == [2, 3, 2, 2]
    hole, forehead = names['hole'], names['forehead']
    assert names['restored'][hole].std() > 5
    for one, other, where in (
        (names['none'], names['glasses'], hole),
        (names['short'], names['long'], forehead),
    ):
        assert np.array_equal(one[~where], other[~where])
        assert np.abs(one[where].astype(int) - other[where]).mean() > 1, 'told, and not heard'


def test_the_python_of_the_page_about_restoring(tmp_path, monkeypatch):
    [block] = re.findall(
        r'^```python\n(.*?)^```$',
        (ROOT / 'docs/inference.md').read_text(),
        re.MULTILINE | re.DOTALL,
    )
    monkeypatch.chdir(tmp_path)
    cv2.imwrite('face.png', render_face(40_000_002, 128).image)
    names = {}
    exec(compile(block, 'docs/inference.md', 'exec'), names)
    assert names['restored'].shape == (128, 128, 3)
    assert 0 <= names['seen']['Bangs'] <= 1
    assert np.array_equal(cv2.imread('restored.png')[..., ::-1], names['restored'])
