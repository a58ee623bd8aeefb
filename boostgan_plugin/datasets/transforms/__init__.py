from .colours import LabelColours
from .images import CenterSquareCrop, LoadCrop, LoadImage, RandomSquareCrop
from .masks import (
    CenterMask,
    EraseHole,
    FreeFormMask,
    IgnoreKnownLabels,
    LoadMask,
    PartMask,
    RandomRectangleMask,
)
from .packing import PackInpaintingInputs

__all__ = [
    'CenterMask', 'CenterSquareCrop', 'EraseHole', 'FreeFormMask', 'IgnoreKnownLabels',
    'LabelColours', 'LoadCrop', 'LoadImage', 'LoadMask', 'PackInpaintingInputs', 'PartMask',
    'RandomRectangleMask', 'RandomSquareCrop'
]
