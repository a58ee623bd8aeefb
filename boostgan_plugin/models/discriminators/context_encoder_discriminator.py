from mmcv.cnn import ConvModule
from mmengine.model import BaseModule
from torch import Tensor, nn

from boostgan_plugin.models.widths import FEATURE_SIZE, halving_widths
from boostgan_plugin.options import Size
from boostgan_plugin.registry import MODELS


@MODELS.register_module()
class ContextEncoderDiscriminator(BaseModule):
    """A DCGAN discriminator, as Pathak et al. 2016 use it: convolutions down to one logit.

    Args:
        image_size: side of the square images, 4 times a power of two.
    """

    def __init__(
        self,
        image_size: Size = 256,
        base_channels: Size = 64,
        max_channels: Size = 512,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        widths = halving_widths(image_size, base_channels, max_channels)
        self.trunk = nn.Sequential(
            *(
                ConvModule(
                    narrow,
                    wide,
                    4,
                    stride=2,
                    padding=1,
                    norm_cfg=dict(type='BN') if index else None,
                    act_cfg=dict(type='LeakyReLU', negative_slope=0.2),
                )
                for index, (narrow, wide) in enumerate(zip([3, *widths], widths))
            )
        )
        self.head = nn.Conv2d(widths[-1], 1, FEATURE_SIZE)

    def forward(self, images: Tensor) -> Tensor:
        """Images (N, 3, H, W) in [-1, 1] -> logits (N, 1)."""
        return self.head(self.trunk(images)).flatten(1)
