"""Procedural portraits with exact part maps and attributes, drawn with vector shapes."""

from .changing import with_attribute, with_layout
from .parameters import (
    ATTRIBUTES,
    PART_PALETTE,
    PARTS,
    REGION_PALETTE,
    REGIONS,
    FaceParameters,
)
from .portrait import Portrait, draw_face, render_face
from .sampling import sample_face

__all__ = [
    'ATTRIBUTES',
    'PARTS',
    'PART_PALETTE',
    'REGIONS',
    'REGION_PALETTE',
    'FaceParameters',
    'Portrait',
    'draw_face',
    'render_face',
    'sample_face',
    'with_attribute',
    'with_layout',
]
