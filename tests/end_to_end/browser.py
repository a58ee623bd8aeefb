"""The web page as a person meets it: a server of its own, and a real browser."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
import shutil
from time import monotonic
from urllib.parse import urlsplit

import cv2
import numpy as np
from playwright.sync_api import Page, Request, sync_playwright

from boostgan_plugin.web.running import running_page

ROOT = Path(__file__).parents[2]
_FLAGS = (
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
)
#: How long two busy CPU cores may need for anything, in seconds.
PATIENCE = 300
#: Without a sign for so long, in seconds, nothing is under way.
_SILENCE = 30
#: What Gradio's image editor leaves around a photo, in pixels.
_FRAME = 30


def find_browser() -> str | None:
    """A Chromium of the system."""
    names = ('chromium', 'chromium-browser', 'google-chrome')
    return next((found for found in map(shutil.which, names) if found), None)


@contextmanager
def served(log: Path, arguments: Sequence[str] = ()) -> Iterator[str]:
    """The address of a page of its own; ``log`` gets what the server says."""
    with running_page(ROOT / 'tools/webui.py', log, arguments, PATIENCE) as page:
        yield page.address


class Visitor:
    """A person at the page; each step ends when the page has come to rest.

    ``elsewhere`` are the addresses outside this computer that were asked for, ``errors`` what went
    wrong in scripts.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        self._open: set[Request] = set()
        self._last = monotonic()
        page.set_default_timeout(1000 * PATIENCE)
        page.on('request', self._on_request)
        page.on('requestfinished', self._on_end)
        page.on('requestfailed', self._on_end)
        page.on('pageerror', lambda error: self.errors.append(str(error)))
        page.goto(address)
        page.wait_for_selector('#editor canvas')
        self._rest()

    def upload(self, path: Path) -> None:
        """Choose a photo."""
        with self.page.expect_file_chooser() as chooser:
            self.page.click('#upload')
        chooser.value.set_files(path)
        self._rest()

    def paint(self, editor: str, *points: tuple[float, float]) -> None:
        """A stroke in 'editor' or 'strokes'; points (x, y) are in shares of the photo, which is
        square."""
        box = self.page.locator(f'#{editor} canvas').first.bounding_box()
        side = min(box['width'], box['height']) - 2 * _FRAME
        places = [
            (
                box['x'] + box['width'] / 2 + (x - 0.5) * side,
                box['y'] + box['height'] / 2 + (y - 0.5) * side,
            )
            for x, y in points
        ]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*place, steps=6)
        self.page.mouse.up()
        self._rest()

    def tap(self, x: float, y: float) -> None:
        """Touch the photo; as :meth:`paint`."""
        self.paint('editor', (x, y), (x + 0.002, y))

    def choose_model(self, name: str) -> None:
        """By its name."""
        self.page.locator('#model input').click()
        self.page.get_by_role('option', name=name, exact=True).click()
        self._rest()

    def take(self, tool: str) -> None:
        """One of 'Brush', 'Outline', 'Object'."""
        self.page.locator('#tool').get_by_text(tool, exact=True).click()

    def unfold(self) -> None:
        """Open what can be told, where that is folded up."""
        button = self.page.locator('#meaning button.label-wrap')
        if not self.page.locator('#read').is_visible():
            button.click()
            self.page.wait_for_selector('#strokes canvas')
            self._rest()

    def image(self) -> np.ndarray:
        """What the editor shows, (h, w, 3) uint8 BGR."""
        shot = self.page.locator('#editor canvas').first.screenshot()
        return cv2.imdecode(np.frombuffer(shot, np.uint8), cv2.IMREAD_COLOR)

    def painted(self) -> float:
        """Fraction of the editor that is under paint."""
        blue, green, red = self.image().astype(int).transpose(2, 0, 1)
        return ((abs(blue - 138) < 9) & (abs(green - 45) < 9) & (abs(red - 255) < 9)).mean()

    def press(self, button: str) -> None:
        """One of 'read', 'tell', 'forget', 'restore', 'undo', 'clear'."""
        self.page.click(f'#{button}')
        self._rest()

    def restore(self) -> None:
        """Press the button, and wait for another result than is shown."""
        before = self._result()
        self.press('restore')
        self.until(lambda: self._result() != before)
        self._rest()

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so; a busy server takes its time."""
        end = monotonic() + PATIENCE
        while not condition():
            if monotonic() > end:
                raise TimeoutError('this never came to be')
            self.page.wait_for_timeout(200)

    def _result(self) -> list[str | None]:
        return [image.get_attribute('src') for image in self.page.locator('#result img').all()]

    def switch(self, attribute: str) -> None:
        """Turn an attribute, by its name in the model."""
        self.page.locator(f'#attributes label:has(input[name="{attribute}"])').click()

    def choose(self, region: str) -> None:
        """Choose a region, by what stands on the page."""
        self.page.locator('#region').get_by_text(region, exact=True).click()

    def download(self, path: Path) -> Path:
        """Keep the result."""
        with self.page.expect_download() as download:
            self.page.click('#download')
        download.value.save_as(path)
        return path

    def said(self) -> str:
        """The message that is shown last."""
        return self.page.locator('.toast-body').last.inner_text()

    def _on_request(self, request: Request) -> None:
        if urlsplit(request.url).scheme in ('http', 'https', 'ws', 'wss'):
            if urlsplit(request.url).hostname != '127.0.0.1':
                self.elsewhere.append(request.url)
            if '/heartbeat/' not in request.url:  # It lasts as long as the page.
                self._open.add(request)
                self._last = monotonic()

    def _on_end(self, request: Request) -> None:
        self._open.discard(request)
        self._last = monotonic()

    def _rest(self) -> None:
        """Wait until nothing has been under way for a second.

        Gradio may leave the stream of its answers open, when one handler overtakes another; after
        half a minute without a sign of anything else it is taken for that.
        """
        self.page.evaluate('new Promise(done => requestAnimationFrame(done))')
        end, self._last = monotonic() + PATIENCE, monotonic()
        while self._open or monotonic() < self._last + 1:
            silent = monotonic() > self._last + _SILENCE
            if silent and all('/queue/data' in one.url for one in self._open):
                break
            if monotonic() > end:
                raise TimeoutError(f'still under way: {[one.url for one in self._open]}')
            self.page.wait_for_timeout(100)


@contextmanager
def visited(address: str, width: int = 1280, height: int = 800) -> Iterator[Visitor]:
    """A person who has just opened the page in a window of that size; a narrow one has touch."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=_FLAGS)
        page = browser.new_page(viewport=dict(width=width, height=height), has_touch=width < 700)
        yield Visitor(page, address)
        browser.close()
