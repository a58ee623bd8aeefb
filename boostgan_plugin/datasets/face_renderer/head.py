"""Outline of the head, ears and neck."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas, scaled
from .geometry import Frame, both_sides, curve, ellipse, symmetric
from .parameters import PARTS, FaceParameters

_SKIN = PARTS.index('face_skin')
_EAR = ((0.93, -0.22), (1.1, -0.3), (1.19, -0.12), (1.13, 0.12), (1.04, 0.32), (0.94, 0.28))
_EAR_DEPTH = -0.1


def _jaw_width(face: FaceParameters) -> float:
    """Width factor of the jaw: men's are broad."""
    return face.shape.jaw * (1.09 if face.has('Male') else 0.91)


def outline(face: FaceParameters) -> np.ndarray:
    """Control points (n, 2) of the face from the top of the forehead around the chin."""
    shape, jaw, male = face.shape, _jaw_width(face), face.has('Male')
    width, chin = shape.width, (1.32 if male else 1.24) * shape.chin
    sag = 0.05 * (not face.has('Young'))
    smile = 0.03 * face.has('Smiling')
    return symmetric(
        (
            (0, -1.28),
            (0.55 * width, -1.15),
            (0.92 * width, -0.7),
            (1.0 * width, -0.1),
            ((0.94 + smile) * width, 0.36),
            ((0.73 + sag) * width * jaw, 0.83),
            (0.36 * jaw, chin - 0.08),
            (0, chin),
        )
    )


def place_outline(points: np.ndarray, frame: Frame) -> np.ndarray:
    """Places points (n, 2) of the face's rim; the chin lies in front of the temples."""
    return frame.at_depth(points, rim_depth(points))


def rim_depth(points: np.ndarray) -> np.ndarray:
    """Depth (n,) of points (n, 2) on the face's rim."""
    return 0.05 + 0.3 * np.clip(points[:, 1], 0, 1.2)


def draw_ears(canvas: Canvas, face: FaceParameters, frame: Frame, skin: np.ndarray) -> None:
    """Both ears; they count as background."""
    ear = curve(_EAR) * np.float32((face.shape.width, 1))
    canvas.cover(frame.at_depth(both_sides(ear), _EAR_DEPTH), skin)
    inner = np.float32((0.75, 0.75)) * (ear - np.float32((1.02, 0))) + np.float32((1.04, 0))
    hollow = frame.at_depth(both_sides(inner), _EAR_DEPTH)
    canvas.tint(hollow, scaled(face.style.skin, 0.5), 0.35, 0.006)


def draw_face_skin(canvas: Canvas, face: FaceParameters, frame: Frame, skin: np.ndarray) -> None:
    """The bare face."""
    canvas.cover(place_outline(curve(outline(face)), frame), skin, _SKIN)


def draw_neck(
    canvas: Canvas, face: FaceParameters, frame: Frame, body: Frame, skin: np.ndarray
) -> None:
    """The neck down to the collar bones, in the shadow of the chin; background."""
    half = 0.66 if face.has('Male') else 0.5
    neck = curve(symmetric(((0, 0.6), (half, 0.7), (half * 0.98, 1.4), (half * 1.5, 1.85),
                            (half * 1.7, 2.4), (0, 2.6))))  # fmt: skip
    neck = body.at_depth(neck, 0)
    canvas.cover(neck, skin)
    toward = face.light.direction[0]
    shadow = ellipse(-0.1 * toward, 1.14 * face.shape.chin, 0.74 * _jaw_width(face), 0.42)
    dark = scaled(face.style.skin, 0.3)
    canvas.tint(frame.at_depth(shadow, 0.2), dark, 0.6, 0.012, inside=neck)
