from .attribute_discriminator import AttributeDiscriminator
from .context_encoder_discriminator import ContextEncoderDiscriminator
from .global_discriminator import GlobalDiscriminator
from .global_local import GlobalLocalCritic, GlobalLocalDiscriminator
from .multi_level_discriminator import MultiLevelDiscriminator
from .patch_discriminator import PatchDiscriminator
from .segmentation_discriminator import SegmentationDiscriminator
from .shared_trunk_discriminator import SharedTrunkDiscriminator

__all__ = [
    'AttributeDiscriminator',
    'ContextEncoderDiscriminator',
    'GlobalDiscriminator',
    'GlobalLocalCritic',
    'GlobalLocalDiscriminator',
    'MultiLevelDiscriminator',
    'PatchDiscriminator',
    'SegmentationDiscriminator',
    'SharedTrunkDiscriminator',
]
