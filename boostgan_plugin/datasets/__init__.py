import mmcv.transforms  # noqa: F401  (registers the transforms that configs use beside ours)

from boostgan_plugin import renamed

from .counterfactual_face import CounterfactualFace, DrawAttribute
from .inpainting_dataset import InpaintingDataset
from .labelled_images import LabelledImages
from .rendered_faces import RenderedFaces
from .retrieval_images import RetrievalImages
from .seeding import SeededDatasetWrapper, SeededInfiniteSampler
from .transforms import *  # noqa: F403
from .transforms import __all__ as _transforms

__all__ = [
    'CounterfactualFace',
    'DrawAttribute',
    'InpaintingDataset',
    'LabelledImages',
    'RenderedFaces',
    'RetrievalImages',
    'SeededDatasetWrapper',
    'SeededInfiniteSampler',
    *_transforms,
]

#: Old names, with a warning.
__getattr__ = renamed.module_getattr(__name__)
