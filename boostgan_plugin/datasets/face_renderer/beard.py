"""Beard and moustache: skin underneath, hair on top."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from .canvas import Canvas, mix, scaled
from .features import brow_colour
from .geometry import Frame, curve, symmetric
from .head import outline, rim_depth
from .parameters import FaceParameters

_DENSITY = {'full': 0.9, 'goatee': 0.85, 'stubble': 0.5}


@lru_cache(maxsize=8)
def _grain(size: int) -> np.ndarray:
    """Density (size, size) of short hairs, 0.55..1, as coarse in every size."""
    rng = np.random.default_rng(11)
    noise = rng.random((160, 112), dtype=np.float32)
    noise = cv2.resize(noise, (size, size), interpolation=cv2.INTER_LINEAR)
    return np.clip(0.6 + 0.5 * noise, 0, 1)


def draw_beard(canvas: Canvas, face: FaceParameters, frame: Frame) -> None:
    """The beard, unless ``No_Beard``, and the moustache; both keep the label of the skin."""
    colour = mix(scaled(brow_colour(face), 0.9), face.style.skin, 0.08)
    grain = _grain(canvas.size)
    kind = face.style.beard
    if not face.has('No_Beard'):
        density = _DENSITY[kind]
        shape = _goatee(face) if kind == 'goatee' else _full_beard(face)
        canvas.tint(_place(shape, frame), colour, density, 0.01, density=grain)
        if kind == 'goatee':
            canvas.tint(_place(_full_beard(face), frame), colour, 0.25, 0.014, density=grain)
    if face.has('Mustache'):
        canvas.tint(_place(_moustache(face), frame), colour, 1.0, 0.003, density=grain)


def _place(points: np.ndarray, frame: Frame) -> np.ndarray:
    """Beards follow the face's outline at the jaw and its surface at the mouth."""
    return frame.at_depth(points, np.maximum(rim_depth(points), frame.depth(points)))


def _full_beard(face: FaceParameters) -> np.ndarray:
    contour = curve(outline(face))
    jaw = contour[contour[:, 1] > 0.15] * np.float32((0.99, 1.02))
    inner = curve(
        ((-0.86, 0.2), (-0.7, 0.5), (-0.46, 0.62), (-0.3, 0.5), (0, 0.56), (0.3, 0.5),
         (0.46, 0.62), (0.7, 0.5), (0.86, 0.2)), closed=False)  # fmt: skip
    return np.concatenate([jaw, inner * np.float32((face.shape.width, 1))])


def _goatee(face: FaceParameters) -> np.ndarray:
    chin = outline(face)[:, 1].max()
    return curve(symmetric(((0, 0.9), (0.3, 0.84), (0.4, 0.7), (0.5, 0.8), (0.4, 1.1),
                            (0, chin + 0.03))))  # fmt: skip


def _moustache(face: FaceParameters) -> np.ndarray:
    half = 0.44 * face.shape.mouth_width * (1.15 if face.has('Smiling') else 1)
    lift = 0.05 * face.has('Smiling')
    return curve(symmetric(((0, 0.49), (0.2, 0.47), (0.7 * half, 0.55), (half, 0.8 - lift),
                            (0.7 * half, 0.74 - lift), (0.2, 0.68), (0, 0.66))))  # fmt: skip
