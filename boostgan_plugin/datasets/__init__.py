import mmcv.transforms  # noqa: F401  (registers the transforms that configs use beside ours)

from .draws import CountedDataset, CountingSampler
from .inpainting_dataset import InpaintingDataset
from .rendered_faces import RenderedFaces
from .retrieval_images import RetrievalImages
from .transforms import (
                         CenterCrop,
                         CenterMask,
                         CenterSquareCrop,
                         EraseHole,
                         FreeFormMask,
                         LabelColours,
                         LoadCrop,
                         LoadImage,
                         LoadMask,
                         PackInpaintingInputs,
                         RandomFlip,
                         RandomRectangleMask,
                         RandomSquareCrop,
                         Resize,
)

__all__ = [
    'CenterCrop', 'CenterMask', 'CenterSquareCrop', 'CountedDataset', 'CountingSampler',
    'EraseHole', 'FreeFormMask', 'InpaintingDataset', 'LabelColours', 'LoadCrop', 'LoadImage',
    'LoadMask', 'PackInpaintingInputs', 'RandomFlip', 'RandomRectangleMask', 'RandomSquareCrop',
    'RenderedFaces', 'Resize', 'RetrievalImages'
]
