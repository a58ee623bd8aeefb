from mmcv.cnn import ConvModule
from mmengine.model import BaseModule
import torch
from torch import Tensor, nn

from boostgan_plugin.models.widths import FEATURE_SIZE, halving_widths
from boostgan_plugin.options import Size
from boostgan_plugin.registry import MODELS

from .transposed_conv import TransposedConv2d


class ChannelWiseLinear(nn.Module):
    """A fully connected layer within each channel, none between them (Pathak et al. 2016, 3.1).

    m^2 n^2 weights would join all of m feature maps of n x n; this has m n^4.
    """

    def __init__(self, channels: int, side: int) -> None:
        super().__init__()
        positions = side * side
        self.weight = nn.Parameter(torch.empty(channels, positions, positions))
        self.bias = nn.Parameter(torch.zeros(channels, positions))
        bound = positions**-0.5
        nn.init.uniform_(self.weight, -bound, bound)

    def forward(self, features: Tensor) -> Tensor:
        """(N, C, n, n) -> (N, C, n, n)."""
        mixed = torch.einsum('ncp,cpq->ncq', features.flatten(2), self.weight) + self.bias
        return mixed.view_as(features)


@MODELS.register_module()
class ContextEncoderGenerator(BaseModule):
    """Encoder, channel-wise fully connected bottleneck, decoder (Pathak et al. 2016, 3.1).

    4x4 convolutions of stride 2 halve the image down to 4x4; each position then sees all others
    of its channel, a 1x1 convolution mixes the channels, and transposed convolutions lead back.
    Departures: the network gives the whole image instead of its central quarter, for holes of any
    shape, and gets the mask as a fourth channel.

    Args:
        image_size: side of the square images, 4 times a power of two; the bottleneck ties the
            network to it.
        base_channels: channels after the first layer, doubled by each up to ``max_channels``.

    Raises:
        ValueError: another image size, at construction or in ``forward``.
    """

    def __init__(
        self,
        image_size: Size = 256,
        base_channels: Size = 64,
        max_channels: Size = 512,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.image_size = image_size
        widths = halving_widths(image_size, base_channels, max_channels)
        bn = dict(type='BN')
        leaky = dict(type='LeakyReLU', negative_slope=0.2)
        self.encoder = nn.Sequential(
            *(
                ConvModule(
                    narrow,
                    wide,
                    4,
                    stride=2,
                    padding=1,
                    act_cfg=leaky,
                    norm_cfg=bn if index else None,
                )
                for index, (narrow, wide) in enumerate(zip([4, *widths], widths))
            )
        )
        self.bottleneck = nn.Sequential(
            ChannelWiseLinear(widths[-1], FEATURE_SIZE),
            ConvModule(widths[-1], widths[-1], 1, norm_cfg=bn, act_cfg=dict(type='ReLU')),
        )
        self.decoder = nn.Sequential(
            *(
                ConvModule(
                    wide,
                    narrow,
                    4,
                    stride=2,
                    padding=1,
                    norm_cfg=bn,
                    act_cfg=dict(type='ReLU'),
                    conv_cfg=dict(type='boostgan.TransposedConv2d'),
                )
                for wide, narrow in zip(widths[:0:-1], widths[-2::-1])
            )
        )
        self.to_image = TransposedConv2d(widths[0], 3, 4, stride=2, padding=1)

    def forward(self, masked_img: Tensor, mask: Tensor) -> Tensor:
        """(N, 3, S, S) in [-1, 1] and (N, 1, S, S), 1 = hole -> (N, 3, S, S) in [-1, 1]."""
        if masked_img.shape[2:] != (self.image_size,) * 2:
            raise ValueError(
                'a Context Encoder restores images of the size it was built for, '
                f'{self.image_size} x {self.image_size}; '
                'given {} x {}'.format(*masked_img.shape[2:])
            )
        features = self.bottleneck(self.encoder(torch.cat([masked_img, mask], dim=1)))
        return self.to_image(self.decoder(features)).float().tanh()
