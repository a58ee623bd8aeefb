"""Backgrounds, and objects in front of the face."""

from __future__ import annotations

from functools import lru_cache
from math import cos, sin

import cv2
import numpy as np

from .canvas import Canvas, mix, scaled
from .geometry import curve, ellipse, stroke
from .parameters import PARTS, Colour, FaceParameters, Scene

_BACKGROUND = PARTS.index('background')
_CELLS = 32
_GREEN = (62, 124, 52)
_HILLS = (-0.1, 0.15, 0.38, 0.62, 0.86, 1.1)


def paint_background(canvas: Canvas, scene: Scene) -> None:
    """Fills the whole image; the labels stay background."""
    {
        'gradient': _gradient,
        'bokeh': _bokeh,
        'stripes': _stripes,
        'clouds': _clouds,
        'horizon': _horizon,
        'window': _window,
    }[scene.background](canvas, scene, np.random.default_rng(scene.seed))


@lru_cache(maxsize=1)
def _ramp() -> np.ndarray:
    return np.linspace(0, 1, _CELLS, dtype=np.float32)


def _blend(canvas: Canvas, amount: np.ndarray, first: Colour, second: Colour) -> None:
    """Colours the image by a coarse map (cells, cells) of the fraction of ``second``."""
    start = np.float32(first)
    coarse = start + amount[..., None] * (np.float32(second) - start)
    coarse = np.clip(coarse, 0, 255).astype(np.uint8)
    cv2.resize(coarse, (canvas.size,) * 2, dst=canvas.image, interpolation=cv2.INTER_LINEAR)


def _gradient(canvas: Canvas, scene: Scene, rng: np.random.Generator) -> None:
    x, y = rng.uniform(-1, 1, 2)
    amount = 0.5 + 0.6 * (x * (_ramp() - 0.5) + y * (_ramp()[:, None] - 0.5))
    _blend(canvas, amount, scene.colours[0], scene.colours[1])


def _clouds(canvas: Canvas, scene: Scene, rng: np.random.Generator) -> None:
    amount = cv2.resize(rng.random((6, 6), dtype=np.float32), (_CELLS, _CELLS),
                        interpolation=cv2.INTER_CUBIC)  # fmt: skip
    _blend(canvas, amount, scene.colours[0], scene.colours[1])


def _bokeh(canvas: Canvas, scene: Scene, rng: np.random.Generator) -> None:
    coarse = np.empty((96, 96, 3), np.uint8)
    coarse[:] = np.uint8(scaled(scene.colours[0], 0.7))
    blobs = Canvas(coarse, np.zeros((96, 96), np.uint8))
    for x, y, size, glow in rng.random((14, 4)).tolist():
        colour = mix(scene.colours[1], scene.colours[2], glow)
        radius = 0.03 + 0.11 * size
        blobs.fill(ellipse(x, y, radius, radius, 14), mix(scene.colours[0], colour, 0.7))
    coarse = cv2.GaussianBlur(coarse, (0, 0), 2)
    cv2.resize(coarse, (canvas.size,) * 2, dst=canvas.image, interpolation=cv2.INTER_LINEAR)


def _stripes(canvas: Canvas, scene: Scene, rng: np.random.Generator) -> None:
    _gradient(canvas, scene, rng)
    angle, step = rng.uniform(0, 3.14), rng.uniform(0.1, 0.3)
    along = np.float32((cos(angle), sin(angle)))
    across = np.float32((-along[1], along[0]))
    colour = mix(scene.colours[0], scene.colours[2], 0.5)
    for offset in np.arange(-0.75, 0.75, step).tolist():
        middle = np.float32((0.5, 0.5)) + offset * across
        canvas.fill(stroke(np.stack([middle - along, middle + along]), 0.45 * step), colour)


def _horizon(canvas: Canvas, scene: Scene, rng: np.random.Generator) -> None:
    sky = mix(scene.colours[0], (150, 190, 235), 0.6)
    _blend(canvas, np.broadcast_to(_ramp()[:, None], (_CELLS, _CELLS)), sky,
           mix(sky, (255, 240, 220), 0.7))  # fmt: skip
    level = rng.uniform(0.45, 0.75)
    for layer, heights in enumerate(rng.uniform(-0.1, 0.1, (2, 6)).tolist()):
        top = [(x, level + 0.12 * layer + h) for x, h in zip(_HILLS, heights, strict=True)]
        hill = np.concatenate([curve(top, closed=False), np.float32([(1.1, 1.1), (-0.1, 1.1)])])
        canvas.fill(hill, mix(_GREEN, scene.colours[layer + 1], 0.45))


def _window(canvas: Canvas, scene: Scene, rng: np.random.Generator) -> None:
    _gradient(canvas, scene, rng)
    x, width = rng.uniform(-0.1, 0.75), rng.uniform(0.25, 0.45)
    frame = mix(scene.colours[1], (245, 245, 240), 0.75)
    canvas.fill(_box(x, -0.1, x + width, 0.62), frame)
    pane, glass = width / 2 - 0.03, mix(scene.colours[2], (200, 226, 250), 0.6)
    for left in (x + 0.02, x + width / 2 + 0.01):
        for top, bottom in ((-0.1, 0.24), (0.27, 0.59)):
            canvas.fill(_box(left, top, left + pane, bottom), glass)


def _box(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    return np.float32(((left, top), (right, top), (right, bottom), (left, bottom)))


def draw_occluder(canvas: Canvas, face: FaceParameters) -> None:
    """The object in front of the face, if there is one; it counts as background."""
    kind = face.scene.occluder
    if kind:
        {'hand': _hand, 'bar': _bar, 'leaf': _leaf, 'cup': _cup, 'phone': _phone}[kind](
            canvas, face
        )


def _place(face: FaceParameters, points: np.ndarray) -> np.ndarray:
    """Places points (n, 2), in head units around the object's middle, in the image."""
    scene, pose = face.scene, face.pose
    c, s = cos(scene.occluder_angle), sin(scene.occluder_angle)
    turned = points @ np.float32(((c, s), (-s, c))) + np.float32(scene.occluder_place)
    return turned * np.float32(pose.scale) + np.float32(pose.centre)


def _object(canvas: Canvas, face: FaceParameters, shape: np.ndarray, colour: Colour) -> None:
    canvas.fill(_place(face, shape), colour, _BACKGROUND)


_FINGERS = ((-0.32, -0.55, 0.18), (-0.11, -0.72, 0.19), (0.11, -0.7, 0.19), (0.32, -0.52, 0.17),
            (0.62, 0.05, 0.19))  # fmt: skip
_THUMB = 4


def _hand(canvas: Canvas, face: FaceParameters) -> None:
    skin = face.style.skin
    arm = np.float32(((-0.32, 0.5), (0.34, 0.5), (0.5, 5), (-0.5, 5)))
    _object(canvas, face, arm, scaled(skin, 0.8))
    _object(canvas, face, curve(((-0.4, 0), (0, -0.08), (0.4, 0), (0.4, 0.5), (0.2, 0.8),
                                 (-0.2, 0.8), (-0.42, 0.5))), scaled(skin, 0.88))  # fmt: skip
    for number, (x, y, width) in enumerate(_FINGERS):
        root = (0.3, 0.5) if number == _THUMB else (0.85 * x, 0.3)
        line = curve((root, (0.5 * (x + root[0]), 0.5 * (y + root[1])), (x, y)), closed=False)
        # A darker rim separates the fingers.
        for thickness, shade in ((width, 0.66), (0.76 * width, 0.98)):
            colour = scaled(skin, shade)
            _object(canvas, face, stroke(line, thickness), colour)
            _object(canvas, face, ellipse(x, y, thickness / 2, thickness / 2, 12), colour)


def _bar(canvas: Canvas, face: FaceParameters) -> None:
    colour = face.scene.colours[2]
    for offset, width, shade in ((0, 0.42, 0.8), (-0.06, 0.2, 1.0)):
        line = np.float32(((offset, -5), (offset, 5)))
        _object(canvas, face, stroke(line, width), scaled(colour, shade))


def _leaf(canvas: Canvas, face: FaceParameters) -> None:
    green = mix(_GREEN, face.scene.colours[2], 0.3)
    blade = curve(((0, -0.9), (0.34, -0.4), (0.36, 0.1), (0, 0.8), (-0.36, 0.1), (-0.34, -0.4)))
    _object(canvas, face, blade, green)
    veins = [((0, -0.85), (0, 1.6))] + [((0, y + 0.2), (s * 0.28, y)) for s in (-1, 1)
                                       for y in (-0.45, -0.15, 0.15)]  # fmt: skip
    for vein in veins:
        _object(canvas, face, stroke(np.float32(vein), 0.035), scaled(green, 1.4))


def _cup(canvas: Canvas, face: FaceParameters) -> None:
    colour = mix(face.scene.colours[2], (245, 245, 245), 0.4)
    handle = ellipse(0.42, 0.1, 0.3, 0.3)
    _object(canvas, face, handle, scaled(colour, 0.8))
    _object(canvas, face, np.float32(((-0.48, -0.4), (0.48, -0.4), (0.38, 0.6), (-0.38, 0.6))),
            colour)  # fmt: skip
    _object(canvas, face, ellipse(0, -0.4, 0.48, 0.1), scaled(colour, 0.6))
    _object(canvas, face, np.float32(((-0.44, 0), (0.44, 0), (0.42, 0.2), (-0.42, 0.2))),
            face.scene.colours[1])  # fmt: skip


def _phone(canvas: Canvas, face: FaceParameters) -> None:
    body = curve(((-0.36, -0.6), (0, -0.66), (0.36, -0.6), (0.4, 0), (0.36, 0.6), (0, 0.66),
                  (-0.36, 0.6), (-0.4, 0)))  # fmt: skip
    _object(canvas, face, body, (28, 28, 34))
    _object(canvas, face, body * np.float32((0.88, 0.92)), scaled(face.scene.colours[2], 0.5))
    _object(canvas, face, ellipse(-0.2, -0.46, 0.08, 0.08, 12), (12, 12, 14))
