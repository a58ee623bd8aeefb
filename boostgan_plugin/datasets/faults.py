"""What is wrong with a file that shall be trained on."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from .transforms.decoding import decode, pixels_in

#: What mmseg's labels say where nothing is known.
_UNKNOWN = 255


def image_fault(path: str, least: int = 0) -> str | None:
    """Why an image cannot be trained on, in words; None if it can.

    Args:
        least: pixels that its short side has to have.
    """
    return _first_fault(path, lambda data: _image_fault(data, least))


def label_map_fault(path: str, classes: int, from_one: bool = False) -> str | None:
    """Why a label map of mmseg cannot be trained on, in words; None if it can.

    Args:
        classes: how many there are; their numbers begin at 0, 255 is unknown.
        from_one: the numbers begin at 1, 0 is unknown (``reduce_zero_label``).
    """
    return _first_fault(path, lambda data: _label_map_fault(data, classes, from_one))


def _first_fault(path: str, look: Callable[[bytes], str | None]) -> str | None:
    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        return 'does not exist, or is a link that leads nowhere'
    except OSError as error:
        return f'cannot be read: {error.strerror}'
    return look(data) if data else 'is empty'


def _image_fault(data: bytes, least: int) -> str | None:
    try:
        pixels = decode(data, cv2.IMREAD_COLOR)
    except ValueError as error:
        return str(error).removeprefix('image  ')
    if min(pixels.shape[:2]) < least:
        return f'is {pixels.shape[1]} x {pixels.shape[0]}, smaller than the crop of {least} px'
    return _pillows_fault(data)


def _pillows_fault(data: bytes) -> str | None:
    """Pillow is stricter: OpenCV fills up what is missing of some formats."""
    try:
        image = Image.open(BytesIO(data))
    except Exception:  # Not all that OpenCV reads is known to Pillow.
        return None
    try:
        image.load()
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        return f'cannot be decoded: {error}'
    return None


def _label_map_fault(data: bytes, classes: int, from_one: bool) -> str | None:
    if pixels_in(data) == 0:
        return 'cannot be decoded'
    try:
        labels = np.asarray(Image.open(BytesIO(data)))
    except Exception as error:  # Pillow fails in many ways over damage.
        return f'cannot be decoded: {error}'
    if labels.ndim != 2:
        return f'is an image of {labels.shape[2]} channels; expected one, class numbers'
    allowed = range(from_one, classes + from_one)
    strange = np.setdiff1d(labels, [*allowed, _UNKNOWN, *([0] if from_one else [])])
    if strange.size:
        return (
            f'holds the class number {strange[0]}; allowed are {allowed[0]} to {allowed[-1]}, '
            f'and {_UNKNOWN} for unknown'
        )
    return None
