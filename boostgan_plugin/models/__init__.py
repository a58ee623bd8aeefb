from .data_preprocessor import InpaintingDataPreprocessor
from .discriminators import (
                             AttributeDiscriminator,
                             GlobalDiscriminator,
                             MultiLevelDiscriminator,
                             SegmentationDiscriminator,
)
from .embedders import AttributeEmbedder, SegmentationEmbedder
from .generators import MeanColour, SemanticGenerator, Telea
from .inpainters import BaseInpainter, BoostGAN, TrainingFree
from .losses import BoostGANLoss

__all__ = [
    'AttributeDiscriminator', 'AttributeEmbedder', 'BaseInpainter', 'BoostGAN', 'BoostGANLoss',
    'GlobalDiscriminator', 'InpaintingDataPreprocessor', 'MeanColour', 'MultiLevelDiscriminator',
    'SegmentationDiscriminator', 'SegmentationEmbedder', 'SemanticGenerator', 'Telea',
    'TrainingFree'
]
