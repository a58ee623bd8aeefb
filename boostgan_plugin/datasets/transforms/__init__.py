from .colours import LabelColours
from .geometry import CenterCrop, RandomFlip, Resize
from .images import CenterSquareCrop, LoadCrop, LoadImage, RandomSquareCrop
from .masks import CenterMask, EraseHole, FreeFormMask, LoadMask, RandomRectangleMask
from .packing import PackInpaintingInputs

__all__ = [
    'CenterCrop', 'CenterMask', 'CenterSquareCrop', 'EraseHole', 'FreeFormMask', 'LabelColours',
    'LoadCrop', 'LoadImage', 'LoadMask', 'PackInpaintingInputs', 'RandomFlip',
    'RandomRectangleMask', 'RandomSquareCrop', 'Resize'
]
