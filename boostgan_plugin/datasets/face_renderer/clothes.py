"""Shoulders and what covers them; all of it counts as background."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas, scaled
from .geometry import Frame, both_sides, curve, stroke
from .parameters import PARTS, Colour, FaceParameters

_BACKGROUND = PARTS.index('background')
_SHIRT = (238, 238, 240)
_PEARL = (240, 234, 222)
_FLOOR = 3.4
"""Below the image's lower edge for every pose."""


def _torso(face: FaceParameters, neckline: tuple[tuple[float, float], ...]) -> np.ndarray:
    """Body outline whose upper edge is ``neckline``, given from the middle to the right."""
    reach = 2.35 if face.has('Male') else 1.95
    half = (*neckline, (reach * 0.72, 1.66), (reach, 1.95), (reach * 1.12, 2.6))
    return np.concatenate([_open_mirror(half), np.float32([(reach * 1.2, _FLOOR),
                                                           (-reach * 1.2, _FLOOR)])])  # fmt: skip


def _open_mirror(half: tuple[tuple[float, float], ...]) -> np.ndarray:
    """Smooth line from the left end over the middle to the right end."""
    left = [(-x, y) for x, y in half[:0:-1]]
    return curve((*left, *half), closed=False)


_NECKLINES = {
    'crew': ((0, 1.62), (0.35, 1.57), (0.62, 1.4)),
    'hoodie': ((0, 1.6), (0.4, 1.5), (0.78, 1.22)),
    'shirt': ((0, 1.75), (0.35, 1.5), (0.66, 1.3)),
    'suit': ((0, 1.75), (0.35, 1.5), (0.66, 1.3)),
    'scoop': ((0, 2.05), (0.5, 1.95), (0.85, 1.5)),
    'vneck': ((0, 2.2), (0.3, 1.86), (0.66, 1.42)),
    'blouse': ((0, 1.8), (0.25, 1.66), (0.6, 1.4)),
}


def draw_clothes(canvas: Canvas, face: FaceParameters, body: Frame) -> None:
    """Torso with neckline, collar, lapels, tie, hood or necklace."""
    kind, colour = face.style.clothes, face.style.clothes_colour
    base = _SHIRT if kind == 'suit' else colour
    torso = body.at_depth(_torso(face, _NECKLINES[kind]), 0)
    canvas.fill(torso, base, _BACKGROUND)
    {'suit': _suit, 'shirt': _shirt, 'hoodie': _hoodie, 'blouse': _shirt}.get(kind, _plain)(
        canvas, face, body
    )
    away = -0.9 if face.light.direction[0] > 0 else 0.9
    canvas.tint(body.moved(torso, away, 0.25), (0, 0, 16), 0.28, 0.04, inside=torso)


def _pair(canvas: Canvas, body: Frame, shape: np.ndarray, colour: Colour) -> None:
    for half in body.at_depth(both_sides(shape), 0):
        canvas.fill(half, colour)


def _suit(canvas: Canvas, face: FaceParameters, body: Frame) -> None:
    jacket, tie = face.style.clothes_colour, face.style.accent
    _pair(canvas, body, np.float32(((0.62, 1.38), (2.0, 1.6), (3, 3.4), (0, 3.4), (0.12, 2.7))),
          scaled(jacket, 0.6))  # fmt: skip
    knot = np.float32(((-0.14, 1.78), (0.14, 1.78), (0.09, 1.98), (0.22, 2.9), (-0.22, 2.9),
                       (-0.09, 1.98)))  # fmt: skip
    canvas.fill(body.at_depth(knot, 0), tie)
    _pair(canvas, body, np.float32(((0.64, 1.28), (0.02, 1.76), (0.3, 2.0), (0.76, 1.5))), _SHIRT)
    _pair(canvas, body, np.float32(((0.68, 1.42), (0.95, 1.75), (0.7, 2.1), (0.1, 2.8))),
          scaled(jacket, 0.72))  # fmt: skip


def _shirt(canvas: Canvas, face: FaceParameters, body: Frame) -> None:
    colour = face.style.clothes_colour
    line = body.at_depth(stroke(np.float32(((0, 1.8), (0, 3.2))), 0.04), 0)
    canvas.fill(line, scaled(colour, 0.7))
    _pair(canvas, body, np.float32(((0.66, 1.26), (0.03, 1.74), (0.34, 2.02), (0.82, 1.5))),
          scaled(colour, 1.2))  # fmt: skip


def _hoodie(canvas: Canvas, face: FaceParameters, body: Frame) -> None:
    colour = face.style.clothes_colour
    rim = _open_mirror(((0, 1.7), (0.5, 1.55), (0.9, 1.2)))
    canvas.fill(body.at_depth(stroke(rim, 0.24), 0), scaled(colour, 0.78))
    _pair(canvas, body, stroke(np.float32(((0.22, 1.75), (0.28, 2.5))), 0.05), face.style.accent)


def _plain(canvas: Canvas, face: FaceParameters, body: Frame) -> None:
    neckline = _open_mirror(_NECKLINES[face.style.clothes])
    seam = body.at_depth(stroke(neckline, 0.07), 0)
    canvas.fill(seam, scaled(face.style.clothes_colour, 0.75))
    if face.style.earrings:
        chain = _open_mirror(((0, 1.85), (0.3, 1.72), (0.52, 1.42)))
        canvas.fill(body.at_depth(stroke(chain, 0.035), 0), _PEARL)
