"""Very many paths in very little memory."""

from array import array
from collections.abc import Iterable
import os
from pathlib import Path
import zlib

import numpy as np

from boostgan_plugin.image_files import IMAGE_EXTENSIONS


class PathList:
    """An immutable list of paths, kept as one byte buffer and one array of the paths' ends.

    Data loader workers share both by fork: no Python object is touched when a path is read.

    Args:
        paths: as the file system has them.
        share: only paths whose checksum, as a number in [0, 1), lies in [first, last).
    """

    def __init__(self, paths: Iterable[bytes], share: tuple[float, float] = (0, 1)) -> None:
        begin, end = share
        buffer, ends = bytearray(), array('q')
        for path in paths:
            if begin <= zlib.crc32(path) / 2**32 < end:
                buffer += path
                ends.append(len(buffer))
        self._buffer = np.frombuffer(buffer, dtype=np.uint8)
        self._ends = np.frombuffer(ends, dtype=np.int64)

    @classmethod
    def from_file(cls, path: str | Path, share: tuple[float, float] = (0, 1)) -> 'PathList':
        """One path a line; empty lines are left out."""
        with Path(path).open('rb') as file:
            return cls(filter(None, (line.rstrip(b'\r\n') for line in file)), share)

    @classmethod
    def from_folder(cls, root: str | Path, share: tuple[float, float] = (0, 1)) -> 'PathList':
        """All images below ``root``, relative to it, sorted."""
        return cls(sorted(_images_below(os.fsencode(root))), share)

    @classmethod
    def from_paths(cls, paths: Iterable[str | Path]) -> 'PathList':
        """In the given order."""
        return cls(map(os.fsencode, paths))

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, index: int) -> str:
        index = range(len(self))[index]
        start = self._ends[index - 1] if index else 0
        return os.fsdecode(self._buffer[start:self._ends[index]].tobytes())


def _images_below(root: bytes) -> Iterable[bytes]:
    for folder, _, names in os.walk(root, followlinks=True):
        for name in names:
            if os.path.splitext(os.fsdecode(name))[1].lower() in IMAGE_EXTENSIONS:
                yield os.path.relpath(os.path.join(folder, name), root)
