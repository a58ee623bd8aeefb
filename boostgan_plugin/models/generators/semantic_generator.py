from collections.abc import Sequence

from mmcv.cnn import ConvModule
from mmengine.model import BaseModule
import torch
from torch import Tensor, nn

from boostgan_plugin.models.segmentation_encoding import SegmentationEncoding
from boostgan_plugin.options import Size
from boostgan_plugin.registry import MODELS

from .checks import check_inputs


class ResidualConv(ConvModule):
    """A convolution that adds to what it gets, which learns in fewer steps than a plain one."""

    def __init__(self, channels: int, dilation: int = 1, **style) -> None:
        super().__init__(channels, channels, 3, padding=dilation, dilation=dilation, **style)

    def forward(self, features: Tensor) -> Tensor:
        """Features (N, C, h, w), with what the layers add to them."""
        return features + super().forward(features)


@MODELS.register_module()
class SemanticGenerator(BaseModule):
    """The inpainting generator G of BoostGAN: z = G(x, Ws(x), Wa(x)) (paper III-A.1, eq. 1).

    An encoder-decoder after Iizuka et al. 2017 with a dilated middle. As there, x is the RGB
    image with the hole set to 0 together with its mask. Unlike there, convolutions that keep the
    shape are residual and there is no batch norm. Ws(x) is concatenated at the input; Wa(x)
    is replicated over the M1 x M1 bottleneck and concatenated there. The downsample factor is 16
    by default, so that M1 = 16 at 256 px; Iizuka's own is 4.

    Args:
        num_attributes: length N1 of the attribute vector.
        num_classes: number of classes of the segmentation map.
        segmentation_encoding: see :class:`SegmentationEncoding`.
        base_channels: channels at full resolution; doubled by each downsampling up to
            ``max_channels``.
        downsample_factor: a power of two, at least 2.
        dilations: of the middle's 3x3 convolutions, one each.

    Raises:
        ValueError: unknown encoding, a factor that is no power of two, or (in ``forward``) sides
            that the factor does not divide or an attribute vector of another length.
    """

    def __init__(
        self,
        num_attributes: Size,
        num_classes: Size,
        segmentation_encoding: str = 'label',
        base_channels: Size = 64,
        max_channels: Size = 256,
        downsample_factor: Size = 16,
        dilations: Sequence[Size] = (2, 4, 8),
        norm_cfg: dict | None = None,
        act_cfg: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        levels = downsample_factor.bit_length() - 1
        if levels < 1 or 2**levels != downsample_factor:
            raise ValueError(f'downsample_factor={downsample_factor} is not a power of two >= 2')
        self.num_attributes = num_attributes
        self.downsample_factor = downsample_factor
        self.segmentation_encoding = SegmentationEncoding(segmentation_encoding, num_classes)
        widths = [min(base_channels * 2**i, max_channels) for i in range(levels + 1)]
        style = dict(
            norm_cfg=norm_cfg, act_cfg=act_cfg or dict(type='LeakyReLU', negative_slope=0.2)
        )

        self.encoder = nn.Sequential(
            ConvModule(4 + self.segmentation_encoding.channels, widths[0], 5, padding=2, **style),
            *(
                layer
                for narrow, wide in zip(widths, widths[1:])
                for layer in (
                    ConvModule(narrow, wide, 3, stride=2, padding=1, **style),
                    ResidualConv(wide, **style),
                )
            ),
        )
        deep = widths[-1]
        self.fuse = ConvModule(deep + num_attributes, deep, 3, padding=1, **style)
        self.middle = nn.Sequential(
            *(ResidualConv(deep, dilation, **style) for dilation in dilations),
            ResidualConv(deep, **style),
        )
        self.decoder = nn.Sequential(
            *(
                layer
                for wide, narrow in zip(widths[::-1], widths[-2::-1])
                for layer in (
                    ConvModule(
                        wide,
                        narrow,
                        4,
                        stride=2,
                        padding=1,
                        conv_cfg=dict(type='boostgan.TransposedConv2d'),
                        **style,
                    ),
                    ResidualConv(narrow, **style),
                )
            )
        )
        self.to_image = nn.Conv2d(widths[0], 3, 3, padding=1)

    def forward(
        self, masked_img: Tensor, mask: Tensor, segmentation: Tensor, attributes: Tensor
    ) -> Tensor:
        """Restore a batch of corrupted images.

        Args:
            corrupted: (N, 3, H, W) in [-1, 1], 0 in the hole.
            mask: (N, 1, H, W), 1 = hole.
            segmentation: Ws(x), label map (N, 1, H, W) or probabilities (N, C, H, W).
            attributes: Wa(x), (N, N1) in [0, 1].

        Returns:
            z, (N, 3, H, W) in [-1, 1].
        """
        check_inputs(masked_img, attributes, self.downsample_factor, self.num_attributes)
        regions = self.segmentation_encoding(segmentation)
        features = self.encoder(torch.cat([masked_img, mask, regions.to(masked_img.dtype)], dim=1))
        replicated = attributes.to(features.dtype)[:, :, None, None].expand(
            -1, -1, *features.shape[2:]
        )
        features = self.fuse(torch.cat([features, replicated], dim=1))
        features = self.decoder(self.middle(features))
        return self.to_image(features).float().tanh()
