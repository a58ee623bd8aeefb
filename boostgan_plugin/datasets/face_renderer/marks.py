"""Lines in the skin: wrinkles, smile folds, eyelids and the creases round the nose."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas, mix, scaled
from .features import eye_edges, nose_half_width
from .geometry import Frame, Points, both_sides, curve, stroke, taper
from .parameters import FaceParameters

_CREASE = (110, 50, 38)
_FOREHEAD = (-0.86, -0.74, -0.62)


def draw_marks(canvas: Canvas, face: FaceParameters, frame: Frame) -> None:
    """Draws all lines at once, as each has the same colour and softness."""
    marks = [*_lids(face), *_nose_creases(face), *_folds(face)]
    if not face.has('Young'):
        marks += _wrinkles(face)
    shapes = [frame.on_face(shape) for shape, _ in marks]
    alphas = [alpha for shape, alpha in marks for _ in range(len(shape) if shape.ndim == 3 else 1)]
    colour = mix(scaled(face.style.skin, 0.4), _CREASE, 0.35)
    canvas.tint(shapes, colour, alphas, 0.0025)


_Mark = tuple[np.ndarray, float]
"""Polygon (n, 2) or pair of polygons (2, n, 2) in head units, and its opacity."""


def _line(points: Points, width: float, alpha: float, paired: bool = True) -> _Mark:
    line = curve(points, closed=False)
    shape = stroke(line, width * taper(len(line)))
    return (both_sides(shape) if paired else shape), alpha


def _lids(face: FaceParameters) -> list[_Mark]:
    upper, lower = eye_edges(face)
    lid = np.concatenate([upper - np.float32((0, 0.055)), upper[::-1]])
    rim = stroke(lower, 0.03 * taper(len(lower)))
    return [(both_sides(lid), 0.4), (both_sides(rim), 0.6)]


def _nose_creases(face: FaceParameters) -> list[_Mark]:
    half, tip = nose_half_width(face), 0.36 + 0.1 * face.shape.nose_length
    wing = ((half * 0.82, tip - 0.19), (half * 1.03, tip - 0.08), (half * 0.78, tip + 0.02),
            (half * 0.55, tip))  # fmt: skip
    base = ((half * 0.5, tip + 0.01), (0, tip + 0.05), (-half * 0.5, tip + 0.01))
    width, depth = (0.07, 0.62) if face.has('Big_Nose') else (0.035, 0.5)
    return [_line(wing, width, depth), _line(base, 0.035, 0.45, paired=False)]


def _folds(face: FaceParameters) -> list[_Mark]:
    """From the nose past the mouth: deep when smiling, lasting in old age."""
    smiling, old = face.has('Smiling'), not face.has('Young')
    if not smiling and not old:
        return []
    x, bulge = nose_half_width(face) + 0.04, 0.1 if smiling else 0.03
    folds = [
        _line(((x, 0.32), (0.42 + bulge, 0.52), (0.45 + bulge, 0.76)), 0.045,
              0.3 + 0.12 * smiling + 0.12 * old)
    ]  # fmt: skip
    if old:
        folds.append(_line(((0.4, 0.86), (0.46, 0.96), (0.44, 1.05)), 0.04, 0.35))
    return folds


def _wrinkles(face: FaceParameters) -> list[_Mark]:
    """Lines on the forehead, crow's feet and bags under the eyes."""
    eye = face.shape.eye_distance
    forehead = [
        _line(((-0.52, y + 0.05), (-0.2, y), (0.2, y + 0.01), (0.5, y + 0.06)), 0.035, 0.36, False)
        for y in _FOREHEAD
    ]
    feet = [
        _line(((eye + 0.27, -0.12 + d), (eye + 0.34, -0.13 + 1.5 * d), (eye + 0.42, -0.14 + 2 * d)),
              0.035, 0.42)
        for d in (-0.05, 0.02, 0.09)
    ]  # fmt: skip
    bag = _line(((eye - 0.2, 0.05), (eye, 0.13), (eye + 0.2, 0.04)), 0.045, 0.45)
    return [*forehead, *feet, bag]
