"""Glasses, hats and earrings."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas, scaled
from .geometry import Frame, both_sides, curve, ellipse, stroke
from .parameters import REGIONS, FaceParameters

_HAT = REGIONS.index('hat')
_GOLD = (222, 184, 92)
_GLINT = (255, 255, 255)
_LENS_Y = -0.1
_TEMPLE_DEPTHS = (0.72, -0.1)

# Right halves of unit lenses, from the nose outwards.
_LENSES = {
    'round': ellipse(0, 0, 0.31, 0.29, 24),
    'square': curve(((-0.3, -0.2), (0, -0.24), (0.3, -0.22), (0.33, 0), (0.28, 0.22), (0, 0.25),
                     (-0.27, 0.22), (-0.32, 0))),
    'wide': curve(((-0.32, -0.16), (0, -0.2), (0.34, -0.19), (0.36, 0), (0.24, 0.2), (-0.04, 0.25),
                   (-0.27, 0.15), (-0.34, -0.02))),
    'cat': curve(((-0.3, -0.13), (0.02, -0.2), (0.36, -0.3), (0.36, -0.08), (0.24, 0.19),
                  (-0.04, 0.23), (-0.27, 0.13))),
}  # fmt: skip


def draw_temples(canvas: Canvas, face: FaceParameters, frame: Frame) -> None:
    """The side pieces of the glasses, which vanish under the hair or end at the ears."""
    start, end = _lens_distance(face) + 0.3, 1.08 * face.shape.width
    bars = frame.at_depth(both_sides(((start, -0.2), (end, -0.22))), _TEMPLE_DEPTHS)
    width = _rim(face) * face.pose.scale
    shapes = [stroke(bar, width) for bar in bars]
    canvas.fill(shapes, face.style.glasses_colour)
    canvas.mark(shapes)


def draw_glasses(canvas: Canvas, face: FaceParameters, frame: Frame) -> None:
    """Lenses, rims and bridge; labels underneath stay, rims and bridge are marked."""
    style, distance, rim = face.style, _lens_distance(face), _rim(face)
    lens = _LENSES[style.glasses]
    outer, inner = (
        _on_glass(both_sides(lens * np.float32(factor) + np.float32((distance, _LENS_Y))), frame)
        for factor in (1, 1 - 1.6 * rim)
    )
    canvas.tint(inner, scaled(style.glasses_colour, 0.5), style.lens_alpha)
    bridge = curve(((distance - 0.3, -0.14), (0, -0.2), (0.3 - distance, -0.14)), closed=False)
    # Of a rim, only what lies between its two outlines is painted.
    rims = [list(outlines) for outlines in zip(outer, inner, strict=True)]
    for shapes in ([frame.at_depth(stroke(bridge, rim), 0.95)], *rims):
        canvas.fill(shapes, style.glasses_colour)
        canvas.mark(shapes)
    glints = [
        stroke(np.float32(((x - 0.14, 0), (x + 0.02, -0.22))), 0.06) for x in (-distance, distance)
    ]
    alpha = 0.28 + 0.2 * style.lens_alpha
    canvas.tint(_on_glass(np.stack(glints), frame), _GLINT, alpha, 0.002)


def _lens_distance(face: FaceParameters) -> float:
    """From the middle of the nose to that of a lens."""
    return max(face.shape.eye_distance, 0.42)


def _rim(face: FaceParameters) -> float:
    return 0.1 if face.style.glasses in ('square', 'cat') else 0.075


def _on_glass(points: np.ndarray, frame: Frame) -> np.ndarray:
    """Lenses (..., 2) lie in a gently curved plane in front of the eyes."""
    return frame.at_depth(points, 0.98 - 0.3 * np.square(points[..., 0]))


def draw_earrings(canvas: Canvas, face: FaceParameters, frame: Frame) -> None:
    """A pair of drops under the ears."""
    drop = ellipse(1.05 * face.shape.width, 0.4, 0.05, 0.09, 12)
    canvas.fill(frame.at_depth(both_sides(drop), -0.08), _GOLD)


def draw_hat(canvas: Canvas, face: FaceParameters, frame: Frame) -> None:
    """The hat over hair and forehead."""
    {'beanie': _beanie, 'cap': _cap, 'brim': _brim, 'beret': _beret}[face.style.hat](
        canvas, face, frame
    )


def _dome(width: float, top: float, bottom: float) -> np.ndarray:
    """Outline of a crown whose lower edge bulges over the forehead."""
    side = ((width, bottom), (width * 0.99, 0.5 * (top + bottom)), (width * 0.62, top * 0.95))
    arc = curve((*side, (0, top), *((-x, y) for x, y in side[::-1])), closed=False)
    edge = curve(((-width, bottom), (0, bottom - 0.16), (width, bottom)), closed=False)
    return np.concatenate([arc, edge])


def _paint(canvas: Canvas, shape: np.ndarray, face: FaceParameters, brightness: float) -> None:
    canvas.fill(shape, scaled(face.style.hat_colour, brightness), _HAT)


def _shade(canvas: Canvas, frame: Frame, face: FaceParameters, shape: np.ndarray) -> None:
    """Darkens the side of a hat that is turned away from the light."""
    x, y = face.light.direction[:2]
    dark, light = frame.moved(shape, -0.7 * x, -0.7 * y), frame.moved(shape, 0.8 * x, 0.8 * y)
    canvas.tint(dark, (0, 0, 10), 0.3, 0.03, inside=shape)
    canvas.tint(light, (255, 250, 235), 0.14, 0.03, inside=shape)


def _hat_shadow(canvas: Canvas, frame: Frame, bottom: float) -> None:
    shadow = curve(((-0.9, bottom), (0, bottom - 0.2), (0.9, bottom), (0.85, bottom + 0.14),
                    (0, bottom + 0.08), (-0.85, bottom + 0.14)))  # fmt: skip
    canvas.tint(frame.on_face(shadow), (40, 20, 14), 0.45, 0.008)


def _beanie(canvas: Canvas, face: FaceParameters, frame: Frame) -> None:
    width = 1.1 * face.shape.width + 0.03
    _hat_shadow(canvas, frame, -0.56)
    crown = frame.at_depth(_dome(width, -1.82, -0.7), 0.05)
    _paint(canvas, crown, face, 1.0)
    ribs = [
        frame.at_depth(stroke(curve(((x, -0.9), (0.95 * x, -1.3), (0.6 * x, -1.68)), False), 0.03),
                       0.3 * (1 - x * x))
        for x in np.linspace(-0.9, 0.9, 9).tolist()
    ]  # fmt: skip
    canvas.tint(ribs, scaled(face.style.hat_colour, 0.6), 0.5)
    cuff = curve(((-width * 1.03, -0.55), (0, -0.68), (width * 1.03, -0.55), (width * 1.05, -0.88),
                  (0, -1.02), (-width * 1.05, -0.88)))  # fmt: skip
    placed = frame.at_depth(cuff, 0.35 * (1 - np.square(cuff[:, 0] / width / 1.1)))
    _paint(canvas, placed, face, 0.82)
    _shade(canvas, frame, face, crown)


def _cap(canvas: Canvas, face: FaceParameters, frame: Frame) -> None:
    width = 1.07 * face.shape.width + 0.03
    _hat_shadow(canvas, frame, -0.5)
    crown = frame.at_depth(_dome(width, -1.66, -0.6), 0.08)
    _paint(canvas, crown, face, 1.0)
    _shade(canvas, frame, face, crown)
    badge = ellipse(0, -1.12, 0.24, 0.2)
    canvas.fill(frame.on_face(badge, 0.1), face.style.accent)
    visor = curve(((-0.98, -0.72), (-0.5, -0.9), (0, -0.95), (0.5, -0.9), (0.98, -0.72),
                   (0.72, -0.54), (0, -0.5), (-0.72, -0.54)))  # fmt: skip
    placed = frame.at_depth(visor, 0.45 + 0.5 * (1 - np.square(visor[:, 0])))
    _paint(canvas, placed, face, 0.66)
    rim = curve(((-0.7, -0.57), (0, -0.53), (0.7, -0.57)), closed=False)
    canvas.tint(frame.at_depth(stroke(rim, 0.03), 0.75), (255, 255, 255), 0.3)


def _brim(canvas: Canvas, face: FaceParameters, frame: Frame) -> None:
    width = 1.02 * face.shape.width + 0.03
    _hat_shadow(canvas, frame, -0.52)
    crown = frame.at_depth(_dome(width, -1.85, -0.7), 0.05)
    _paint(canvas, crown, face, 1.0)
    _shade(canvas, frame, face, crown)
    band = curve(((-width, -0.95), (0, -1.08), (width, -0.95), (width * 1.01, -0.68), (0, -0.8),
                  (-width * 1.01, -0.68)))  # fmt: skip
    canvas.fill(frame.at_depth(band, 0.12), face.style.accent)
    brim = curve(((-1.75, -0.66), (-1.0, -0.84), (0, -0.88), (1.0, -0.84), (1.75, -0.66),
                  (1.1, -0.58), (0, -0.56), (-1.1, -0.58)))  # fmt: skip
    _paint(canvas, frame.at_depth(brim, 0.3), face, 0.76)


def _beret(canvas: Canvas, face: FaceParameters, frame: Frame) -> None:
    side = np.sign(face.style.parting)
    _hat_shadow(canvas, frame, -0.6)
    shape = curve(((-1.02, -0.66), (-1.2, -1.0), (-0.8, -1.5), (0, -1.68), (0.9, -1.62),
                   (1.5, -1.2), (1.35, -0.9), (0.98, -0.72), (0.5, -0.82), (0, -0.86),
                   (-0.5, -0.8))) * np.float32((side, 1))  # fmt: skip
    placed = frame.at_depth(shape, 0.1)
    _paint(canvas, placed, face, 1.0)
    _shade(canvas, frame, face, placed)
    band = curve(((-1.03, -0.62), (-0.5, -0.76), (0, -0.8), (0.5, -0.77), (1.0, -0.66)), False)
    _paint(canvas, frame.at_depth(stroke(band, 0.13), 0.12), face, 0.7)
