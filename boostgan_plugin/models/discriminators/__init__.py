from .attribute_discriminator import AttributeDiscriminator
from .context_encoder_discriminator import ContextEncoderDiscriminator
from .global_discriminator import GlobalDiscriminator
from .global_local import GlobalLocalCritic, GlobalLocalDiscriminator
from .multi_level_discriminator import MultiLevelDiscriminator
from .segmentation_discriminator import SegmentationDiscriminator

__all__ = [
    'AttributeDiscriminator', 'ContextEncoderDiscriminator', 'GlobalDiscriminator',
    'GlobalLocalCritic', 'GlobalLocalDiscriminator', 'MultiLevelDiscriminator',
    'SegmentationDiscriminator'
]
