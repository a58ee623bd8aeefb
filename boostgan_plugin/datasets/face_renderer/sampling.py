"""Draws the parameters of a face at random, with attributes that go together as in CelebA."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from math import cos, pi, sin, sqrt

import numpy as np

from .canvas import mix, scaled
from .parameters import Colour, FaceParameters, Light, Pose, Scene, Shape, Style

_SEED = 20_210_907
_DRAWS = 160

_SKIN_TONES: tuple[Colour, ...] = (
    (250, 218, 194), (244, 204, 174), (238, 190, 154), (222, 168, 126),
    (196, 138, 98), (160, 105, 72), (122, 78, 54), (92, 58, 42),
)  # fmt: skip
HAIR_TONES: dict[str, tuple[Colour, Colour]] = {
    'Black_Hair': ((22, 18, 20), (44, 36, 36)),
    'Brown_Hair': ((70, 42, 28), (116, 76, 52)),
    'Blond_Hair': ((208, 166, 96), (236, 206, 140)),
    'Gray_Hair': ((146, 148, 154), (196, 198, 202)),
    'red': ((160, 64, 28), (190, 88, 40)),
}
_IRISES: tuple[Colour, ...] = (
    (70, 42, 24), (104, 66, 34), (86, 110, 60), (84, 130, 170), (112, 128, 138), (54, 86, 130),
)  # fmt: skip
_LIPSTICKS: tuple[Colour, ...] = (
    (196, 20, 44), (216, 36, 80), (150, 16, 52), (226, 50, 60), (176, 24, 92),
)  # fmt: skip
_FRAMES: tuple[Colour, ...] = (
    (20, 20, 24), (84, 46, 22), (150, 122, 60), (120, 24, 34), (34, 50, 92), (150, 154, 160),
)  # fmt: skip
_OCCLUDERS = ('hand', 'bar', 'leaf', 'cup', 'phone')
_BACKGROUNDS = ('gradient', 'bokeh', 'stripes', 'clouds', 'horizon', 'window')


class _Dice:
    """Random decisions from one block of random numbers, as single draws are slow."""

    def __init__(self, index: int) -> None:
        self._next = iter(np.random.default_rng([_SEED, index]).random(_DRAWS).tolist()).__next__

    def chance(self, probability: float) -> bool:
        return self._next() < probability

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self._next()

    def around(self, centre: float, spread: float) -> float:
        """Bell-shaped, never more than ``spread`` away."""
        return centre + spread * (self._next() + self._next() + self._next() - 1.5) / 1.5

    def pick(self, options, weights=None):
        if weights is None:
            return options[int(self._next() * len(options))]
        bounds = list(accumulate(weights))
        return options[min(bisect(bounds, self._next() * bounds[-1]), len(options) - 1)]

    def colour(self, saturation: float, low: float, high: float) -> Colour:
        """Any hue; ``saturation`` in 0..1, brightness between ``low`` and ``high``."""
        hue, value = self.between(0, 2 * pi), self.between(low, high)
        amount = saturation * self._next()
        waves = (0.5 + 0.5 * cos(hue + turn) for turn in (0, 2.1, 4.2))
        return tuple(255 * value * (1 - amount * (1 - wave)) for wave in waves)


def sample_face(index: int) -> FaceParameters:
    """The face number ``index`` (>= 0): the same parameters at every call."""
    dice = _Dice(index)
    traits, haircut = _sample_traits(dice)
    return FaceParameters(
        traits=frozenset(traits),
        pose=_sample_pose(dice),
        light=_sample_light(dice),
        shape=_sample_shape(dice),
        style=_sample_style(dice, traits, haircut),
        scene=_sample_scene(dice, index),
    )


def _sample_traits(dice: _Dice) -> tuple[set[str], str]:
    """Attributes and the haircut, which depends on some of them and others depend on."""
    male = dice.chance(0.46)
    young = dice.chance(0.63 if male else 0.75)
    smiling = dice.chance(0.46 if male else 0.56)
    lipstick = not male and dice.chance(0.66)
    mustache = male and dice.chance(0.38)
    hat = dice.chance(0.17)
    haircut = _sample_haircut(dice, male, young)
    long_hair = haircut in ('long', 'bob')
    odds = {
        'Male': male,
        'Young': young,
        'Smiling': smiling,
        'Wearing_Lipstick': lipstick,
        'Mustache': mustache,
        'Wearing_Hat': hat,
        'No_Beard': not mustache and dice.chance(0.7 if male else 1),
        'Bangs': not hat and haircut != 'receding' and dice.chance(0.26 if male else 0.38),
        'Big_Nose': dice.chance(0.2 + 0.2 * male + 0.2 * (not young)),
        'Bushy_Eyebrows': dice.chance(0.5 if male else 0.12),
        'Eyeglasses': dice.chance(0.16 if young else 0.48),
        'Mouth_Slightly_Open': dice.chance(0.72 if smiling else 0.22),
        'Rosy_Cheeks': dice.chance(0.06 if male else 0.42 if lipstick else 0.22),
        'Wavy_Hair': (long_hair or not hat and haircut != 'receding') and dice.chance(0.45),
    }
    traits = {name for name, value in odds.items() if value}
    traits.add(_sample_hair_colour(dice, male, young))
    traits.discard('red')
    return traits, haircut


def _sample_haircut(dice: _Dice, male: bool, young: bool) -> str:
    if not male:
        return dice.pick(('long', 'bob', 'bun', 'side_part'), (50, 25, 17, 8))
    if young:
        return dice.pick(('short', 'side_part', 'long'), (50, 40, 10))
    return dice.pick(('short', 'side_part', 'receding'), (25, 25, 50))


def _sample_hair_colour(dice: _Dice, male: bool, young: bool) -> str:
    names = ('Black_Hair', 'Brown_Hair', 'Blond_Hair', 'red', 'Gray_Hair')
    if young:
        return dice.pick(names, (38, 32, 14 if male else 28, 10, 0))
    return dice.pick(names, (20, 16, 8, 4, 52))


def _sample_pose(dice: _Dice) -> Pose:
    return Pose(
        yaw=dice.around(0, 0.55),
        pitch=dice.around(0, 0.24),
        roll=dice.around(0, 0.3),
        scale=dice.between(0.232, 0.272),
        centre=(dice.around(0.5, 0.06), dice.around(0.515, 0.05)),
    )


def _sample_light(dice: _Dice) -> Light:
    x, y = dice.between(-0.75, 0.75), dice.between(-0.6, 0.15)
    warmth, exposure = dice.around(0.02, 0.1), dice.between(0.9, 1.06)
    return Light(
        direction=(x, y, sqrt(1 - x * x - y * y)),
        ambient=dice.between(0.42, 0.72),
        gain=(exposure * (1 + warmth), exposure, exposure * (1 - warmth)),
    )


def _sample_shape(dice: _Dice) -> Shape:
    return Shape(
        width=dice.around(1, 0.1),
        jaw=dice.around(1, 0.09),
        chin=dice.around(1, 0.09),
        eye_distance=dice.around(0.43, 0.05),
        eye_size=dice.around(1, 0.16),
        eye_openness=dice.around(1, 0.3),
        eye_tilt=dice.around(0.01, 0.045),
        brow_height=dice.around(0, 0.05),
        brow_arch=dice.around(0, 0.05),
        nose_width=dice.around(1, 0.12),
        nose_length=dice.around(1, 0.12),
        mouth_width=dice.around(1, 0.14),
        mouth_opening=dice.around(1, 0.35),
        lip_fullness=dice.around(1, 0.3),
    )


def _sample_style(dice: _Dice, traits: set[str], haircut: str) -> Style:
    male = 'Male' in traits
    place = dice.between(0, len(_SKIN_TONES) - 1.001)
    if traits & {'Blond_Hair'}:
        place *= 0.5
    tone = mix(_SKIN_TONES[int(place)], _SKIN_TONES[int(place) + 1], place % 1)
    hair_name = next((name for name in HAIR_TONES if name in traits), 'red')
    clothes = ('suit', 'shirt', 'crew', 'hoodie') if male else ('scoop', 'vneck', 'crew', 'blouse')
    return Style(
        skin=scaled(tone, dice.between(0.96, 1.02)),
        hair=mix(*HAIR_TONES[hair_name], dice.between(0, 1)),
        iris=dice.pick(_IRISES[: 2 if place > 3.6 else None]),
        lipstick=dice.pick(_LIPSTICKS),
        haircut=haircut,
        hair_volume=dice.between(0, 0.14),
        parting=dice.pick((-1, 1)) * dice.between(0.15, 0.55),
        beard=dice.pick(('full', 'goatee', 'stubble'), (45, 20, 35)),
        glasses=dice.pick(('round', 'square', 'wide', 'cat')),
        glasses_colour=dice.pick(_FRAMES),
        lens_alpha=dice.pick((0.1, 0.45, 0.82), (75, 13, 12)),
        hat=dice.pick(('beanie', 'cap', 'brim', 'beret')),
        hat_colour=dice.colour(0.9, 0.2, 0.95),
        clothes=dice.pick(clothes),
        clothes_colour=dice.colour(0.85, 0.15, 0.95),
        accent=dice.colour(1.0, 0.4, 1.0),
        earrings=not male and dice.chance(0.5),
    )


def _sample_scene(dice: _Dice, index: int) -> Scene:
    angle = dice.between(0, 2 * pi)
    distance = dice.between(0.55, 1.0)
    return Scene(
        background=dice.pick(_BACKGROUNDS),
        colours=(
            dice.colour(0.75, 0.35, 1.0),
            dice.colour(0.75, 0.3, 1.0),
            dice.colour(0.9, 0.3, 1.0),
        ),
        occluder=dice.pick(_OCCLUDERS) if dice.chance(0.12) else '',
        occluder_place=(distance * cos(angle), distance * sin(angle) + 0.1),
        occluder_angle=dice.between(-0.8, 0.8),
        noise=dice.between(0.5, 5),
        blur=dice.between(0.003, 0.006) if dice.chance(0.15) else 0.0,
        seed=index,
    )
