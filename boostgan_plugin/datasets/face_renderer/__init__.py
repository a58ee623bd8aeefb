"""Procedural portraits with exact part maps and attributes, drawn with vector shapes."""

from .parameters import ATTRIBUTES, PART_PALETTE, PARTS, FaceParameters
from .portrait import Portrait, draw_face, render_face
from .sampling import sample_face

__all__ = [
    'ATTRIBUTES',
    'PARTS',
    'PART_PALETTE',
    'FaceParameters',
    'Portrait',
    'draw_face',
    'render_face',
    'sample_face',
]
