"""The picture of the web page in README: ``python -m tests.end_to_end.webui_screenshot OUT.png``.

Further arguments go to tools/webui.py.
"""

from pathlib import Path
import sys
from tempfile import TemporaryDirectory

from PIL import Image

from .browser import served, visited


def take_screenshot(path: Path, arguments: list[str]) -> None:
    """Glasses for a drawn face, as a person would do it."""
    with TemporaryDirectory() as folder, served(Path(folder) / 'log', arguments) as address, \
            visited(address) as visitor:
        visitor.paint('editor', (0.32, 0.45), (0.68, 0.45), (0.68, 0.53), (0.32, 0.53))
        visitor.unfold()
        visitor.press('read')
        visitor.switch('Eyeglasses')
        visitor.press('restore')
        visitor.page.mouse.move(1, 1)
        path.parent.mkdir(parents=True, exist_ok=True)
        visitor.page.screenshot(path=path)
    # A palette is small enough to be kept with the code.
    Image.open(path).convert('RGB').quantize(256, Image.Quantize.MAXCOVERAGE, 4).save(
        path, optimize=True)


if __name__ == '__main__':
    take_screenshot(Path(sys.argv[1]), sys.argv[2:])
