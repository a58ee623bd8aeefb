from mmengine.model import BaseModule
import torch
from torch import Tensor

from boostgan_plugin.models.segmentation_encoding import SegmentationEncoding
from boostgan_plugin.models.widths import halving_widths
from boostgan_plugin.options import Size, checked
from boostgan_plugin.registry import MODELS

from .attribute_discriminator import AttributeHead
from .global_discriminator import GlobalHead
from .multi_level_discriminator import LevelPairs
from .trunk import score_head, trunk

#: A map needs fewer channels than an image to say what it says.
_NARROWER = 4


@checked
class SegmentationHead(BaseModule):
    """Judges features of an image beside a segmentation map, joined where they are 16 x 16.

    Args:
        num_classes: number of classes of the segmentation map.
        widths: channels of the image's features after each stride-2 layer, down to 4 x 4.
        hidden_features: width of the first fully connected layer.
        segmentation_encoding: see :class:`SegmentationEncoding`.
    """

    def __init__(
        self,
        num_classes: Size,
        widths: list[int],
        hidden_features: int,
        segmentation_encoding: str = 'label',
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.segmentation_encoding = SegmentationEncoding(segmentation_encoding, num_classes)
        joined = joining_layer(widths)
        narrow = [max(width // _NARROWER, 1) for width in widths[: joined + 1]]
        self.map_trunk = trunk([self.segmentation_encoding.channels, *narrow])
        self.trunk = trunk([widths[joined] + narrow[-1], *widths[joined + 1 :]])
        self.head = score_head(widths[-1], hidden_features)

    def map_features(self, segmentation: Tensor) -> Tensor:
        """Maps (N, 1 or C, H, W) -> features (N, C, 16, 16)."""
        return self.map_trunk(self.segmentation_encoding(segmentation))

    def judge(self, features: Tensor, map_features: Tensor) -> Tensor:
        """Features (N, C, 16, 16) of images and of maps -> logits (N, 1)."""
        return self.head(self.trunk(torch.cat([features, map_features], dim=1)))


@MODELS.register_module()
class SharedTrunkDiscriminator(LevelPairs):
    """Dg, Da and Ds on one trunk: what they compute on the image is computed once.

    Of the paper's three networks (III-A.2) the convolutions on the image are the greater part, and
    the same. Here they are shared; each level has its own layers from where it differs: Dg and Da
    after M2 x M2 = 4 x 4, Ds after 16 x 16, where the map joins. :class:`MultiLevelDiscriminator`
    is the form that was printed.

    Args:
        image_size: side of the square images, 4 times a power of two.
        hidden_features: width of the first fully connected layer of each level.
        attribute: dict(num_attributes) for Da, or None.
        segmentation: dict(num_classes, segmentation_encoding) for Ds, or None.
    """

    def __init__(
        self,
        image_size: Size = 256,
        base_channels: Size = 64,
        max_channels: Size = 512,
        hidden_features: Size = 512,
        attribute: dict | None = None,
        segmentation: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        widths = halving_widths(image_size, base_channels, max_channels)
        joined = joining_layer(widths)
        self.fine = trunk([3, *widths[: joined + 1]])
        self.coarse = trunk(widths[joined:])
        self.overall = GlobalHead(widths[-1], hidden_features)
        self.attribute = None
        if attribute is not None:
            self.attribute = AttributeHead(
                channels=widths[-1], hidden_features=hidden_features, **attribute
            )
        self.segmentation = None
        if segmentation is not None:
            self.segmentation = SegmentationHead(
                widths=widths, hidden_features=hidden_features, **segmentation
            )

    def features(self, images: Tensor) -> dict[str, Tensor]:
        """One pass of the trunk: (N, C, 16, 16) for Ds, (N, C, 4, 4) for Dg and Da."""
        fine = self.fine(images)
        coarse = self.coarse(fine)
        return dict(overall=coarse, attribute=coarse, segmentation=fine)


def joining_layer(widths: list[int]) -> int:
    """Index of the layer after which features are 16 x 16 (or the first, of small images)."""
    return max(len(widths) - 3, 0)
