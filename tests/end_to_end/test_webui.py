"""The web page as a person uses it: a real server, a real browser, the weights of the package."""

from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

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
DESKTOP, PHONE = (1280, 800), (390, 844)
both_widths = pytest.mark.parametrize(
    'visitor', [DESKTOP, PHONE], indirect=True, ids=['desktop', 'phone']
)


@pytest.fixture(scope='module')
def address(tmp_path_factory):
    log = tmp_path_factory.mktemp('server') / 'log'
    with served(log, ['--device', 'cpu', '--max-megapixels', '1']) as address:
        yield address
    assert 'Traceback' not in log.read_text()


@pytest.fixture
def visitor(address, request):
    with visited(address, *getattr(request, 'param', DESKTOP)) as visitor:
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


@both_widths
def test_all_that_is_needed_is_in_reach(visitor, tmp_path):
    for name in ('upload', 'tool', 'editor', 'undo', 'clear', 'restore'):
        box = visitor.page.locator(f'#{name}').bounding_box()
        size = visitor.page.viewport_size
        assert box['y'] >= 0 and box['y'] + box['height'] <= size['height'], name
        assert box['x'] >= 0 and box['x'] + box['width'] <= size['width'], name
    wide = visitor.page.evaluate('document.documentElement.scrollWidth > innerWidth')
    assert not wide, 'there is nothing to scroll to at the side'

    cv2.imwrite(str(tmp_path / 'holiday.jpg'), render_face(40_000_002, SIDE).image)
    visitor.upload(tmp_path / 'holiday.jpg')
    visitor.paint('editor', (0.4, 0.5), (0.6, 0.5))
    visitor.press('restore')
    expect(visitor.page.locator('#download')).to_be_enabled(timeout=1000 * PATIENCE)
    expect(visitor.page.locator('#download')).to_be_in_viewport(ratio=1)
    with visitor.page.expect_download() as download:
        visitor.page.click('#download')
    assert download.value.suggested_filename == 'holiday_restored.png'


@both_widths
def test_outline_and_object_are_selected_undone_and_cleared(visitor, tmp_path):
    pixels = np.random.default_rng(0).normal((160, 110, 70), 12, (SIDE, SIDE, 3))
    cv2.circle(pixels, (128, 128), 50, (40, 60, 210), -1)
    cv2.imwrite(str(tmp_path / 'ball.png'), pixels.clip(0, 255).astype(np.uint8))
    visitor.upload(tmp_path / 'ball.png')
    # As a fraction of the photo, from the ball that is seen.
    blue, _, red = visitor.image().astype(int).transpose(2, 0, 1)
    ball = (red > blue + 80).mean()
    # The tools over the photo have a spot of the paint's colour.
    nothing = 0.001
    assert visitor.painted() < nothing

    visitor.take('Object')
    visitor.tap(0.5, 0.5)
    visitor.until(lambda: visitor.painted() > 0.9 * ball)
    assert visitor.painted() < 1.2 * ball
    visitor.take('Outline')
    visitor.paint('editor', (0.05, 0.05), (0.25, 0.05), (0.25, 0.25), (0.05, 0.25), (0.05, 0.07))
    photo = ball * SIDE**2 / (np.pi * 50**2)
    visitor.until(lambda: visitor.painted() > ball + 0.95 * 0.2**2 * photo)
    both = visitor.painted()
    visitor.press('undo')
    visitor.until(lambda: 0.9 * ball < visitor.painted() < 1.2 * ball)
    visitor.press('clear')
    visitor.until(lambda: visitor.painted() < nothing)
    blue, _, red = visitor.image().astype(int).transpose(2, 0, 1)
    assert (red > blue + 80).mean() == pytest.approx(ball, rel=0.02), 'the photo stays'
    visitor.press('undo')
    visitor.take('Brush')
    visitor.paint('editor', (0.8, 0.8), (0.9, 0.8))
    visitor.until(lambda: 0.9 * ball < visitor.painted() < both)


@both_widths
def test_a_person_restores_a_photo(visitor, tmp_path):
    face = write_face(tmp_path / 'face.png', np.uint16)
    visitor.upload(tmp_path / 'face.png')
    visitor.choose_model('faces')  # A face that is seldom drawn.
    visitor.press('restore')
    assert 'Nothing is painted yet' in visitor.said()

    visitor.paint('editor', (0.35, 0.42), (0.65, 0.42), (0.65, 0.5), (0.35, 0.5))
    visitor.unfold()
    visitor.press('read')
    # A busy server keeps silent for longer than the visitor waits.
    expect(visitor.page.locator('#attributes')).to_contain_text('%', timeout=1000 * PATIENCE)
    results = []
    for number in range(3):
        visitor.restore()
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
    near[int(0.35 * SIDE) : int(0.57 * SIDE), int(0.28 * SIDE) : int(0.72 * SIDE)] = True
    for result in results:
        assert result.dtype == face.dtype and result.shape == face.shape
        assert np.array_equal(result[~near], face[~near])
        assert np.array_equal(result[..., 3], face[..., 3])
        changed = (result != face).any(axis=2)
        assert changed[int(0.42 * SIDE), int(0.4 * SIDE) : int(0.6 * SIDE)].mean() > 0.9
    assert not np.array_equal(results[0], results[1])
    assert not np.array_equal(results[1], results[2])


def test_what_the_weights_know_is_said(visitor, tmp_path):
    knows = visitor.page.locator('#knows')
    expect(knows).to_contain_text('portraits that a program drew')  # So is the first example.
    expect(knows).not_to_contain_text('unlike')
    visitor.choose_model('photos')
    expect(knows).to_contain_text('animals, buildings, landscapes')
    noise = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    cv2.imwrite(str(tmp_path / 'noise.png'), noise)
    visitor.upload(tmp_path / 'noise.png')
    expect(visitor.page.locator('#model input')).to_have_value('patches')
    expect(knows).not_to_contain_text('portraits')
    visitor.choose_model('faces')
    expect(knows).to_contain_text('unlike what the model was trained on')


def test_large_requests_are_refused(address):
    for path, kind in (
        ('gradio_api/queue/join', 'application/json'),
        ('gradio_api/component_server', 'application/json'),
        ('gradio_api/upload', 'multipart/form-data; boundary=x'),
    ):
        # Refused by what is declared: who sends all the same may find the line cut.
        connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        connection.putrequest('POST', f'/{path}')
        connection.putheader('Content-Type', kind)
        connection.putheader('Content-Length', str(26 * 2**20))
        connection.endheaders()
        assert connection.getresponse().status == 413, path
        connection.close()


def test_what_cannot_be_done_is_said(visitor, tmp_path):
    cv2.imwrite(str(tmp_path / 'large.png'), np.zeros((1001, 1000), np.uint8))
    visitor.upload(tmp_path / 'large.png')
    assert 'large.png is too large: 1000 x 1001' in visitor.said()
    (tmp_path / 'text.png').write_text('no image')
    visitor.upload(tmp_path / 'text.png')
    assert 'text.png is no image' in visitor.said()
