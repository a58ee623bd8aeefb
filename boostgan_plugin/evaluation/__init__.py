from .attribute_consistency import AttributeConsistency
from .detail_energy import DetailEnergy
from .frechet_distance import FrechetDistance
from .perceptual_distance import PerceptualDistance
from .pixel_metrics import PixelMetrics
from .retrieval_map import RetrievalMAP
from .segmentation_consistency import SegmentationConsistency

__all__ = [
    'AttributeConsistency',
    'DetailEnergy',
    'FrechetDistance',
    'PerceptualDistance',
    'PixelMetrics',
    'RetrievalMAP',
    'SegmentationConsistency',
]
