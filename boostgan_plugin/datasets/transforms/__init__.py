from .colours import LabelColours
from .geometry import CenterCrop, RandomFlip, Resize
from .images import CenterSquareCrop, LoadCrop, LoadImage, RandomSquareCrop
from .masks import (
    AttributePlanes,
    BlobMask,
    CenterMask,
    EraseHole,
    FreeFormMask,
    IgnoreKnownLabels,
    LoadMask,
    PartMask,
    RandomRectangleMask,
)
from .packing import PackInpaintingInputs
from .tones import RandomTone

__all__ = [
    'AttributePlanes', 'BlobMask', 'CenterCrop', 'CenterMask', 'CenterSquareCrop', 'EraseHole',
    'FreeFormMask', 'IgnoreKnownLabels', 'LabelColours', 'LoadCrop', 'LoadImage', 'LoadMask',
    'PackInpaintingInputs', 'PartMask', 'RandomFlip', 'RandomRectangleMask', 'RandomSquareCrop',
    'RandomTone', 'Resize'
]
