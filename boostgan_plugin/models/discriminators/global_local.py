"""Discriminators that look at the whole image and, closely, at the surroundings of the hole."""

from mmcv.cnn import ConvModule
from mmengine.model import BaseModule
import torch
from torch import Tensor, nn

from boostgan_plugin.models.crops import crop_around_hole
from boostgan_plugin.models.widths import FEATURE_SIZE, halving_widths
from boostgan_plugin.options import Size
from boostgan_plugin.registry import MODELS


def _branch(
    image_size: int,
    base_channels: int,
    max_channels: int,
    features: int,
    norm_cfg: dict | None,
    act_cfg: dict,
) -> nn.Sequential:
    """5x5 convolutions of stride 2 down to 4x4, then one fully connected layer."""
    widths = halving_widths(image_size, base_channels, max_channels)
    return nn.Sequential(
        *(
            ConvModule(narrow, wide, 5, stride=2, padding=2, norm_cfg=norm_cfg, act_cfg=act_cfg)
            for narrow, wide in zip([3, *widths], widths)
        ),
        nn.Flatten(),
        nn.Linear(widths[-1] * FEATURE_SIZE**2, features),
    )


class _TwoBranches(BaseModule):
    """One branch for the whole image, one for a square of half its side around the hole."""

    def __init__(self, image_size: int, init_cfg: dict | None, **style) -> None:
        super().__init__(init_cfg)
        self.local_size = image_size // 2
        self.overall = _branch(image_size, **style)
        self.local = _branch(self.local_size, **style)

    def forward(self, images: Tensor, mask: Tensor) -> Tensor:
        close = crop_around_hole(images, mask, self.local_size)
        return torch.cat([self.overall(images), self.local(close)], dim=1)


@MODELS.register_module()
class GlobalLocalDiscriminator(_TwoBranches):
    """Global and local context discriminators, joined into one decision (Iizuka et al. 2017, 3.3).

    The local branch sees a square of half the image's side around the hole (128 px at 256 px).

    Args:
        image_size: side of the square images, 8 times a power of two.
        features: length of each branch's vector; 1024 in the paper.
    """

    def __init__(
        self,
        image_size: Size = 256,
        base_channels: Size = 64,
        max_channels: Size = 512,
        features: Size = 1024,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(
            image_size,
            init_cfg,
            base_channels=base_channels,
            max_channels=max_channels,
            features=features,
            norm_cfg=dict(type='BN'),
            act_cfg=dict(type='ReLU'),
        )
        self.join = nn.Linear(2 * features, 1)

    def forward(self, images: Tensor, mask: Tensor) -> Tensor:
        """Images (N, 3, H, W) in [-1, 1], where to look closely (N, 1, H, W) -> logits (N, 1)."""
        return self.join(super().forward(images, mask).relu())


@MODELS.register_module()
class GlobalLocalCritic(_TwoBranches):
    """Two Wasserstein critics, of the whole image and of the hole's surroundings (Yu et al. 2018).

    No batch norm, as the gradient penalty is of each sample by itself.

    Args:
        image_size: side of the square images, 8 times a power of two.
    """

    def __init__(
        self,
        image_size: Size = 256,
        base_channels: Size = 64,
        max_channels: Size = 256,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(
            image_size,
            init_cfg,
            base_channels=base_channels,
            max_channels=max_channels,
            features=1,
            norm_cfg=None,
            act_cfg=dict(type='LeakyReLU', negative_slope=0.2),
        )

    def forward(self, images: Tensor, mask: Tensor) -> Tensor:
        """Images (N, 3, H, W) in [-1, 1] and where to look closely (N, 1, H, W) -> scores (N, 2).

        The first column is the global critic's, the second the local one's.
        """
        return super().forward(images, mask)
