"""Changes one attribute of a face, or its layout, and leaves the rest as it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .canvas import mix
from .parameters import HAIR_COLOURS, FaceParameters, Style
from .sampling import HAIR_TONES

#: What cannot stay beside an attribute that is added.
_EXCLUDED = {
    'Bangs': frozenset({'Wearing_Hat'}),
    'Mustache': frozenset({'No_Beard'}),
    'No_Beard': frozenset({'Mustache'}),
    'Wearing_Hat': frozenset({'Bangs'}),
}
#: What glasses look like that are put on.
_GLASSES = dict(glasses='round', glasses_colour=(20.0, 20.0, 24.0), lens_alpha=0.1)
#: Attributes that a map of regions shows.
_OF_LAYOUT = frozenset(
    {
        'Bangs',
        'Big_Nose',
        'Bushy_Eyebrows',
        'Eyeglasses',
        'Mouth_Slightly_Open',
        'Smiling',
        'Wavy_Hair',
        'Wearing_Hat',
    }
)
#: What of a style has no outline, or none that a map of regions shows.
_LOOKS = (
    'skin',
    'hair',
    'iris',
    'lipstick',
    'beard',
    'glasses_colour',
    'lens_alpha',
    'hat_colour',
    'clothes',
    'clothes_colour',
    'accent',
    'earrings',
)


def with_layout(face: FaceParameters, other: FaceParameters) -> FaceParameters:
    """The same person, scene and pose, with the proportions, haircut and expression of another."""
    looks = {name: getattr(face.style, name) for name in _LOOKS}
    return replace(
        face,
        traits=face.traits - _OF_LAYOUT | (other.traits & _OF_LAYOUT),
        shape=other.shape,
        style=replace(other.style, **looks),
    )


def with_attribute(
    face: FaceParameters, attribute: str, present: bool, rng: np.random.Generator
) -> FaceParameters:
    """The same face with an attribute added or taken away.

    What cannot be beside it goes: bangs under a hat, a mustache without a beard, hair of another
    colour. Hair that loses its colour gets any other. ``rng`` chooses colours of hair. A hat that
    is put on is a beanie of the clothes' colour, glasses are round and dark: a generator that has
    nothing to choose by would draw the mean of all there are.
    """
    if attribute in HAIR_COLOURS:
        others = [name for name in HAIR_TONES if name != attribute]
        return _with_hair(face, attribute if present else str(rng.choice(others)), rng)
    if not present:
        return replace(face, traits=face.traits - {attribute})
    traits = face.traits - _EXCLUDED.get(attribute, frozenset()) | {attribute}
    return replace(face, traits=traits, style=_styled(face.style, attribute))


def _styled(style: Style, attribute: str) -> Style:
    if attribute == 'Bangs' and style.haircut == 'receding':
        return replace(style, haircut='short')
    if attribute == 'Wearing_Hat':
        return replace(style, hat='beanie', hat_colour=style.clothes_colour)
    if attribute == 'Eyeglasses':
        return replace(style, **_GLASSES)
    return style


def _with_hair(face: FaceParameters, colour: str, rng: np.random.Generator) -> FaceParameters:
    traits = face.traits - set(HAIR_COLOURS) | ({colour} & set(HAIR_COLOURS))
    hair = mix(*HAIR_TONES[colour], rng.random())
    return replace(face, traits=traits, style=replace(face.style, hair=hair))
