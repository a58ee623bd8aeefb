"""The web page as a person uses it: a real server, a real browser, the weights of the package."""

from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip('gradio', reason='the web page is an optional extra')
pytest.importorskip('playwright.sync_api', reason='Playwright drives the browser')

from playwright.sync_api import expect  # noqa: E402

from boostgan_plugin.datasets.face_renderer import render_face  # noqa: E402
from boostgan_plugin.inference.packaged import packaged_weights  # noqa: E402

from .browser import PATIENCE, find_browser, served, visited  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_browser() is None, reason='there is no Chromium here'),
    pytest.mark.skipif('faces' not in packaged_weights(), reason='there are no packaged weights'),
]
SIDE = 256


@pytest.fixture(scope='module')
def address(tmp_path_factory):
    log = tmp_path_factory.mktemp('server') / 'log'
    with served(log, ['--device', 'cpu', '--max-megapixels', '1']) as address:
        yield address
    assert 'Traceback' not in log.read_text()


@pytest.fixture
def visitor(address):
    with visited(address) as visitor:
        yield visitor
    assert visitor.elsewhere == []
    assert visitor.errors == []


def write_face(path: Path, dtype: type) -> np.ndarray:
    """A drawn face with alpha that is no constant, BGRA as OpenCV has it."""
    face = cv2.cvtColor(render_face(40_000_001, SIDE).image, cv2.COLOR_BGR2BGRA).astype(dtype)
    face[..., 3] = np.arange(SIDE)
    if dtype == np.uint16:
        face = face * 257 + np.arange(SIDE, dtype=np.uint16)[:, None, None] % 2
    assert cv2.imwrite(str(path), face)
    return face


def test_a_person_restores_a_photo(visitor, tmp_path):
    face = write_face(tmp_path / 'face.png', np.uint16)
    visitor.upload(tmp_path / 'face.png')
    visitor.press('restore')
    assert 'Nothing is painted yet' in visitor.said()

    visitor.paint('editor', (0.35, 0.42), (0.65, 0.42), (0.65, 0.5), (0.35, 0.5))
    visitor.press('read')
    # A busy server keeps silent for longer than the visitor waits.
    expect(visitor.page.locator('#attributes')).to_contain_text('%', timeout=1000 * PATIENCE)
    results = []
    for number in range(3):
        visitor.press('restore')
        path = visitor.download(tmp_path / f'{number}.png')
        results.append(cv2.imread(str(path), cv2.IMREAD_UNCHANGED))
        if number == 0:
            visitor.switch('Eyeglasses')
        if number == 1:
            visitor.choose('hair')
            visitor.paint('strokes', (0.4, 0.42), (0.6, 0.42))
            visitor.press('tell')

    # A brush is 32 of 640 pixels wide and more to each side of where the mouse went.
    near = np.zeros((SIDE, SIDE), bool)
    near[int(0.35 * SIDE):int(0.57 * SIDE), int(0.28 * SIDE):int(0.72 * SIDE)] = True
    for result in results:
        assert result.dtype == face.dtype and result.shape == face.shape
        assert np.array_equal(result[~near], face[~near])
        assert np.array_equal(result[..., 3], face[..., 3])
        changed = (result != face).any(axis=2)
        assert changed[int(0.42 * SIDE), int(0.4 * SIDE):int(0.6 * SIDE)].mean() > 0.9
    assert not np.array_equal(results[0], results[1])
    assert not np.array_equal(results[1], results[2])


def test_what_cannot_be_done_is_said(visitor, tmp_path):
    cv2.imwrite(str(tmp_path / 'large.png'), np.zeros((1001, 1000), np.uint8))
    visitor.upload(tmp_path / 'large.png')
    assert 'large.png is too large: 1000 x 1001' in visitor.said()
    (tmp_path / 'text.png').write_text('no picture')
    visitor.upload(tmp_path / 'text.png')
    assert 'text.png is no picture' in visitor.said()
