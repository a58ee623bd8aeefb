"""A hole's surroundings, at the scale that the model was trained at."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

#: Holes are told apart on a grid of at most so many cells a side, so that their number is bounded.
_CELLS = 24
#: A window is at least so many times as large as all it has to restore.
_MARGIN = 1.5
#: What a network makes is as soft as a sharp image after a Gaussian filter of so many pixels.
_SOFTNESS = 2.5
#: Smooth continuations leave what is larger than the hole's thickness through so many.
_SMOOTH = 8


@dataclass(frozen=True)
class WindowConfig:
    """How a model wants to see an image.

    ``image_size``: side in pixels of what it was trained on, to which each window is brought.
    ``context``: side of the window around a hole, in sides of the hole; the larger, the more of the
    surroundings it sees.
    """

    image_size: int
    context: float

    @property
    def narrow(self) -> int:
        """Holes up to so many pixels wide hide nothing that a model would have to know."""
        return self.image_size // 24

    def window_side(self, thickness: float) -> int:
        """Of the window around a hole that is so many pixels thick."""
        return round(max(self.image_size, self.context * thickness))

    def size_of(self, window: 'Window') -> tuple[int, int]:
        """Height and width that a window is brought to, the longer one ``image_size``."""
        longer = max(window.size)
        height, width = (max(1, round(side * self.image_size / longer)) for side in window.size)
        return height, width

    def blur_of(self, window: 'Window', thickness: float) -> float:
        """How soft what the model makes of a hole is: the standard deviation, in the photograph's
        pixels, of a Gaussian filter that leaves as much detail.

        Args:
            thickness: of the hole, in pixels.
        """
        return _SOFTNESS * max(window.size) / max(self.size_of(window))


@dataclass(frozen=True)
class NativeWindowConfig(WindowConfig):
    """Of methods that know no size: windows stay as large as they are, at least ``smallest``
    pixels a side, but those larger than ``image_size`` are brought to that."""

    smallest: int = 48

    @property
    def narrow(self) -> int:
        """No hole is: filling it costs these methods nothing."""
        return 0

    def window_side(self, thickness: float) -> int:
        """As :meth:`WindowConfig.window_side`, but at least ``smallest``."""
        return round(max(self.smallest, self.context * thickness))

    def size_of(self, window: 'Window') -> tuple[int, int]:
        """That of the window itself, unless it is larger than ``image_size``."""
        return super().size_of(window) if max(window.size) > self.image_size else window.size

    def blur_of(self, window: 'Window', thickness: float) -> float:
        """The wider a hole, the less a smooth continuation knows of its middle."""
        return max(super().blur_of(window, thickness), thickness / _SMOOTH)


@dataclass(frozen=True)
class Window:
    """A part of an image, in pixels; ``bottom`` and ``right`` are exclusive."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """To index an image with."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.bottom - self.top, self.right - self.left


def windows_of(hole: np.ndarray, scale: WindowConfig) -> Iterator[Window]:
    """Windows around the holes of (H, W) bool, the largest hole first, until all is covered.

    A window is as large as the hole demands, never smaller than the scale wants it where the image
    is not, and it lies inside the image. Scratches and specks are visited piece by
    piece, as a window around them all would make them vanish. What a window before has covered is
    not visited again.
    """
    left = hole.copy()
    for group in _groups(hole):
        side = scale.window_side(thickness_of(left[group.slices]))
        for part in _split(group, hole, side):
            inside = _tight(part, left)
            if inside is not None:
                wanted = max(side, round(_MARGIN * max(inside.size)))
                window = window_around(inside, hole.shape, wanted)
                left[window.slices] = False
                yield window


def thickness_of(hole: np.ndarray) -> float:
    """How thick the thickest place of (H, W) bool is, in pixels; holes end where the image does."""
    framed = np.pad(hole, 1).astype(np.uint8)
    return 2 * float(cv2.distanceTransform(framed, cv2.DIST_L2, cv2.DIST_MASK_PRECISE).max())


def narrow_holes(hole: np.ndarray, width: int) -> np.ndarray:
    """Those parts of (H, W) bool that are no wider than ``width`` pixels: stripes and specks, but
    not the rim of a wide hole."""
    if width == 0:
        return np.zeros_like(hole)
    # A stripe of w pixels, w odd, is (w + 1) / 2 deep.
    depth = cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    shallow = (2 * depth - 1 <= width).astype(np.uint8)
    if shallow.all():
        return hole.copy()
    to_wide = cv2.distanceTransform(shallow, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return hole & (to_wide > width + 2)


def resize(pixels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """(H, W) or (H, W, C) float to ``size`` (H, W): by area, or smoothly where it is enlarged."""
    if pixels.shape[:2] == size:
        return pixels
    larger = size[0] > pixels.shape[0] or size[1] > pixels.shape[1]
    resized = cv2.resize(
        pixels, size[::-1], interpolation=cv2.INTER_CUBIC if larger else cv2.INTER_AREA
    )
    return resized.reshape(*size, *pixels.shape[2:])


def _cell(size: tuple[int, int]) -> int:
    return max(1, -(-max(size) // _CELLS))


def _groups(hole: np.ndarray) -> list[Window]:
    """Boxes around holes that are neighbours on a coarse grid, the largest first."""
    (height, width), cell = hole.shape, _cell(hole.shape)
    rows, columns = np.arange(0, height, cell), np.arange(0, width, cell)
    coarse = np.logical_or.reduceat(np.logical_or.reduceat(hole, rows, 0), columns, 1)
    count, _, stats, _ = cv2.connectedComponentsWithStats(coarse.astype(np.uint8))
    boxes = [
        Window(y * cell, x * cell, min(height, (y + h) * cell), min(width, (x + w) * cell))
        for x, y, w, h, _ in stats[1:count].tolist()
    ]
    return sorted(boxes, key=lambda box: (-box.size[0] * box.size[1], box.top, box.left))


def _split(group: Window, hole: np.ndarray, side: int) -> Iterator[Window]:
    """The group, or, where it is much longer than a window for its thickness, parts of it."""
    if max(group.size) <= 2 * side:
        yield group
        return
    step = max(side // 2, _cell(hole.shape))
    for top in range(group.top, group.bottom, step):
        for left in range(group.left, group.right, step):
            yield Window(top, left, min(top + step, group.bottom), min(left + step, group.right))


def _tight(box: Window, hole: np.ndarray) -> Window | None:
    """The box around the hole's pixels in ``box``; None where there are none."""
    part = hole[box.slices]
    rows, columns = np.flatnonzero(part.any(1)), np.flatnonzero(part.any(0))
    if not rows.size:
        return None
    return Window(
        int(box.top + rows[0]),
        int(box.left + columns[0]),
        int(box.top + rows[-1] + 1),
        int(box.left + columns[-1] + 1),
    )


def window_around(hole: Window, size: tuple[int, int], side: int) -> Window:
    """``side`` pixels each way with the hole in the middle, moved into the image of that size."""
    top, bottom = _span(hole.top, hole.bottom, side, size[0])
    left, right = _span(hole.left, hole.right, side, size[1])
    return Window(top, left, bottom, right)


def _span(start: int, end: int, side: int, limit: int) -> tuple[int, int]:
    side = min(side, limit)
    first = min(max(0, (start + end - side) // 2), limit - side)
    return first, first + side
