from boostgan_plugin import renamed

from . import backbones, discriminators, embedders, features, generators, inpainters, losses
from .augmentation import DiscriminatorAugmentation
from .backbones import *  # noqa: F403
from .data_preprocessor import InpaintingDataPreprocessor
from .discriminators import *  # noqa: F403
from .embedders import *  # noqa: F403
from .features import *  # noqa: F403
from .generators import *  # noqa: F403
from .inpainters import *  # noqa: F403
from .losses import *  # noqa: F403

__all__ = [
    'DiscriminatorAugmentation',
    'InpaintingDataPreprocessor',
    *(
        name
        for part in (backbones, discriminators, embedders, features, generators, inpainters, losses)
        for name in part.__all__
    ),
]

#: Old names, with a warning.
__getattr__ = renamed.module_getattr(__name__)
