from mmengine.model import BaseModule
from torch import Tensor, nn

from boostgan_plugin.models.segmentation_encoding import SegmentationEncoding
from boostgan_plugin.models.widths import halving_widths
from boostgan_plugin.options import Size
from boostgan_plugin.registry import MODELS

from .spectral_norm import SpectralNormConv2d
from .trunk import normalised, score_head, trunk

_RGB = 3


@MODELS.register_module()
class SegmentationDiscriminator(BaseModule):
    """Ds: do image and segmentation map belong together? (paper III-A.2)

    Built as the global discriminator on the concatenation of image and map. Its first layer is
    linear, so its output is the sum of what image and map contribute: the image's share is computed
    once and serves all its pairs.

    Args:
        num_classes: number of classes of the segmentation map.
        segmentation_encoding: see :class:`SegmentationEncoding`.
        image_size: side of the square images, 4 times a power of two.
        hidden_features: width of the first fully connected layer.
    """

    def __init__(
        self,
        num_classes: Size,
        segmentation_encoding: str = 'label',
        image_size: Size = 256,
        base_channels: Size = 64,
        max_channels: Size = 512,
        hidden_features: Size = 512,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        widths = halving_widths(image_size, base_channels, max_channels)
        self.segmentation_encoding = SegmentationEncoding(segmentation_encoding, num_classes)
        self.stem, activation = normalised(
            SpectralNormConv2d(
                _RGB + self.segmentation_encoding.channels, widths[0], 4, stride=2, padding=1
            )
        )
        self.trunk = nn.Sequential(activation, *trunk(widths))
        self.head = score_head(widths[-1], hidden_features)

    def forward(self, images: Tensor, segmentation: Tensor) -> Tensor:
        """Images (N, 3, H, W) in [-1, 1] and maps (N, 1 or C, H, W) -> logits (N, 1)."""
        return self.judge(self.features(images), self.map_features(segmentation))

    def features(self, images: Tensor) -> Tensor:
        """The image's part of the first layer: (N, 3, H, W) -> (N, C, H/2, W/2)."""
        return self.stem.contribution(images, slice(None, _RGB))

    def map_features(self, segmentation: Tensor) -> Tensor:
        """The map's part of the first layer: (N, 1 or C, H, W) -> (N, C, H/2, W/2)."""
        return self.stem.contribution(self.segmentation_encoding(segmentation), slice(_RGB, None))

    def judge(self, features: Tensor, map_features: Tensor) -> Tensor:
        """Both shares of the first layer -> logits (N, 1)."""
        return self.head(self.trunk(self.stem.joined(features + map_features)))
