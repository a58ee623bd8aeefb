from mmcv.cnn import ConvModule
from mmengine.model import BaseModule
import torch
from torch import Tensor, nn

from boostgan_plugin.options import Size
from boostgan_plugin.registry import MODELS


@MODELS.register_module()
class GlobalLocalGenerator(BaseModule):
    """The completion network of Iizuka et al. 2017 (Table 1): 17 layers, a dilated middle.

    Each layer but the last is followed by batch norm and ReLU. Departures: the output is in
    [-1, 1] by a tanh instead of [0, 1] by a sigmoid, and the hole holds 0 instead of the data
    set's mean colour, as everywhere in this library.

    Args:
        base_channels: channels of the first layer; 64 in the paper.
    """

    downsample_factor = 4

    def __init__(
        self, base_channels: Size = 64, norm_cfg: dict | None = None, init_cfg: dict | None = None
    ) -> None:
        super().__init__(init_cfg)
        style = dict(norm_cfg=norm_cfg or dict(type='BN'), act_cfg=dict(type='ReLU'))
        c, c2, c4 = base_channels, base_channels * 2, base_channels * 4

        def conv(inputs: int, outputs: int, dilation: int = 1, stride: int = 1) -> ConvModule:
            return ConvModule(
                inputs, outputs, 3, stride=stride, padding=dilation, dilation=dilation, **style
            )

        def deconv(inputs: int, outputs: int) -> ConvModule:
            return ConvModule(
                inputs,
                outputs,
                4,
                stride=2,
                padding=1,
                conv_cfg=dict(type='boostgan.TransposedConv2d'),
                **style,
            )

        self.layers = nn.Sequential(
            ConvModule(4, c, 5, padding=2, **style),
            conv(c, c2, stride=2),
            conv(c2, c2),
            conv(c2, c4, stride=2),
            conv(c4, c4),
            conv(c4, c4),
            conv(c4, c4, dilation=2),
            conv(c4, c4, dilation=4),
            conv(c4, c4, dilation=8),
            conv(c4, c4, dilation=16),
            conv(c4, c4),
            conv(c4, c4),
            deconv(c4, c2),
            conv(c2, c2),
            deconv(c2, c),
            conv(c, c // 2),
            nn.Conv2d(c // 2, 3, 3, padding=1),
        )

    def forward(self, masked_img: Tensor, mask: Tensor) -> Tensor:
        """(N, 3, H, W) in [-1, 1] and (N, 1, H, W), 1 = hole -> (N, 3, H, W) in [-1, 1]."""
        return self.layers(torch.cat([masked_img, mask], dim=1)).float().tanh()
