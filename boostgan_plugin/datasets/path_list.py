"""Very many paths in very little memory."""

from array import array
from collections import deque
from collections.abc import Collection, Container, Iterable, Iterator
import os
from pathlib import Path
import warnings
import zlib

import numpy as np

from boostgan_plugin.image_files import OTHER_IMAGES, is_image_name


class PathList:
    """An immutable list of paths, kept as one byte buffer and one array of the paths' ends.

    Data loader workers share both by fork: no Python object is touched when a path is read.

    Args:
        paths: as the file system has them.
        split_range: only paths whose checksum, as a number in [0, 1), lies in [first, last).
    """

    def __init__(self, paths: Iterable[bytes], split_range: tuple[float, float] = (0, 1)) -> None:
        begin, end = split_range
        buffer, ends = bytearray(), array('q')
        for path in paths:
            if begin <= zlib.crc32(path) / 2**32 < end:
                buffer += path
                ends.append(len(buffer))
        self._buffer = np.frombuffer(buffer, dtype=np.uint8)
        self._ends = np.frombuffer(ends, dtype=np.int64)

    @classmethod
    def from_file(cls, path: str | Path, split_range: tuple[float, float] = (0, 1)) -> 'PathList':
        """One path a line; empty lines are left out."""
        with Path(path).open('rb') as file:
            return cls(filter(None, (line.rstrip(b'\r\n') for line in file)), split_range)

    @classmethod
    def from_folder(cls, root: str | Path, split_range: tuple[float, float] = (0, 1)) -> 'PathList':
        """All images below ``root``, relative to it, sorted: every real file once, however many
        links lead to it. Hidden files and folders are left out; images of formats that are not
        read are, too, with a warning.

        Raises:
            PermissionError: a folder may not be read.
        """
        found = sorted(_images_below(os.fsencode(root)))
        paths = [path for path in found if is_image_name(os.fsdecode(os.path.basename(path)))]
        if len(paths) < len(found):
            _warn_of_unread(root, set(found) - set(paths))
        return cls(paths, split_range)

    @classmethod
    def from_paths(cls, paths: Iterable[str | Path]) -> 'PathList':
        """In the given order."""
        return cls(map(os.fsencode, paths))

    def without(self, root: str, left_out: Container[str]) -> 'PathList':
        """Those that, joined to ``root``, are not left out."""
        return PathList.from_paths(
            path
            for path in map(self.__getitem__, range(len(self)))
            if os.path.join(root, path) not in left_out
        )

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, index: int) -> str:
        index = range(len(self))[index]
        start = self._ends[index - 1] if index else 0
        return os.fsdecode(self._buffer[start : self._ends[index]].tobytes())


def _warn_of_unread(root: str | Path, paths: Collection[bytes]) -> None:
    warnings.warn(
        f'{len(paths)} images below {root} are left out, as their format is not read: '
        f'{os.fsdecode(min(paths))}{" and others" if len(paths) > 1 else ""}. Save them '
        'as JPEG or PNG',
        stacklevel=3,
    )


def _is_image(name: str) -> bool:
    """Whether it is to be listed, or to be told of."""
    return is_image_name(name) or (
        not name.startswith('.') and Path(name).suffix.lower() in OTHER_IMAGES
    )


def _images_below(root: bytes) -> Iterator[bytes]:
    """Every real image once, relative to ``root``. What links lead to comes last, and only if it
    was not met without them: an image keeps its path, and its split, when links are added. A link
    to a folder that ``root`` lies in leads in a circle."""
    above = set(map(_identity, _parents(os.path.realpath(root))))
    folders, targets, links = set(), set(), deque([root])
    while links:
        start = links.popleft()
        if not os.path.isdir(start):
            if _is_new_file(start, folders, targets):
                yield os.path.relpath(start, root)
            continue
        if _identity(start) in above:
            continue
        for path in _below(start, folders):
            if os.path.islink(path):
                links.append(path)
            else:
                yield os.path.relpath(path, root)


def _below(start: bytes, folders: set[tuple[int, int]]) -> Iterator[bytes]:
    """Images and links in a folder and all real ones below it that are not yet among
    ``folders``, which they join."""
    waiting = [start]
    while waiting:
        folder = waiting.pop()
        identity = _identity(folder)
        if identity in folders:
            continue
        folders.add(identity)
        with os.scandir(folder) as entries:
            for entry in entries:
                name = os.fsdecode(entry.name)
                if entry.is_dir(follow_symlinks=False) and not name.startswith('.'):
                    waiting.append(entry.path)
                elif _is_image(name) or (
                    entry.is_symlink() and entry.is_dir() and not name.startswith('.')
                ):
                    yield entry.path


def _is_new_file(link: bytes, folders: set[tuple[int, int]], targets: set[bytes]) -> bool:
    """Whether what a link leads to was not listed before. One that leads nowhere is: whoever reads
    it shall say so."""
    target = os.path.realpath(link)
    folder, name = os.path.split(target)
    known = target in targets or (
        _is_image(os.fsdecode(name)) and os.path.isfile(target) and _identity(folder) in folders
    )
    targets.add(target)
    return not known


def _parents(path: bytes) -> Iterator[bytes]:
    while (parent := os.path.dirname(path)) != path:
        yield parent
        path = parent


def _identity(folder: bytes) -> tuple[int, int]:
    state = os.stat(folder)
    return state.st_dev, state.st_ino
