from boostgan_plugin import renamed

from .colours import GenerateColorLabels
from .geometry import CenterCrop, RandomFlip, Resize
from .images import CenterSquareCrop, LoadCrop, LoadImage, RandomSquareCrop
from .masks import (
    ApplyMask,
    AttributePlanes,
    BlobMask,
    CenterMask,
    FreeFormMask,
    IgnoreKnownLabels,
    LoadMask,
    PartMask,
    RandomRectangleMask,
)
from .packing import PackInpaintingInputs
from .tones import RandomTone

__all__ = [
    'AttributePlanes',
    'BlobMask',
    'CenterCrop',
    'CenterMask',
    'CenterSquareCrop',
    'ApplyMask',
    'FreeFormMask',
    'IgnoreKnownLabels',
    'GenerateColorLabels',
    'LoadCrop',
    'LoadImage',
    'LoadMask',
    'PackInpaintingInputs',
    'PartMask',
    'RandomFlip',
    'RandomRectangleMask',
    'RandomSquareCrop',
    'RandomTone',
    'Resize',
]

#: Old names, with a warning.
__getattr__ = renamed.module_getattr(__name__)
