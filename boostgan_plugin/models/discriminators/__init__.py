from .attribute_discriminator import AttributeDiscriminator
from .global_discriminator import GlobalDiscriminator
from .multi_level_discriminator import MultiLevelDiscriminator
from .segmentation_discriminator import SegmentationDiscriminator

__all__ = [
    'AttributeDiscriminator', 'GlobalDiscriminator', 'MultiLevelDiscriminator',
    'SegmentationDiscriminator'
]
