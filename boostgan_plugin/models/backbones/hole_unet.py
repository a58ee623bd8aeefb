from mmcv.cnn import ConvModule
from mmengine.model import BaseModule
import torch
from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin.models.modulation import modulated
from boostgan_plugin.options import Count, Size, Sizes
from boostgan_plugin.registry import MODELS

_STYLE = dict(norm_cfg=dict(type='BN'), act_cfg=dict(type='ReLU', inplace=True))


class _Residual(BaseModule):
    """Two 3x3 convolutions that add to what they get."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = ConvModule(channels, channels, 3, padding=1, **_STYLE)
        self.second = ConvModule(
            channels, channels, 3, padding=1, norm_cfg=dict(type='BN'), act_cfg=None
        )

    def forward(self, features: Tensor) -> Tensor:
        return F.relu(features + self.second(self.first(features)))


@MODELS.register_module()
class HoleUNet(BaseModule):
    """A U-Net for images with a hole: it completes the layout rather than reads what shows.

    It knows the hole: mid-grey, 127.5, is no value that a pixel of 8 bits can have, so what is
    exactly 0 after normalisation with that mean was erased. Its first and last layer work on blocks
    of pixels (space to depth, Shi et al. 2016), as full resolution is where a U-Net spends its
    time; its deepest features see the whole image.

    Args:
        channels: at each resolution, the first that of blocks, each further one half of it.
        block: side of a block in pixels.
        middle: residual blocks at the lowest resolution.
        out_channels: of the features, at full resolution.
        num_attributes: length N1 of the attribute vector that completion is conditioned on. It
            comes as planes behind the image's (see
            :class:`~boostgan_plugin.datasets.AttributePlanes`), 0 where nothing is known, and
            scales and shifts what the decoder makes, as FiLM (Perez et al., AAAI 2018). Weights of
            a network without attributes fit, too: it begins by not listening.
    """

    def __init__(
        self,
        channels: Sizes = (48, 96, 192, 256),
        block: Size = 2,
        middle: Count = 2,
        out_channels: Size = 16,
        num_attributes: Count = 0,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.block = block
        self.stem = ConvModule(4 * block**2, channels[0], 3, padding=1, **_STYLE)
        self.encoder = nn.ModuleList(
            nn.Sequential(
                ConvModule(narrow, wide, 3, stride=2, padding=1, **_STYLE), _Residual(wide)
            )
            for narrow, wide in zip(channels, channels[1:])
        )
        self.middle = nn.Sequential(*(_Residual(channels[-1]) for _ in range(middle)))
        self.decoder = nn.ModuleList(
            nn.Sequential(
                ConvModule(wide + narrow, narrow, 3, padding=1, **_STYLE), _Residual(narrow)
            )
            for wide, narrow in zip(channels[:0:-1], channels[-2::-1])
        )
        self.to_pixels = ConvModule(channels[0], out_channels * block**2, 3, padding=1, **_STYLE)
        # Without bias: where nothing is known, nothing changes.
        self.attributes = (
            nn.ModuleList(
                nn.Linear(num_attributes, 2 * width, bias=False) for width in channels[::-1]
            )
            if num_attributes
            else None
        )
        for layer in self.attributes or ():
            nn.init.zeros_(layer.weight)

    def forward(self, images: Tensor) -> tuple[Tensor]:
        """Normalised images (N, 3 + N1, H, W), the hole exactly 0 -> features (N, C, H, W)."""
        images, attributes = images.split([3, images.shape[1] - 3], dim=1)
        hole = (images == 0).all(dim=1, keepdim=True).to(images.dtype)
        blocks = F.pixel_unshuffle(torch.cat([images, hole], dim=1), self.block)
        features = self.stem(blocks)
        # The planes are alike everywhere: one pixel tells all.
        known = attributes[..., 0, 0]
        skips = []
        for layer in self.encoder:
            skips.append(features)
            features = layer(features)
        features = self._conditioned(0, self.middle(features), known)
        for number, layer in enumerate(self.decoder, start=1):
            features = F.interpolate(features, scale_factor=2.0)
            features = layer(torch.cat([features, skips.pop()], dim=1))
            features = self._conditioned(number, features, known)
        return (F.pixel_shuffle(self.to_pixels(features), self.block),)

    def _conditioned(self, number: int, features: Tensor, known: Tensor) -> Tensor:
        if self.attributes is None:
            return features
        return modulated(features, self.attributes[number](known)[..., None, None])
