from collections.abc import Sequence
import hashlib
from pathlib import Path
import struct
import zlib

import numpy as np

from boostgan_plugin.files import replacing

from .decoding import ReducedImage, decode_reduced

#: Kind of file, checksum of the rest, height and width of the image itself, factor, height and
#: width of the pixels.
_HEADER = struct.Struct('<4sIIIIII')
_KIND = b'BGI1'


class ImageCache:
    """Reduced images on disk, named by the content of the file that they are of.

    What comes out is bit for bit what :func:`decode_reduced` gives. A file that changes gets
    another entry, and a copy or a renamed one has it already. Images that are not reduced at all
    are not kept. Pixels lie there as they are, 3 bytes each. Entries are never deleted.

    Any number of processes may use one folder at once.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def read(self, data: bytes, short_side: int, path: str = '') -> ReducedImage:
        """What :func:`decode_reduced` gives for the same arguments.

        Raises:
            ValueError: OpenCV cannot decode it.
            OSError: an entry cannot be written.
        """
        # All of the content: it has to be read to be decoded anyway, and hashing it is a tenth of
        # decoding it.
        name = f'{hashlib.sha256(data).hexdigest()}-{short_side}'
        entry = self.folder / name[:2] / name
        image = _read(entry)
        if image is None:
            image = decode_reduced(data, short_side, path)
            if image.factor > 1:
                with replacing(entry) as part:
                    part.write_bytes(_packed(image))
        return image


def _packed(image: ReducedImage) -> bytes:
    content = image.pixels.tobytes()
    numbers = (*image.size, image.factor, *image.pixels.shape[:2])
    return _HEADER.pack(_KIND, _checksum(content, numbers), *numbers) + content


def _read(entry: Path) -> ReducedImage | None:
    """None where there is no entry, or a damaged one."""
    try:
        data = entry.read_bytes()
    except FileNotFoundError:
        return None
    if len(data) < _HEADER.size:
        return None
    kind, checksum, *numbers = _HEADER.unpack_from(data)
    content = memoryview(data)[_HEADER.size :]
    if kind != _KIND or checksum != _checksum(content, numbers):
        return None
    height, width, factor, rows, columns = numbers
    pixels = np.frombuffer(content, np.uint8).reshape(rows, columns, 3)
    return ReducedImage(pixels, (height, width), factor)


def _checksum(content: bytes | memoryview, numbers: Sequence[int]) -> int:
    return zlib.crc32(content, zlib.crc32(struct.pack('<5I', *numbers)))
