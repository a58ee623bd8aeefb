"""From the bytes of an image file to pixels, no more of them than are needed."""

from dataclasses import dataclass
from io import BytesIO
import math
import os
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

#: Pixels of the largest image that is decoded for a training: each worker decodes one at a time.
MAX_PIXELS = 178_956_970

#: What OpenCV's JPEG decoder can shrink by while it decodes.
_JPEG_REDUCTIONS = {
    8: cv2.IMREAD_REDUCED_COLOR_8,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    1: cv2.IMREAD_COLOR,
}
#: Markers that begin a JPEG frame, in which its size is written.
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_START, _JPEG_END = b'\xff\xd8', b'\xff\xd9'


def read_bytes(path: str) -> bytes:
    """The content of an image file.

    Raises:
        FileNotFoundError: there is no such file.
    """
    if not os.path.isfile(path):
        raise FileNotFoundError(f'image {path} does not exist')
    return Path(path).read_bytes()


def decode(data: bytes, flags: int, path: str = '') -> np.ndarray:
    """Decode the bytes of an image file with OpenCV.

    Args:
        path: for the message.

    Raises:
        ValueError: OpenCV cannot decode it, a JPEG lacks its end, which OpenCV would fill up with
            grey, or it has more than :data:`MAX_PIXELS`.
    """
    if pixels_in(data) > MAX_PIXELS:
        raise ValueError(
            f'image {path} has more than the {MAX_PIXELS / 1e6:.0f} million pixels '
            'that are trained on: make it smaller first'
        )
    if _lacks_end(data):
        raise ValueError(f'image {path} cannot be decoded: its end is missing')
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), flags) if data else None
    except cv2.error as error:
        raise ValueError(f'image {path} cannot be decoded: {error.err}') from error
    if image is None:
        raise ValueError(
            f'image {path} cannot be decoded: it is broken or of a format that OpenCV does not read'
        )
    return image


def read_image(path: str, flags: int) -> np.ndarray:
    """Decode an image file with OpenCV.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: OpenCV cannot decode it.
    """
    return decode(read_bytes(path), flags, path)


def pixels_in(data: bytes) -> float:
    """How many pixels an image file's header promises; 0 where it cannot be told."""
    try:
        if data[:2] == _JPEG_START:
            return math.prod(jpeg_size(data) or (0, 0))
        with Image.open(BytesIO(data)) as image:
            return math.prod(image.size)
    except Image.DecompressionBombError:
        return math.inf
    except Exception:  # Pillow fails in many ways over damage; OpenCV will say what matters.
        return 0


def jpeg_size(data: bytes) -> tuple[int, int] | None:
    """(height, width) as a JPEG's header has them, before any turning; None for other files."""
    place = _jpeg_frame(data)
    if place is None:
        return None
    height, width = (int.from_bytes(data[at : at + 2]) for at in (place + 5, place + 7))
    return (height, width) if height and width else None


def _jpeg_frame(data: bytes) -> int | None:
    """Where in a JPEG its frame begins; None for other files."""
    place = 2
    if data[:2] != _JPEG_START:
        return None
    while place + 9 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker in _JPEG_FRAMES:
            return place
        # Before a marker there may be any number of fill bytes.
        place += 1 if marker == 0xFF else 2 + int.from_bytes(data[place + 2 : place + 4])
    return None


def _lacks_end(data: bytes) -> bool:
    """Whether a JPEG is cut off. Before the frame a preview may have an end of its own; behind it
    no other marker is like it, and anything may follow."""
    place = _jpeg_frame(data)
    return place is not None and data.rfind(_JPEG_END) < place


@dataclass(frozen=True)
class ReducedImage:
    """An image shrunk by a whole number.

    Args:
        pixels: (ceil(H / factor), ceil(W / factor), 3) uint8 BGR, turned as EXIF data says; each is
            the mean of factor x factor pixels.
        size: (H, W) of the image itself, turned too.
        factor: 1 is the image itself.
    """

    pixels: np.ndarray
    size: tuple[int, int]
    factor: int

    def square(self, top: int, left: int, side: int) -> np.ndarray:
        """The pixels of a square that is given in pixels of the image itself."""
        short = round(side / self.factor)
        rows, columns = (
            min(max(0, round((start + side / 2) / self.factor - short / 2)), length - short)
            for start, length in zip((top, left), self.pixels.shape)
        )
        return self.pixels[rows : rows + short, columns : columns + short]


def decode_reduced(data: bytes, short_side: int, path: str = '') -> ReducedImage:
    """Decode an image as small as its short side may become, or slightly larger.

    It is shrunk by the largest whole number that leaves ``short_side``, a JPEG while it is decoded
    as far as that can be: then its short side lies between ``short_side`` and twice that. A smaller
    image stays as it is.

    Whole numbers, as what is resized twice by fractions gets soft.

    Raises:
        ValueError: OpenCV cannot decode it.
    """
    size = jpeg_size(data)
    if size is None:
        pixels = decode(data, cv2.IMREAD_COLOR, path)
        size = pixels.shape[:2]
        return _shrunk(pixels, size, _factor(size, short_side))
    factor = _factor(size, short_side)
    decoded = next(ratio for ratio in _JPEG_REDUCTIONS if ratio <= factor)
    pixels = decode(data, _JPEG_REDUCTIONS[decoded], path)
    # EXIF data may have had it turned.
    size = size if pixels.shape[:2] == _divided(size, decoded) else size[::-1]
    return _shrunk(pixels, size, factor // decoded, decoded)


def _factor(size: tuple[int, int], short_side: int) -> int:
    return max(1, min(size) // short_side)


def _divided(size: tuple[int, int], factor: int) -> tuple[int, int]:
    """Rounded up."""
    return -(-size[0] // factor), -(-size[1] // factor)


def _shrunk(pixels: np.ndarray, size: tuple[int, int], by: int, before: int = 1) -> ReducedImage:
    if by > 1:
        height, width = _divided(pixels.shape[:2], by)
        # As a JPEG does it: what is beyond the border looks like the border.
        pixels = cv2.copyMakeBorder(
            pixels,
            0,
            height * by - pixels.shape[0],
            0,
            width * by - pixels.shape[1],
            cv2.BORDER_REPLICATE,
        )
        pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    return ReducedImage(pixels, size, by * before)
