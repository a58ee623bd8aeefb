import mmcv.transforms  # noqa: F401  (registers the transforms that configs use beside ours)

from .inpainting_dataset import InpaintingDataset
from .labelled_images import LabelledImages
from .rendered_faces import RenderedFaces
from .retrieval_images import RetrievalImages
from .seeding import SeededDatasetWrapper, SeededInfiniteSampler
from .transforms import *  # noqa: F403
from .transforms import __all__ as _transforms

__all__ = [
    'SeededDatasetWrapper', 'SeededInfiniteSampler', 'InpaintingDataset', 'LabelledImages', 'RenderedFaces',
    'RetrievalImages', *_transforms
]
