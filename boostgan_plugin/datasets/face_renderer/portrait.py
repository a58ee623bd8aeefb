"""Puts a portrait together from its parameters."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np

from .accessories import draw_earrings, draw_glasses, draw_hat, draw_temples
from .beard import draw_beard
from .canvas import MARK, Canvas
from .clothes import draw_clothes
from .features import draw_brows, draw_eyes, draw_mouth, draw_nose
from .geometry import Frame
from .hair import draw_back_hair, draw_front_hair, hair_texture
from .head import draw_ears, draw_face_skin, draw_neck
from .marks import draw_marks
from .parameters import REGIONS, FaceParameters
from .sampling import sample_face
from .scene import draw_occluder, paint_background
from .skin import skin_texture

_OVERSAMPLING = 2
_NOISE_BANK = 640
_BACKGROUND, _EYEGLASSES, _HAT = map(REGIONS.index, ('background', 'eyeglasses', 'hat'))


class Portrait(NamedTuple):
    """A drawn face with its exact annotations.

    Attributes:
        image: uint8 (size, size, 3), BGR.
        parts: uint8 (size, size), position of each pixel's class in ``PARTS``. Left is the
            left in the image. Ears, neck, clothes, hats and objects in front of the face are
            background; beards are face skin; glasses keep the labels underneath.
        attributes: uint8 (18,), 0 or 1, in the order of ``ATTRIBUTES``.
        regions: uint8 (size, size), position of each pixel's class in ``REGIONS``: as ``parts``,
            but hats and the frames of glasses are classes of their own.
    """

    image: np.ndarray
    parts: np.ndarray
    attributes: np.ndarray
    regions: np.ndarray


def render_face(index: int, size: int) -> Portrait:
    """Draws the face number ``index`` (>= 0), ``size`` (> 0) pixels high and wide.

    The same index gives the same face at every size.
    """
    return draw_face(sample_face(index), size)


def draw_face(parameters: FaceParameters, size: int) -> Portrait:
    """Draws the described face, ``size`` (> 0) pixels high and wide."""
    large = size * _OVERSAMPLING
    canvas = Canvas(np.empty((large, large, 3), np.uint8), np.zeros((large, large), np.uint8))
    _draw_layers(canvas, parameters)
    image = cv2.resize(canvas.image, (size, size), interpolation=cv2.INTER_AREA)
    labels = canvas.parts[1::_OVERSAMPLING, 1::_OVERSAMPLING]
    parts = labels & ~np.uint8(MARK)
    parts[parts == _HAT] = _BACKGROUND
    regions = np.where(labels & MARK, np.uint8(_EYEGLASSES), labels)
    return Portrait(_photograph(image, parameters), parts, parameters.attribute_vector(), regions)


def _draw_layers(canvas: Canvas, face: FaceParameters) -> None:
    """Paints from the back to the front."""
    frame = Frame(face.pose)
    body = Frame(replace(face.pose, yaw=0.3 * face.pose.yaw, pitch=0, roll=0.35 * face.pose.roll))
    skin = skin_texture(face, frame, canvas.size)
    hair = hair_texture(face, frame, canvas.size)
    paint_background(canvas, face.scene)
    draw_back_hair(canvas, face, frame, hair)
    draw_neck(canvas, face, frame, body, skin)
    draw_clothes(canvas, face, body)
    draw_ears(canvas, face, frame, skin)
    if face.style.earrings:
        draw_earrings(canvas, face, frame)
    draw_face_skin(canvas, face, frame, skin)
    draw_marks(canvas, face, frame)
    draw_eyes(canvas, face, frame)
    draw_nose(canvas, face, frame)
    draw_beard(canvas, face, frame)
    draw_mouth(canvas, face, frame)
    draw_brows(canvas, face, frame)
    if face.has('Eyeglasses'):
        draw_temples(canvas, face, frame)
    draw_front_hair(canvas, face, frame, hair)
    if face.has('Wearing_Hat'):
        draw_hat(canvas, face, frame)
    if face.has('Eyeglasses'):
        draw_glasses(canvas, face, frame)
    draw_occluder(canvas, face)


@lru_cache(maxsize=1)
def _noise_bank() -> np.ndarray:
    noise = np.random.default_rng(3).standard_normal((_NOISE_BANK, _NOISE_BANK, 3))
    return noise.astype(np.float32)


def _photograph(image: np.ndarray, face: FaceParameters) -> np.ndarray:
    """Colour of the light, blur and noise of the camera; turns RGB into BGR."""
    scene, size = face.scene, len(image)
    if scene.blur:
        image = cv2.GaussianBlur(image, (0, 0), max(scene.blur * size, 0.35))
    bank = _noise_bank()
    if size >= _NOISE_BANK // 2:
        bank = np.tile(bank, (size // _NOISE_BANK + 2,) * 2 + (1,))
    top, left = scene.seed * 37 % (len(bank) - size), scene.seed * 91 % (len(bank) - size)
    noise = bank[top : top + size, left : left + size] * np.float32(scene.noise)
    noise += image * np.float32(face.light.gain)
    return np.clip(noise, 0, 255).astype(np.uint8)[..., ::-1].copy()
