"""The files of people while they are at the page: so many bytes, for so long."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from time import time

from gradio.image_utils import save_image
import numpy as np

#: Who leaves may come back within so many seconds: phones close what is not looked at.
_RETURN = 600


class Storage:
    """A folder whose files go when they are old, and the oldest ones when there are too many.

    What is there already stays; so does what nobody may delete here.

    Args:
        room: in bytes.
        age: in seconds since a file was last written or kept.
    """

    def __init__(self, folder: Path, room: int, age: float) -> None:
        self._folder = folder
        self._room = room
        self._age = age
        self._lasting = set(_files(folder))
        self._lock = Lock()
        self._of: dict[str, set[Path]] = defaultdict(set)

    def write(self, image: np.ndarray) -> Path:
        """An image, RGB or RGBA (h, w, C) uint8, as a PNG named after what it shows.

        At once, which Gradio's own way is not: others may be reading a file of the same image, as
        all who visit see the first example, and all begin with nothing painted.
        """
        with TemporaryDirectory(dir=self._folder) as folder:
            part = Path(save_image(image, folder, 'png'))
            copy = self._folder / part.relative_to(folder)
            with self._lock:  # Making room removes folders that are empty.
                copy.parent.mkdir(exist_ok=True)
                return part.replace(copy)

    def make_room(self, coming: int = 0) -> None:
        """Delete what is too old, and so many of the oldest files that ``coming`` bytes fit in."""
        with self._lock:
            files = sorted(
                (stat.st_mtime, path, stat.st_size)
                for path, stat in _stats(
                    path for path in _files(self._folder) if path not in self._lasting
                )
            )
            left, now = coming + sum(size for *_, size in files), time()
            for written, path, size in files:
                if left <= self._room and written > now - self._age:
                    break
                with suppress(FileNotFoundError):
                    path.unlink()
                left -= size
                with suppress(OSError):  # Others are in it.
                    path.parent.rmdir()

    def give(self, session: str, *paths: Path) -> None:
        """Files that are for one session."""
        with self._lock:
            self._of[session].update(paths)

    def leave(self, session: str) -> None:
        """A session ended: its files go in ten minutes, or earlier if room is needed."""
        with self._lock:
            for path in self._of.pop(session, ()):
                _set_time(path, time() - self._age + min(_RETURN, self._age))

    def keep(self, path: Path) -> bool:
        """Let a file count as new; whether it is still there."""
        return _set_time(path, time())


def _files(folder: Path) -> list[Path]:
    return [Path(at) / name for at, _, names in os.walk(folder) for name in names]


def _stats(paths: Iterable[Path]) -> list[tuple[Path, os.stat_result]]:
    found = []
    for path in paths:
        with suppress(FileNotFoundError):  # Others delete as well.
            found.append((path, path.stat()))
    return found


def _set_time(path: Path, when: float) -> bool:
    try:
        os.utime(path, (when, when))
    except FileNotFoundError:
        return False
    return True
