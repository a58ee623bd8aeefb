"""Antialiased vector shapes on an RGB image together with a map of labels."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from .parameters import Colour

Shapes = np.ndarray | Sequence[np.ndarray]
"""A polygon (n, 2), several (k, n, 2), or several of different lengths."""

_SHIFT = 4
_SUBPIXELS = 1 << _SHIFT
_HALF_PIXEL = _SUBPIXELS // 2
MARK = 0x80
"""The bit of a label that says that something lies upon what is labelled."""
_LEAST_BLUR = 0.8
"""Standard deviation in pixels below which blurring would not be seen."""

_Box = tuple[slice, slice]


def mix(first: Colour, second: Colour, amount: float) -> Colour:
    """The colour ``amount`` (0..1) of the way from ``first`` to ``second``."""
    return tuple(a + (b - a) * amount for a, b in zip(first, second, strict=True))


def scaled(colour: Colour, factor: float) -> Colour:
    """The colour made lighter or darker."""
    return tuple(min(255.0, max(0.0, channel * factor)) for channel in colour)


class Canvas:
    """Draws polygons that are given in the unit square of the image.

    Polygons of one call must not overlap: where two do, neither is painted.

    Args:
        image: uint8 (size, size, 3), RGB, drawn on in place.
        parts: uint8 (size, size), labels, drawn on in place.
    """

    def __init__(self, image: np.ndarray, parts: np.ndarray) -> None:
        self.image = image
        self.parts = parts
        self.size = len(parts)

    def fill(self, shapes: Shapes, colour: Colour, part: int | None = None) -> None:
        """Paints polygons with one opaque colour, and their label if one is given."""
        pixels = self._pixels(shapes)
        cv2.fillPoly(self.image, pixels, colour, cv2.LINE_AA, _SHIFT)
        if part is not None:
            cv2.fillPoly(self.parts, pixels, part, cv2.LINE_8, _SHIFT)

    def label(self, shapes: Shapes, part: int) -> None:
        """Sets the label of polygons without painting them."""
        cv2.fillPoly(self.parts, self._pixels(shapes), part, cv2.LINE_8, _SHIFT)

    def mark(self, shapes: Shapes) -> None:
        """Adds ``MARK`` to the labels of polygons, until another label is painted over them."""
        marked = np.zeros_like(self.parts)
        cv2.fillPoly(marked, self._pixels(shapes), MARK, cv2.LINE_8, _SHIFT)
        self.parts |= marked

    def tint(
        self,
        shapes: Shapes,
        colour: Colour,
        alpha: float | Sequence[float],
        blur: float = 0.0,
        inside: np.ndarray | None = None,
        density: np.ndarray | None = None,
    ) -> None:
        """Blends a colour over polygons.

        Args:
            shapes: What is tinted.
            colour: RGB in 0..255.
            alpha: Opacity in 0..1, one for all polygons or one each.
            blur: Standard deviation of the soft edge, as a part of the image's side.
            inside: Polygon that limits the tint.
            density: Factors of the opacity, float32 (size, size) in 0..1.
        """
        pixels = self._pixels(shapes)
        if (box := self._box(pixels, blur)) is None:
            return
        weight = self._weight(pixels, box, alpha, blur)
        if inside is not None:
            weight *= self._weight(self._pixels(inside), box)
        if density is not None:
            weight *= density[box]
        source = np.empty_like(self.image[box])
        cv2.rectangle(source, (0, 0), source.shape[1::-1], colour, cv2.FILLED)
        self._blend(source, box, weight)

    def cover(
        self, shapes: Shapes, texture: np.ndarray, part: int | None = None, blur: float = 0.0
    ) -> None:
        """Paints polygons with a texture as large as the image, uint8 RGB."""
        pixels = self._pixels(shapes)
        if (box := self._box(pixels, blur)) is None:
            return
        self._blend(texture[box], box, self._weight(pixels, box, blur=blur))
        if part is not None:
            cv2.fillPoly(self.parts, pixels, part, cv2.LINE_8, _SHIFT)

    def clip(self, shapes: Shapes) -> _Clip:
        """What is painted nearby in the ``with`` block shows only inside of the polygons."""
        return _Clip(self, self._pixels(shapes))

    def _pixels(self, shapes: Shapes) -> list[np.ndarray]:
        """Fixed-point coordinates, in which a pixel's centre is a whole number of pixels."""
        if not isinstance(shapes, np.ndarray):
            return [polygon for shape in shapes for polygon in self._pixels(shape)]
        pixels = np.rint(shapes * (self.size * _SUBPIXELS) - _HALF_PIXEL).astype(np.int32)
        return [pixels] if pixels.ndim == 2 else list(pixels)

    def _box(self, pixels: list[np.ndarray], margin: float) -> _Box | None:
        """Rows and columns of the image that the polygons touch, None if there are none."""
        x, y, width, height = cv2.boundingRect(
            np.concatenate(pixels) if len(pixels) > 1 else pixels[0]
        )
        grow = int(2 * margin * self.size) + 2
        left, top = max((x >> _SHIFT) - grow, 0), max((y >> _SHIFT) - grow, 0)
        right = min((x + width >> _SHIFT) + grow, self.size)
        bottom = min((y + height >> _SHIFT) + grow, self.size)
        if right <= left or bottom <= top:
            return None
        return slice(top, bottom), slice(left, right)

    def _weight(
        self,
        pixels: list[np.ndarray],
        box: _Box,
        alpha: float | Sequence[float] = 1.0,
        blur: float = 0.0,
    ) -> np.ndarray:
        """Opacity of polygons in a box of the image, float32 in 0..1."""
        rows, columns = box
        mask = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.uint8)
        offset = (-columns.start * _SUBPIXELS, -rows.start * _SUBPIXELS)
        if isinstance(alpha, float):
            cv2.fillPoly(mask, pixels, 255 * alpha, cv2.LINE_AA, _SHIFT, offset)
        else:
            for polygon, opacity in zip(pixels, alpha, strict=True):
                cv2.fillPoly(mask, [polygon], 255 * opacity, cv2.LINE_AA, _SHIFT, offset)
        if blur * self.size > _LEAST_BLUR:
            mask = cv2.GaussianBlur(mask, (0, 0), blur * self.size)
        return mask * np.float32(1 / 255)

    def _blend(self, source: np.ndarray, box: _Box, weight: np.ndarray) -> None:
        patch = self.image[box]
        patch[:] = cv2.blendLinear(source, patch, weight, 1 - weight)


class _Clip:
    """Restores the surroundings of polygons when it ends."""

    _MARGIN = 0.02
    """How far around the polygons, as a part of the image's side, painting is undone."""

    def __init__(self, canvas: Canvas, pixels: list[np.ndarray]) -> None:
        self._canvas = canvas
        self._pixels = pixels
        self._box = canvas._box(pixels, self._MARGIN)

    def __enter__(self) -> None:
        if self._box is not None:
            self._before = self._canvas.image[self._box].copy()

    def __exit__(self, *error: object) -> None:
        if self._box is not None:
            weight = 1 - self._canvas._weight(self._pixels, self._box)
            self._canvas._blend(self._before, self._box, weight)
