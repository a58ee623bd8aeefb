"""Hair on the head: its texture of strands and its outlines."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np

from .canvas import Canvas
from .geometry import Frame, curve, ellipse
from .head import outline, place_outline
from .parameters import PARTS, FaceParameters

_HAIR = PARTS.index('hair')
_STRANDS = 1024
_STRANDS_PER_UNIT = 220
_MIDDLE_TONE = 118
_SHADOW = (50, 24, 16)
_SOFTNESS = 0.0025
_SKULL_END = -0.3
_CROWN = -1.75
"""Height of the point from which strands fall, above every head's top."""


class _Cut(NamedTuple):
    """``side``: where the hair beside the face ends; ``back``: where that behind it ends."""

    side: float
    volume: float
    hairline: float
    back: float | None = None


_CUTS = {
    'short': _Cut(side=0.0, volume=0.08, hairline=-0.88),
    'side_part': _Cut(side=0.02, volume=0.17, hairline=-0.84),
    'receding': _Cut(side=0.08, volume=0.06, hairline=-1.07),
    'bun': _Cut(side=-0.08, volume=0.03, hairline=-0.92),
    'bob': _Cut(side=0.8, volume=0.2, hairline=-0.86, back=1.0),
    'long': _Cut(side=1.75, volume=0.16, hairline=-0.86, back=2.1),
}


@lru_cache(maxsize=1)
def _strand_noise() -> np.ndarray:
    """Brightness (strands,) in 0..1 across the strands, at several widths."""
    rng = np.random.default_rng(5)
    noise = np.zeros(_STRANDS)
    for width, weight in ((2, 0.3), (6, 0.4), (20, 0.6)):
        fine = np.convolve(np.tile(rng.standard_normal(_STRANDS), 3), np.ones(width), 'same')
        noise += weight * fine[_STRANDS : 2 * _STRANDS] / np.sqrt(width)
    return np.clip(0.5 + 0.35 * noise, 0, 1).astype(np.float32)


def hair_texture(face: FaceParameters, frame: Frame, size: int) -> np.ndarray:
    """Strands that fall from the crown, with a band of light; uint8 RGB (size, size, 3)."""
    # Strands are blurred by the final reduction anyway, so half the resolution will do.
    u, v = _head_coordinates(frame, (size + 1) // 2)
    noise = _strands(face, u, v)
    radius = np.square(u * 0.87) + np.square((v + 0.1) * 0.714)
    band = 0.4 / (1 + np.square((radius - 0.98) * 6 + 2 * noise - 1))
    band *= np.clip(-0.1 - 1.6 * v, 0, 1)
    x, y = face.light.direction[:2]
    side = 0.95 + np.clip(0.22 * x * u + 0.11 * y * v, -0.2, 0.2)
    tone = side * (0.62 + 0.5 * noise) * (1 + band) + 0.1 * band
    tone = np.clip(tone * _MIDDLE_TONE, 0, 255).astype(np.uint8)
    table = np.arange(256)[:, None] * (np.float32(face.style.hair) / _MIDDLE_TONE)
    table = np.clip(table, 0, 255).astype(np.uint8)
    return cv2.resize(table.take(tone, axis=0), (size, size), interpolation=cv2.INTER_LINEAR)


def _strands(face: FaceParameters, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Brightness 0..1 of the strand at every head coordinate."""
    fall = np.maximum(v - _CROWN, 0.05)
    across = u - face.style.parting * 0.25
    if face.has('Wavy_Hair'):
        across = across + 0.075 * np.sin(v * 9 + 2 * np.abs(u))
    # Lines of equal value leave the crown in all directions and then hang down.
    strand = across * (1 + 0.9 / fall)
    bins = (strand * _STRANDS_PER_UNIT + 5 * _STRANDS).astype(np.int32) & (_STRANDS - 1)
    return _strand_noise().take(bins)


def _head_coordinates(frame: Frame, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Upright head coordinates u and v (size, size) of every pixel."""
    matrix = frame.similarity
    inverse = matrix.T / np.square(matrix[0]).sum()
    line = (np.arange(size, dtype=np.float32) + np.float32(0.5)) / np.float32(size)
    x, y = line - frame.offset[0], (line - frame.offset[1])[:, None]
    u, v = (x * inverse[0, axis] + y * inverse[1, axis] for axis in (0, 1))
    return u, v


def _waves(points: np.ndarray, face: FaceParameters, amount: float = 0.055) -> np.ndarray:
    """Bulges along an outline if the hair is wavy, otherwise hardly any."""
    amount = amount if face.has('Wavy_Hair') else 0.006
    x, y = points.T
    shift = np.stack([np.sin(9 * y + 3 * x + face.scene.seed), np.cos(8 * x + 5 * y)], 1)
    return points + np.float32(amount) * shift


def _half_width(face: FaceParameters) -> float:
    cut = _CUTS[face.style.haircut]
    return 1.0 * face.shape.width + 0.06 + 0.8 * (cut.volume + face.style.hair_volume * 0.7)


def draw_back_hair(canvas: Canvas, face: FaceParameters, frame: Frame, texture: np.ndarray) -> None:
    """Hair behind the head and the neck, and a bun."""
    cut = _CUTS[face.style.haircut]
    skull = _outer_edge(face, cut)
    skull = skull[skull[:, 1] < _SKULL_END]
    canvas.cover(frame.at_depth(skull, -0.12), texture, _HAIR)
    dark = (texture * np.float32(0.62)).astype(np.uint8)
    if cut.back is not None:
        width, end = _half_width(face), cut.back
        flare = 1.12 if face.has('Wavy_Hair') else 1.0
        right = ((0.6 * width, -1.2), (width, -0.5), (width * flare, 0.3 * end),
                 (width * 1.05 * flare, 0.75 * end), (width * 0.8, end))  # fmt: skip
        left = [(-x, y) for x, y in right[::-1]]
        shape = _waves(curve((*right, *left)), face)
        canvas.cover(frame.at_depth(shape, -0.35), dark, _HAIR)
    if face.style.haircut == 'bun' and not face.has('Wearing_Hat'):
        bun = _waves(ellipse(0, -1.5, 0.46, 0.36, 28), face, 0.03)
        canvas.cover(frame.at_depth(bun, -0.4), texture, _HAIR)


def draw_front_hair(
    canvas: Canvas, face: FaceParameters, frame: Frame, texture: np.ndarray
) -> None:
    """Hair above and beside the face, and bangs."""
    cut = _CUTS[face.style.haircut]
    outer = _waves(_outer_edge(face, cut), face)
    inner = _inner_edge(face, cut)
    if cut.back is not None:
        inner = _waves(inner, face, 0.03)
    shape = np.concatenate([frame.at_depth(outer, -0.12), frame.on_face(inner)])
    forehead = place_outline(curve(outline(face)), frame)
    canvas.tint(frame.moved(shape, 0, 0.05), _SHADOW, 0.4, 0.008, inside=forehead)
    canvas.cover(shape, texture, _HAIR, _SOFTNESS)
    if face.has('Bangs'):
        _draw_bangs(canvas, face, frame, texture)


def _outer_edge(face: FaceParameters, cut: _Cut) -> np.ndarray:
    width, top = _half_width(face), -1.4
    if not face.has('Wearing_Hat'):
        top -= 1.3 * cut.volume + face.style.hair_volume
    low = ((0.98 * width, 0.5 * (cut.side - 0.4)),) if cut.side > 0.3 else ()
    end = 0.97 * width if cut.back else 1.04 * face.shape.width
    right = ((0.9 * width, -0.95), (width, -0.5), *low, (end, cut.side))
    left = [(-x, y) for x, y in right[::-1]]
    lean = 0.12 * face.style.parting
    crown = ((-0.55 * width, top * 0.93), (lean, top), (0.55 * width, top * 0.93))
    return curve((*left, *crown, *right), closed=False)


def _inner_edge(face: FaceParameters, cut: _Cut) -> np.ndarray:
    """Hairline from the right side of the face over the forehead to the left."""
    width, line, part = face.shape.width, cut.hairline, face.style.parting
    long_hair = cut.back is not None
    tuck = 0.9 if long_hair else 0.97
    low = ((0.9 * width, 0.35), (0.88 * width, 0.7 * cut.side)) if cut.side > 0.3 else ()
    right = ((0.94 * width, cut.side), *low[::-1], (tuck * width, -0.15), (0.9 * width, -0.5))
    left = [(-x, y) for x, y in right[::-1]]
    if face.style.haircut == 'receding':
        forehead = ((0.82, -0.86), (0.62, line - 0.02), (0, line + 0.1), (-0.62, line - 0.02),
                    (-0.82, -0.86))  # fmt: skip
    elif long_hair or face.style.haircut == 'side_part':
        sweep = 0.12
        forehead = ((0.72, line + sweep + 0.06), (part + 0.3, line - 0.06), (part, line - 0.2),
                    (part - 0.3, line - 0.06), (-0.72, line + sweep + 0.06))  # fmt: skip
    else:
        forehead = ((0.74, line + 0.1), (0.35, line - 0.01), (0, line + 0.02),
                    (-0.35, line - 0.01), (-0.74, line + 0.1))  # fmt: skip
    return curve((*right, *forehead, *left), closed=False)


def _draw_bangs(canvas: Canvas, face: FaceParameters, frame: Frame, texture: np.ndarray) -> None:
    width, slope = 1.0 * face.shape.width, 0.06 * np.sign(face.style.parting)
    top = curve(((-width, -0.5), (-0.75, -1.0), (0, -1.3), (0.75, -1.0), (width, -0.5)), False)
    x = np.linspace(width, -width, 29, dtype=np.float32)
    fringe = -0.53 + slope * x + 0.3 * np.abs(x) ** 4
    fringe += np.where(np.arange(29) % 4 == 0, -0.07, 0) + 0.02 * np.sin(5 * x)
    shape = np.concatenate([frame.on_face(top), frame.on_face(np.stack([x, fringe], 1))])
    canvas.tint(frame.moved(shape, 0, 0.04), _SHADOW, 0.35, 0.006)
    canvas.cover(shape, texture, _HAIR, _SOFTNESS)
