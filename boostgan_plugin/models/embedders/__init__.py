from .attribute_embedder import AttributeEmbedder
from .segmentation_embedder import SegmentationEmbedder

__all__ = ['AttributeEmbedder', 'SegmentationEmbedder']
