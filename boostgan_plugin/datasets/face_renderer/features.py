"""Eyes, brows, nose and mouth."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas, mix, scaled
from .geometry import Frame, both_sides, curve, ellipse, stroke, taper
from .parameters import PARTS, Colour, FaceParameters

_LABEL = {name: label for label, name in enumerate(PARTS)}
_EYE_Y = -0.13
_MOUTH_Y = 0.74
_WHITE = (248, 246, 244)
_BLACK = (14, 10, 12)
_LASHES = (34, 22, 20)
_EYE_WHITE = (238, 234, 232)
_TEETH = (246, 242, 232)
_MOUTH_CAVITY = (70, 18, 24)
_TONGUE = (176, 74, 80)
_NATURAL_LIP = (190, 92, 88)
_BROW_SHADES = {'Blond_Hair': 0.62, 'Gray_Hair': 0.6, 'Black_Hair': 1.0}
_OTHER_BROW_SHADE = 0.75

_IRIS_LAYERS = ((1.0, 0.42), (0.86, 1.0), (0.66, 1.25))
"""Radius and brightness of the rings of an iris."""


def nose_half_width(face: FaceParameters) -> float:
    """Half the distance between the outer edges of the nostrils, in head units."""
    return (0.35 if face.has('Big_Nose') else 0.19) * face.shape.nose_width


def eye_edges(face: FaceParameters) -> tuple[np.ndarray, np.ndarray]:
    """Edge (n, 2) of the right eye's upper lid and of its lower lid, in opposite directions.

    A smile narrows the eyes from below, and age makes them smaller.
    """
    shape, smiling = face.shape, face.has('Smiling')
    half, tilt = 0.235 * shape.eye_size, shape.eye_tilt
    height = 0.118 * shape.eye_openness * shape.eye_size * (1 if face.has('Young') else 0.85)
    height *= 0.84 if smiling else 1
    lift = (0.36 if smiling else 0.8) * height
    upper = ((-half, 0.02 + tilt), (-0.45 * half, -0.8 * height), (0.2 * half, -1.1 * height),
             (0.7 * half, -0.65 * height), (half, -tilt))  # fmt: skip
    lower = ((half, -tilt), (0.5 * half, lift), (-0.3 * half, 0.95 * lift),
             (-half, 0.02 + tilt))  # fmt: skip
    centre = np.float32((shape.eye_distance, _EYE_Y))
    return curve(upper, closed=False) + centre, curve(lower, closed=False) + centre


def draw_eyes(canvas: Canvas, face: FaceParameters, frame: Frame) -> None:
    """Both eyes with lashes, and eye shadow where lipstick is worn."""
    upper, lower = eye_edges(face)
    made_up, male = face.has('Wearing_Lipstick'), face.has('Male')
    if made_up:
        lid = np.concatenate([upper - np.float32((-0.01, 0.1)), upper[::-1]])
        shadow = mix(scaled(face.style.skin, 0.5), face.style.lipstick, 0.35)
        canvas.tint(frame.on_face(both_sides(lid)), shadow, 0.65, 0.003)
    almonds = frame.on_face(both_sides(np.concatenate([upper, lower])))
    with canvas.clip(almonds):
        _draw_eyeballs(canvas, face, frame, almonds)
    for almond, part in zip(almonds, ('left_eye', 'right_eye'), strict=True):
        canvas.label(almond, _LABEL[part])
    width = 0.036 if male else 0.068 if made_up else 0.045
    if not male:
        wing = upper[-1] + np.float32((0.06 if made_up else 0.03, -0.05))
        upper = np.concatenate([upper, wing[None]])
    lashes = stroke(upper, width * taper(len(upper), 0.3, 0.5))
    canvas.fill(frame.on_face(both_sides(lashes)), _LASHES)


def _draw_eyeballs(canvas: Canvas, face: FaceParameters, frame: Frame, almonds: np.ndarray) -> None:
    style, shape = face.style, face.shape
    canvas.fill(almonds, scaled(_EYE_WHITE, 0.8 + 0.2 * face.light.ambient))
    radius, y = 0.118 * shape.eye_size**0.5, _EYE_Y - 0.012
    rings = [(size * radius, scaled(style.iris, shade)) for size, shade in _IRIS_LAYERS]
    for size, colour in (*rings, (0.42 * radius, _BLACK)):
        disc = ellipse(shape.eye_distance, y, size, size, 16)
        canvas.fill(frame.on_face(both_sides(disc)), colour)
    canvas.tint(frame.moved(almonds, 0, -0.07), (50, 30, 30), 0.4, 0.004)
    x, up = np.float32(face.light.direction[:2]) * 0.045
    glints = np.float32(((-shape.eye_distance, y), (shape.eye_distance, y))) + (x, up - 0.015)
    canvas.fill(frame.on_face(ellipse(0, 0, 0.03, 0.03, 8) + glints[:, None]), _WHITE)


def brow_colour(face: FaceParameters) -> Colour:
    """Brows are darker than the hair, unless that is black."""
    shades = (shade for name, shade in _BROW_SHADES.items() if face.has(name))
    return scaled(face.style.hair, next(shades, _OTHER_BROW_SHADE))


def draw_brows(canvas: Canvas, face: FaceParameters, frame: Frame) -> None:
    """Both brows: thick and rough if bushy, otherwise thin."""
    shape, male, bushy = face.shape, face.has('Male'), face.has('Bushy_Eyebrows')
    x, y = shape.eye_distance, -0.41 - shape.brow_height + 0.04 * male + 0.02 * bushy
    arch = shape.brow_arch + (0.03 if male else 0.08)
    line = curve(
        ((x - 0.26, y + 0.03), (x - 0.02, y - arch * 0.6), (x + 0.13, y - arch),
         (x + 0.31, y + 0.05)), closed=False)  # fmt: skip
    brow = stroke(line, (0.16 if bushy else 0.066) * taper(len(line), 0.65, 0.15))
    if bushy:
        brow[:, 1] += 0.018 * np.sin(np.arange(len(brow)) * 2.1)
    brows = frame.on_face(both_sides(brow))
    canvas.tint(brows, brow_colour(face), 0.95 if bushy else 0.85, 0.0015)
    for placed, part in zip(brows, ('left_brow', 'right_brow'), strict=True):
        canvas.label(placed, _LABEL[part])


def draw_nose(canvas: Canvas, face: FaceParameters, frame: Frame) -> None:
    """The nostrils; the rest of the nose is shading of the skin."""
    half, tip = nose_half_width(face), 0.36 + 0.1 * face.shape.nose_length
    bridge = 0.13 if face.has('Big_Nose') else 0.09
    right = ((bridge * 0.9, -0.16), (bridge, 0.08), (half * 0.85, tip - 0.2), (half, tip - 0.07),
             (half * 0.72, tip + 0.02), (0, tip + 0.045))  # fmt: skip
    left = [(-x, y) for x, y in right[-2::-1]]
    canvas.label(frame.on_face(curve((*right, *left)), 0.08), _LABEL['nose'])
    hole = ellipse(half * 0.5, tip - 0.015, half * 0.25, 0.028, 12)
    dark = mix(scaled(face.style.skin, 0.3), (80, 30, 24), 0.4)
    canvas.fill(frame.on_face(both_sides(hole), 0.08), dark)


def lip_colour(face: FaceParameters) -> Colour:
    """Natural lips stay close to the skin, lipstick does not."""
    natural = mix(face.style.skin, scaled(_NATURAL_LIP, sum(face.style.skin) / 560), 0.6)
    colour = face.style.lipstick if face.has('Wearing_Lipstick') else natural
    return scaled(colour, 0.8 + 0.25 * face.light.ambient)


def draw_mouth(canvas: Canvas, face: FaceParameters, frame: Frame) -> None:
    """Lips, and between them teeth or the dark of an open mouth."""
    shape, smiling, opened = face.shape, face.has('Smiling'), face.has('Mouth_Slightly_Open')
    half = 0.34 * shape.mouth_width * (1.28 if smiling else 1)
    lift = 0.11 if smiling else 0.005
    gap = (0.125 if smiling else 0.1) * shape.mouth_opening * opened
    full = (0.078 if face.has('Male') else 0.098) * shape.lip_fullness
    middle, corner = _MOUTH_Y + 0.33 * lift, _MOUTH_Y - lift
    top, bottom = middle - 0.3 * gap, middle + 0.9 * gap
    edges = (
        _bow(half, corner, top - full, full * 0.22),
        _lip_line(half, corner, top + 0.006),
        _lip_line(half, corner, bottom),
        _lip_line(half, corner, bottom + full * 1.35),
    )
    outer_top, inner_top, inner_bottom, outer_bottom = map(frame.on_face, edges)
    colour = lip_colour(face)
    if opened:
        _draw_inner_mouth(canvas, inner_top, inner_bottom, smiling)
    upper = np.concatenate([outer_top, inner_top[::-1]])
    lower = np.concatenate([inner_bottom, outer_bottom[::-1]])
    canvas.fill(upper, scaled(colour, 0.84), _LABEL['upper_lip'])
    canvas.fill(lower, colour, _LABEL['lower_lip'])
    if not opened:
        line = stroke(edges[1], 0.03 * taper(len(edges[1])))
        canvas.fill(frame.on_face(line), scaled(colour, 0.45))
    quarter = len(inner_bottom) // 4
    shine = (0.45 * inner_bottom + 0.55 * outer_bottom)[quarter:-quarter]
    shine = stroke(shine, 0.4 * full * face.pose.scale * taper(len(shine)))
    canvas.tint(shine, _WHITE, 0.5 if face.has('Wearing_Lipstick') else 0.22, 0.003)


def _lip_line(half: float, corner: float, middle: float) -> np.ndarray:
    """Line (n, 2) from the left to the right corner of the mouth."""
    shoulder = corner + 0.76 * (middle - corner)
    return curve(
        ((-half, corner), (-0.5 * half, shoulder), (0, middle), (0.5 * half, shoulder),
         (half, corner)), closed=False)  # fmt: skip


def _bow(half: float, corner: float, top: float, dip: float) -> np.ndarray:
    """Upper edge (n, 2) of the upper lip with the cupid's bow."""
    side = corner + (top - corner) * 0.62
    return curve(
        ((-half, corner), (-0.6 * half, side), (-0.22 * half, top), (0, top + dip),
         (0.22 * half, top), (0.6 * half, side), (half, corner)), closed=False)  # fmt: skip


def _draw_inner_mouth(canvas: Canvas, upper: np.ndarray, lower: np.ndarray, smiling: bool) -> None:
    """Teeth when smiling, otherwise the tongue, in the gap between two placed lines."""
    gap = np.concatenate([upper, lower[::-1]])
    canvas.fill(gap, _MOUTH_CAVITY, _LABEL['inner_mouth'])
    if smiling:
        canvas.fill(np.concatenate([upper, (0.3 * upper + 0.7 * lower)[::-1]]), _TEETH)
    else:
        canvas.fill(np.concatenate([0.4 * upper + 0.6 * lower, lower[::-1]]), _TONGUE)
