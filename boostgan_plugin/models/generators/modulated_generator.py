from collections.abc import Sequence

from mmengine.model import BaseModule
import torch
from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin.models.modulation import modulated
from boostgan_plugin.models.segmentation_encoding import SegmentationEncoding
from boostgan_plugin.options import Size, Sizes
from boostgan_plugin.registry import MODELS

from .checks import check_inputs

_SLOPE = 0.2
#: Pixels; of a region of which less is seen its colour is uncertain, and nearer to grey.
_LEAST_SEEN = 4.0


def _convolution(
    in_channels: int, out_channels: int, stride: int = 1, dilation: int = 1
) -> nn.Conv2d:
    layer = nn.Conv2d(in_channels, out_channels, 3, stride, dilation, dilation)
    nn.init.kaiming_normal_(layer.weight, a=_SLOPE, mode='fan_in')
    nn.init.zeros_(layer.bias)
    return layer


def _activated(features: Tensor) -> Tensor:
    return F.leaky_relu(features, _SLOPE)


class Modulation(nn.Module):
    """Scales and shifts features as regions and attributes say.

    Regions place by place, as SPADE (Park et al., CVPR 2019), attributes everywhere alike, as FiLM
    (Perez et al., AAAI 2018). At first it changes next to nothing.

    Args:
        channels: of the features.
        num_classes: of the regions' channels.
        num_attributes: length N1 of the attribute vector.
    """

    def __init__(self, channels: int, num_classes: int, num_attributes: int) -> None:
        super().__init__()
        self.regions = nn.Conv2d(num_classes, 2 * channels, 3, padding=1)
        self.attributes = nn.Linear(num_attributes, 2 * channels)
        for layer in (self.regions, self.attributes):
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)

    def forward(self, features: Tensor, regions: Tensor, attributes: Tensor) -> Tensor:
        """Features (N, C, h, w), regions (N, K, h, w) and attributes (N, N1) -> (N, C, h, w)."""
        said = self.regions(regions) + self.attributes(attributes)[:, :, None, None]
        return modulated(features, said)


class _Residual(nn.Module):
    """Two convolutions that add to what they get, the second at first nearly nothing."""

    def __init__(
        self, channels: int, dilation: int = 1, modulation: tuple[int, int] | None = None
    ) -> None:
        super().__init__()
        self.first = _convolution(channels, channels, dilation=dilation)
        self.second = _convolution(channels, channels)
        self.modulation = Modulation(channels, *modulation) if modulation else None
        with torch.no_grad():
            self.second.weight.mul_(0.2)

    def forward(self, features: Tensor, *semantics: Tensor) -> Tensor:
        inner = self.first(features)
        if self.modulation is not None:
            inner = self.modulation(inner, *semantics)
        return features + self.second(_activated(inner))


@MODELS.register_module()
class ModulatedGenerator(BaseModule):
    """Generator of BoostGAN+: a U-Net whose decoder is modulated by regions and attributes.

    As :class:`SemanticGenerator` it gets Ws(x) at its input and Wa(x) at the lowest resolution.
    Unlike there, the known pixels reach the output by skips, upsampling is by resizing, which
    leaves no checkerboard, and Ws(x) and Wa(x) are said again at each resolution of the decoder
    (:class:`Modulation`).

    Args:
        num_attributes: length N1 of the attribute vector.
        num_classes: number of classes of the segmentation map.
        segmentation_encoding: see :class:`SegmentationEncoding`.
        channels: at each resolution from half the image's on, each half the one before.
        full_channels: at full resolution.
        dilations: of the residual blocks at the lowest resolution, one each.
        skips: from encoder to decoder.
        modulation: of the decoder; without it semantics are said once, as in the paper.
        region_colours: whether the input shows, beside the regions, the mean colour that each has
            where it is seen (:func:`colours_of_regions`).

    Raises:
        ValueError: unknown encoding, or one that does not go with ``region_colours``, or (in
            ``forward``) sides that the downsample factor does not divide or an attribute vector of
            another length.
    """

    def __init__(
        self,
        num_attributes: Size,
        num_classes: Size,
        segmentation_encoding: str = 'probability',
        channels: Sizes = (64, 128, 192),
        full_channels: Size = 32,
        dilations: Sequence[Size] = (1, 2, 4),
        skips: bool = True,
        modulation: bool = True,
        region_colours: bool = False,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.num_attributes = num_attributes
        self.downsample_factor = 2 ** len(channels)
        self.segmentation_encoding = SegmentationEncoding(segmentation_encoding, num_classes)
        regions = self.segmentation_encoding.channels
        semantics = (regions, num_attributes) if modulation else None
        if region_colours and segmentation_encoding not in ('one_hot', 'probability'):
            raise ValueError(
                f"region_colours with segmentation_encoding='{segmentation_encoding}': only "
                "'one_hot' and 'probability' say how much of a region a pixel is"
            )
        self.skips = skips
        self.region_colours = region_colours
        shown = 4 + regions + 3 * region_colours
        self.encoder = nn.ModuleList(
            nn.Sequential(
                _convolution(narrow, wide, stride=2),
                nn.LeakyReLU(_SLOPE),
                *([_Residual(wide)] if number else []),
            )
            for number, (narrow, wide) in enumerate(zip((shown, *channels), channels))
        )
        deep = channels[-1]
        self.fuse = _convolution(deep + num_attributes, deep)
        self.middle = nn.ModuleList(_Residual(deep, dilation, semantics) for dilation in dilations)
        pairs = list(zip(channels[:0:-1], channels[-2::-1]))
        self.up = nn.ModuleList(
            _convolution(wide + narrow * skips, narrow) for wide, narrow in pairs
        )
        self.decoder = nn.ModuleList(_Residual(narrow, 1, semantics) for _, narrow in pairs)
        # Narrow at full resolution, where a layer costs as much as all below.
        self.to_full = _convolution(channels[0] + shown * skips, full_channels)
        self.full = _Residual(full_channels, 1, semantics)
        self.to_image = _convolution(full_channels, 3)
        with torch.no_grad():
            self.to_image.weight.mul_(0.1)

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
        regions = self.segmentation_encoding(segmentation).to(masked_img.dtype)
        attributes = attributes.to(masked_img.dtype)
        inputs = torch.cat([masked_img, mask, regions], dim=1)
        if self.region_colours:
            colours = colours_of_regions(masked_img, mask, regions)
            inputs = torch.cat([inputs, colours], dim=1)
        features, kept, pyramid = inputs, [], [regions]
        for layer in self.encoder:
            kept.append(features)
            features = layer(features)
            pyramid.append(F.avg_pool2d(pyramid[-1], 2))
        replicated = attributes[:, :, None, None].expand(-1, -1, *features.shape[2:])
        features = _activated(self.fuse(torch.cat([features, replicated], dim=1)))
        regions = pyramid.pop()
        for layer in self.middle:
            features = layer(features, regions, attributes)
        for up, layer in zip(self.up, self.decoder):
            features = _activated(up(self._enlarged(features, kept)))
            features = layer(features, pyramid.pop(), attributes)
        features = _activated(self.to_full(self._enlarged(features, kept)))
        features = self.full(features, pyramid.pop(), attributes)
        return self.to_image(features).float().tanh()

    def _enlarged(self, features: Tensor, kept: list[Tensor]) -> Tensor:
        """At twice the size, beside what the encoder had there."""
        features = F.interpolate(features, scale_factor=2.0, mode='bilinear')
        skipped = kept.pop()
        return torch.cat([features, skipped], dim=1) if self.skips else features


def colours_of_regions(images: Tensor, mask: Tensor, regions: Tensor) -> Tensor:
    """The mean colour of what is seen of each region, wherever that region is, the hole included.

    A generator has to find out for itself that the hidden half of a hat is as the other one;
    here it is told. As the style codes of regions (SEAN, Zhu et al., CVPR 2020), but read off the
    image that is restored, and nothing but colours.

    Args:
        images: (N, 3, H, W).
        mask: (N, 1, H, W), 1 = hole.
        regions: (N, K, H, W), the probability of each.

    Returns:
        (N, 3, H, W); mid-grey, 0, for a region of which nothing is seen.
    """
    seen = (regions * (1 - mask)).flatten(2)
    sums = seen @ images.flatten(2).transpose(1, 2)
    means = sums / (seen.sum(dim=2, keepdim=True) + _LEAST_SEEN)
    return (means.transpose(1, 2) @ regions.flatten(2)).view_as(images)
