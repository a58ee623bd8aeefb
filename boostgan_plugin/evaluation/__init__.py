from .attribute_consistency import AttributeConsistency
from .frechet_distance import FrechetDistance
from .pixel_metrics import PixelMetrics
from .retrieval_map import RetrievalMAP
from .segmentation_consistency import SegmentationConsistency

__all__ = ['AttributeConsistency', 'FrechetDistance', 'PixelMetrics', 'RetrievalMAP',
           'SegmentationConsistency']
