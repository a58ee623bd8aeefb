"""Smooth curves, strokes and the projection of head coordinates into the image."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import cos, pi, sin

import numpy as np

from .parameters import Pose

Points = np.ndarray | Sequence[tuple[float, float]]

_SAMPLES_PER_SEGMENT = 6
HEAD_RADII = (1.08, 1.5, 0.85)
"""Half axes (right, down, towards the viewer) of the ellipsoid on which features lie."""
_FLATNESS = np.float32(HEAD_RADII[:2]) ** -2
_DEPTH = np.float32(HEAD_RADII[2])


@cache
def _spline_weights(count: int, closed: bool) -> np.ndarray:
    """Weights (samples, count) of a Catmull-Rom spline through ``count`` points."""
    t = np.arange(_SAMPLES_PER_SEGMENT) / _SAMPLES_PER_SEGMENT
    basis = 0.5 * np.stack(
        [-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2]
    )
    segments = count if closed else count - 1
    weights = np.zeros((segments, _SAMPLES_PER_SEGMENT, count), np.float32)
    for segment in range(segments):
        for offset, values in zip(range(-1, 3), basis, strict=True):
            point = segment + offset
            point = point % count if closed else min(max(point, 0), count - 1)
            weights[segment, :, point] += values
    weights = weights.reshape(-1, count)
    if closed:
        return weights
    return np.concatenate([weights, np.eye(count, dtype=np.float32)[-1:]])


def curve(points: Points, closed: bool = True) -> np.ndarray:
    """Smooth curve (m, 2) through control points (n, 2)."""
    points = np.asarray(points, np.float32)
    return _spline_weights(len(points), closed) @ points


def mirrored(points: Points) -> np.ndarray:
    """The points reflected at the head's middle, in reverse order to keep the sense."""
    return np.asarray(points, np.float32)[::-1] * np.float32((-1, 1))


def symmetric(right_half: Points) -> np.ndarray:
    """Closed outline from its right half, given from top to bottom."""
    half = np.asarray(right_half, np.float32)
    return np.concatenate([half, mirrored(half[half[:, 0] > 0])])


@cache
def _circle(count: int) -> np.ndarray:
    angles = np.arange(count) * (2 * pi / count)
    return np.stack([np.cos(angles), np.sin(angles)], 1).astype(np.float32)


def ellipse(x: float, y: float, rx: float, ry: float, count: int = 20) -> np.ndarray:
    """Polygon (count, 2) around an axis-parallel ellipse."""
    return _circle(count) * np.float32((rx, ry)) + np.float32((x, y))


def both_sides(right: Points) -> np.ndarray:
    """Shapes (2, n, 2) of a pair, the left one first, from that on the right."""
    right = np.asarray(right, np.float32)
    return np.stack([right * np.float32((-1, 1)), right])


@cache
def _tangent_weights(count: int) -> np.ndarray:
    """Central differences (count, count), one-sided at the ends."""
    return np.gradient(np.eye(count, dtype=np.float32), axis=0)


def stroke(line: np.ndarray, width: float | np.ndarray) -> np.ndarray:
    """Outline (2n, 2) of a line (n, 2) drawn ``width`` wide: a number or one per point."""
    along = _tangent_weights(len(line)) @ line
    x, y = along.T
    half = np.float32(0.5) * width / (np.sqrt(x * x + y * y) + np.float32(1e-9))
    across = np.stack([-y * half, x * half], 1)
    return np.concatenate([line + across, (line - across)[::-1]])


@cache
def taper(count: int, start: float = 0.15, end: float = 0.15) -> np.ndarray:
    """Width profile (count,) of a brush stroke that is thickest in the middle."""
    position = np.linspace(0, 1, count)
    ramp = start + (end - start) * position
    return (ramp + (1 - ramp) * np.sin(pi * position) ** 0.7).astype(np.float32)


class Frame:
    """Maps head coordinates into the unit square of the image.

    The projection is linear in (x, y, depth), so features in front of the head shift against
    its outline when it turns.
    """

    def __init__(self, pose: Pose) -> None:
        self.upright = np.float32(
            [
                [cos(pose.yaw), 0],
                [0, cos(pose.pitch)],
                [sin(pose.yaw), sin(pose.pitch)],
            ]
        )
        turn = np.float32([[cos(pose.roll), sin(pose.roll)], [-sin(pose.roll), cos(pose.roll)]])
        self.similarity = turn * np.float32(pose.scale)
        self.offset = np.float32(pose.centre)
        self._matrix = self.upright @ self.similarity

    def on_face(self, points: Points, lift: float = 0.0) -> np.ndarray:
        """Places points (..., 2) of the head's surface, ``lift`` in front of it."""
        points = np.asarray(points, np.float32)
        return self.at_depth(points, self.depth(points) + np.float32(lift))

    def at_depth(self, points: Points, depth: float | np.ndarray) -> np.ndarray:
        """Places points (..., 2) that lie ``depth`` (...) in front of the head's centre."""
        points = np.asarray(points, np.float32)
        shift = np.asarray(depth, np.float32)[..., None] * self._matrix[2] + self.offset
        return points @ self._matrix[:2] + shift

    def moved(self, shape: np.ndarray, x: float, y: float) -> np.ndarray:
        """A placed shape, shifted by head units."""
        return shape + np.float32((x, y)) @ self.similarity

    @staticmethod
    def depth(points: np.ndarray) -> np.ndarray:
        """Depth (...) of the head's surface at points (..., 2)."""
        return np.sqrt(np.maximum(1 - (points * points) @ _FLATNESS, 0)) * _DEPTH
