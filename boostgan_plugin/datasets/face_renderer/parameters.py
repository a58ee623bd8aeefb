"""What describes a face: its visible traits, its geometry, its style and its surroundings.

Lengths are in head units: 1 is half the width of an average face, the origin lies between
the eyes and the nose, x points right in the image and y points down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ATTRIBUTES: tuple[str, ...] = (
    'Bangs', 'Big_Nose', 'Black_Hair', 'Blond_Hair', 'Brown_Hair', 'Bushy_Eyebrows',
    'Eyeglasses', 'Gray_Hair', 'Male', 'Mouth_Slightly_Open', 'Mustache', 'No_Beard',
    'Rosy_Cheeks', 'Smiling', 'Wavy_Hair', 'Wearing_Hat', 'Wearing_Lipstick', 'Young',
)  # fmt: skip
"""Names of the binary attributes, spelled and sorted as in CelebA."""

PARTS: tuple[str, ...] = (
    'background', 'face_skin', 'left_brow', 'right_brow', 'left_eye', 'right_eye', 'nose',
    'upper_lip', 'inner_mouth', 'lower_lip', 'hair',
)  # fmt: skip
"""Names of the Helen classes; the position is the label. Left is the left in the image."""

PART_PALETTE: list[list[int]] = [
    [0, 0, 0], [245, 205, 170], [120, 70, 30], [190, 120, 50], [60, 140, 240], [70, 210, 230],
    [240, 150, 60], [220, 40, 70], [110, 10, 40], [240, 110, 140], [100, 60, 160],
]  # fmt: skip
"""One RGB colour per entry of ``PARTS``."""

REGIONS: tuple[str, ...] = (*PARTS, 'eyeglasses', 'hat')
"""Names of what can be told apart in a face: the parts, frames of glasses and hats."""

REGION_PALETTE: list[list[int]] = [*PART_PALETTE, [30, 30, 30], [40, 150, 90]]
"""One RGB colour per entry of ``REGIONS``."""

HAIR_COLOURS = ('Black_Hair', 'Blond_Hair', 'Brown_Hair', 'Gray_Hair')

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Pose:
    """Angles in radians; ``scale`` is the head unit and ``centre`` the head's place, both as
    fractions of the image's side."""

    yaw: float
    pitch: float
    roll: float
    scale: float
    centre: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Light:
    """``direction`` is a unit vector (right, down, towards the viewer)."""

    direction: tuple[float, float, float]
    ambient: float
    gain: Colour


@dataclass(frozen=True, slots=True)
class Shape:
    """Proportions of the head: factors around 1, or lengths in head units."""

    width: float
    jaw: float
    chin: float
    eye_distance: float
    eye_size: float
    eye_openness: float
    eye_tilt: float
    brow_height: float
    brow_arch: float
    nose_width: float
    nose_length: float
    mouth_width: float
    mouth_opening: float
    lip_fullness: float


@dataclass(frozen=True, slots=True)
class Style:
    """Colours are RGB in 0..255; the remaining fields name variants."""

    skin: Colour
    hair: Colour
    iris: Colour
    lipstick: Colour
    haircut: str
    hair_volume: float
    parting: float
    beard: str
    glasses: str
    glasses_colour: Colour
    lens_alpha: float
    hat: str
    hat_colour: Colour
    clothes: str
    clothes_colour: Colour
    accent: Colour
    earrings: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that is not the person."""

    background: str
    colours: tuple[Colour, Colour, Colour]
    occluder: str
    occluder_place: tuple[float, float]
    occluder_angle: float
    noise: float
    blur: float
    seed: int


@dataclass(frozen=True, slots=True)
class FaceParameters:
    """A face, independent of the resolution. ``traits`` holds the attributes that are 1."""

    traits: frozenset[str]
    pose: Pose
    light: Light
    shape: Shape
    style: Style
    scene: Scene

    def has(self, trait: str) -> bool:
        """Whether the attribute ``trait`` is 1."""
        return trait in self.traits

    def attribute_vector(self) -> np.ndarray:
        """The attributes as uint8 of shape (18,) with values 0 and 1."""
        return np.array([name in self.traits for name in ATTRIBUTES], np.uint8)
