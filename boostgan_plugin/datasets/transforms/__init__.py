from .colours import LabelColours
from .geometry import CenterCrop, RandomFlip, Resize
from .images import CenterSquareCrop, LoadCrop, LoadImage, RandomSquareCrop
from .masks import (
    AttributePlanes,
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
    'AttributePlanes', 'CenterCrop', 'CenterMask', 'CenterSquareCrop', 'EraseHole', 'FreeFormMask',
    'IgnoreKnownLabels', 'LabelColours', 'LoadCrop', 'LoadImage', 'LoadMask',
    'PackInpaintingInputs', 'PartMask', 'RandomFlip', 'RandomRectangleMask', 'RandomSquareCrop',
    'Resize'
]
