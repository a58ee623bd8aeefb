from mmengine.model import BaseModule
from torch import Tensor

from boostgan_plugin.models.widths import halving_widths
from boostgan_plugin.options import Size
from boostgan_plugin.registry import MODELS

from .trunk import score_head, trunk


class GlobalHead(BaseModule):
    """Judges features of an image by themselves.

    Args:
        channels: of the features.
        hidden_features: width of the first fully connected layer.
    """

    def __init__(self, channels: int, hidden_features: int, init_cfg: dict | None = None) -> None:
        super().__init__(init_cfg)
        self.head = score_head(channels, hidden_features)

    def judge(self, features: Tensor) -> Tensor:
        """Features (N, C, M2, M2) of images -> logits (N, 1)."""
        return self.head(features)


@MODELS.register_module()
class GlobalDiscriminator(GlobalHead):
    """Dg: is the whole image real? Convolutions, then fully connected layers (paper III-A.2).

    Args:
        image_size: side of the square images, 4 times a power of two.
        hidden_features: width of the first fully connected layer.
    """

    def __init__(
        self,
        image_size: Size = 256,
        in_channels: Size = 3,
        base_channels: Size = 64,
        max_channels: Size = 512,
        hidden_features: Size = 512,
        init_cfg: dict | None = None,
    ) -> None:
        widths = halving_widths(image_size, base_channels, max_channels)
        super().__init__(widths[-1], hidden_features, init_cfg)
        self.trunk = trunk([in_channels, *widths])

    def forward(self, images: Tensor) -> Tensor:
        """Images (N, 3, H, W) in [-1, 1] -> logits (N, 1)."""
        return self.judge(self.features(images))

    def features(self, images: Tensor) -> Tensor:
        """Images (N, 3, H, W) -> features (N, C, M2, M2)."""
        return self.trunk(images)
