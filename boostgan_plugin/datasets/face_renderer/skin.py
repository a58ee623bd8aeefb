"""The skin as a small texture in the upright head frame, lit and softly shaded."""

from __future__ import annotations

from functools import lru_cache
from math import copysign
from typing import NamedTuple

import cv2
import numpy as np

from .features import nose_half_width
from .geometry import HEAD_RADII, Frame
from .parameters import FaceParameters

_CELLS = 64
_REACH = 1.8
"""The texture spans -_REACH.._REACH head units in both directions."""

# Shadows on skin turn red and highlights stay pale.
_SHADE_PER_CHANNEL = np.float32((0.88, 1.05, 1.14))
_BLUSH = np.float32((0.03, -0.27, -0.17))


class _Spot(NamedTuple):
    """A soft Gaussian spot on the face: place, size and how it changes light and blush."""

    x: float
    y: float
    rx: float
    ry: float
    light: float
    blush: float = 0.0
    lift: float = 0.0


@lru_cache(maxsize=1)
def _axis() -> np.ndarray:
    return np.linspace(-_REACH, _REACH, _CELLS, dtype=np.float32)


@lru_cache(maxsize=1)
def _normals() -> np.ndarray:
    """Normals (cells, cells, 3) of the head's ellipsoid, level with the image beyond its rim."""
    x = np.broadcast_to(_axis()[None] / HEAD_RADII[0], (_CELLS, _CELLS))
    y = np.broadcast_to(_axis()[:, None] / HEAD_RADII[1], (_CELLS, _CELLS))
    z = np.sqrt(np.maximum(1 - x**2 - y**2, 0.02))
    normals = np.stack([x, y, z], 2)
    return normals / np.linalg.norm(normals, axis=2, keepdims=True)


def _pair(spot: _Spot) -> tuple[_Spot, _Spot]:
    return spot, spot._replace(x=-spot.x)


def _spots(face: FaceParameters) -> list[_Spot]:
    shape, toward = face.shape, face.light.direction[0]
    nose = nose_half_width(face)
    spots = [
        *_pair(_Spot(shape.eye_distance, -0.15, 0.24, 0.13, -0.17)),
        *_pair(_Spot(0.2, -0.2, 0.09, 0.14, -0.12)),
        *_pair(_Spot(0.6, 0.22, 0.24, 0.16, 0.08, 0.1)),
        *_pair(_Spot(0.86, 0.55, 0.17, 0.35, -0.1)),
        _Spot(0, -0.72, 0.5, 0.25, 0.06),
        _Spot(0, 0.02, 0.07, 0.3, 0.16, 0, 0.12),
        _Spot(0, 0.3, 0.11 * nose / 0.2, 0.08, 0.16, 0.1, 0.22),
        _Spot(-0.17 * copysign(1, toward), 0.1, 0.1, 0.28, -0.2 * abs(toward) - 0.05, 0, 0.05),
        *_pair(_Spot(nose * 0.62, 0.33, 0.07, 0.08, 0.08, 0.06)),
        *_pair(_Spot(nose * 1.12, 0.34, 0.06, 0.1, -0.12)),
        _Spot(-0.12 * toward, 0.5, 0.2, 0.06, -0.2),
        _Spot(0, 0.98, 0.22, 0.06, -0.14),
        _Spot(0, 1.12, 0.2, 0.12, 0.07),
    ]
    if face.has('Smiling'):
        spots += _pair(_Spot(0.56, 0.2, 0.2, 0.13, 0.13, 0.08))
        spots += _pair(_Spot(0.62, 0.43, 0.12, 0.12, -0.11))
    if face.has('Rosy_Cheeks'):
        spots += _pair(_Spot(0.58, 0.28, 0.27, 0.21, 0.02, 1.0))
        spots.append(_Spot(0, 0.3, 0.14, 0.1, 0, 0.35, 0.2))
    if not face.has('Young'):
        spots += _pair(_Spot(shape.eye_distance, 0.08, 0.19, 0.07, -0.2, 0.1))
        spots += _pair(_Spot(0.62, 0.62, 0.12, 0.24, -0.12))
    return spots


def skin_texture(face: FaceParameters, frame: Frame, size: int) -> np.ndarray:
    """The lit skin around the head, uint8 RGB (size, size, 3), without features."""
    light = _light(face)
    shade, blush = _spot_maps(face, frame)
    level = light + shade
    colour = 1 + (level - 1)[..., None] * _SHADE_PER_CHANNEL + blush[..., None] * _BLUSH
    colour = np.clip(colour * np.float32(face.style.skin), 0, 255).astype(np.uint8)
    step = np.float32(2 * _REACH / (_CELLS - 1))
    matrix = np.empty((2, 3), np.float32)
    matrix[:, :2] = frame.similarity.T * (step * size)
    origin = np.float32((-_REACH, -_REACH)) @ frame.similarity + frame.offset
    matrix[:, 2] = origin * size - 0.5
    return cv2.warpAffine(
        colour, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def _light(face: FaceParameters) -> np.ndarray:
    """Wrapped Lambert shading (cells, cells), about 1 where the skin faces the light."""
    facing = _normals() @ np.float32(face.light.direction)
    return face.light.ambient + (0.98 - face.light.ambient) * np.maximum(facing + 0.25, 0) / 1.2


def _spot_maps(face: FaceParameters, frame: Frame) -> tuple[np.ndarray, np.ndarray]:
    """Light and blush of all spots; Gaussians are separable, so each map is a product."""
    x, y, rx, ry, light, blush, lift = np.float32(_spots(face)).T
    places = np.stack([x, y], 1)
    depth = frame.depth(places) + lift
    u, v = (places @ frame.upright[:2] + depth[:, None] * frame.upright[2]).T
    across = np.exp(-np.square((_axis() - u[:, None]) / rx[:, None]))
    down = np.exp(-np.square((_axis() - v[:, None]) / ry[:, None])).T
    return (down * light) @ across, (down * blush) @ across
