"""Very many paths in very little memory."""

from collections.abc import Iterable
import os
from pathlib import Path
import zlib

import numpy as np

#: Extensions of the formats that OpenCV decodes.
IMAGE_EXTENSIONS = frozenset({
    '.avif', '.bmp', '.dib', '.exr', '.gif', '.hdr', '.jp2', '.jpe', '.jpeg', '.jpg', '.pbm',
    '.pgm', '.pic', '.png', '.pnm', '.ppm', '.ras', '.sr', '.tif', '.tiff', '.webp'
})


class PathList:
    """An immutable list of paths, kept as one byte buffer and one array of line ends.

    Data loader workers share both by fork: no Python object is touched when a path is read.

    Args:
        lines: paths as the file system has them, one a line; empty lines are left out.
    """

    def __init__(self, lines: bytes) -> None:
        buffer = np.frombuffer(lines.rstrip(b'\n') + b'\n', dtype=np.uint8)
        ends = np.flatnonzero(buffer == ord('\n'))
        starts = np.concatenate([[0], ends[:-1] + 1])
        filled = ends > starts
        self._buffer, self._starts, self._ends = buffer, starts[filled], ends[filled]

    @classmethod
    def from_file(cls, path: str | Path) -> 'PathList':
        """One path a line."""
        return cls(Path(path).read_bytes().replace(b'\r\n', b'\n'))

    @classmethod
    def from_folder(cls, root: str | Path) -> 'PathList':
        """All images below ``root``, relative to it, sorted."""
        return cls(b'\n'.join(sorted(_images_below(os.fsencode(root)))))

    @classmethod
    def from_paths(cls, paths: Iterable[str | Path]) -> 'PathList':
        """In the given order."""
        return cls(b'\n'.join(map(os.fsencode, paths)))

    def share(self, begin: float, end: float) -> 'PathList':
        """The paths whose checksum, as a number in [0, 1), lies in [begin, end)."""
        return PathList(b'\n'.join(
            path for path in map(self._bytes, range(len(self)))
            if begin <= zlib.crc32(path) / 2**32 < end))

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, index: int) -> str:
        return os.fsdecode(self._bytes(index))

    def _bytes(self, index: int) -> bytes:
        return self._buffer[self._starts[index]:self._ends[index]].tobytes()


def _images_below(root: bytes) -> Iterable[bytes]:
    for folder, _, names in os.walk(root, followlinks=True):
        for name in names:
            if os.path.splitext(os.fsdecode(name))[1].lower() in IMAGE_EXTENSIONS:
                yield os.path.relpath(os.path.join(folder, name), root)
