from mmengine.model import BaseModule
from torch import Tensor, nn

from boostgan_plugin.models.widths import halving_widths
from boostgan_plugin.registry import MODELS

from .trunk import downsampling, score_head


@MODELS.register_module()
class GlobalDiscriminator(BaseModule):
    """Dg: is the whole image real? Convolutions, then fully connected layers (paper III-A.2).

    Args:
        image_size: side of the square images, 4 times a power of two.
        hidden_features: width of the first fully connected layer.
    """

    def __init__(self,
                 image_size: int = 256,
                 in_channels: int = 3,
                 base_channels: int = 64,
                 max_channels: int = 512,
                 hidden_features: int = 512,
                 init_cfg: dict | None = None) -> None:
        super().__init__(init_cfg)
        widths = halving_widths(image_size, base_channels, max_channels)
        self.trunk = nn.Sequential(
            *(downsampling(*pair) for pair in zip([in_channels, *widths], widths)))
        self.head = score_head(widths[-1], hidden_features)

    def forward(self, images: Tensor) -> Tensor:
        """Images (N, 3, H, W) in [-1, 1] -> logits (N, 1)."""
        return self.head(self.trunk(images))
