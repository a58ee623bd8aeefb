"""The images of the web page: ``python -m tests.end_to_end.webui_screenshot OUT.png``.

Further arguments go to tools/webui.py.
"""

from pathlib import Path
import sys
from tempfile import TemporaryDirectory

from PIL import Image

from .browser import Visitor, served, visited

#: Names of the images, and the windows that they show.
_WINDOWS = {'': (1280, 800), '_phone': (390, 844)}


def take_screenshots(path: Path, arguments: list[str]) -> None:
    """Glasses for a drawn face, as a person would do it, in a wide window and on a phone."""
    with TemporaryDirectory() as folder, served(Path(folder) / 'log', arguments) as address:
        for name, window in _WINDOWS.items():
            with visited(address, *window) as visitor:
                _take(visitor, path.with_stem(path.stem + name))


def _take(visitor: Visitor, path: Path) -> None:
    visitor.paint('editor', (0.32, 0.45), (0.68, 0.45), (0.68, 0.53), (0.32, 0.53))
    if visitor.page.locator('#read').is_visible():
        visitor.press('read')
        visitor.switch('Eyeglasses')
        visitor.press('restore')
    visitor.page.mouse.move(1, 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    visitor.page.screenshot(path=path, full_page=visitor.page.viewport_size['width'] > 700)
    # A palette is small enough to be kept with the code.
    Image.open(path).convert('RGB').quantize(256, Image.Quantize.MAXCOVERAGE, 4).save(
        path, optimize=True
    )


if __name__ == '__main__':
    take_screenshots(Path(sys.argv[1]), sys.argv[2:])
