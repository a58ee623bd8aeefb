"""The layers that the discriminators have in common."""

from mmcv.cnn import ConvModule
from torch import nn
from torch.nn.utils import spectral_norm

#: M2 of the paper: the side of the last feature map.
FEATURE_SIZE = 4


def trunk_widths(image_size: int, base_channels: int, max_channels: int) -> list[int]:
    """Channels after each stride-2 layer that leads from ``image_size`` to M2 = 4.

    Raises:
        ValueError: ``image_size`` is not 4 times a power of two.
    """
    layers = (image_size // FEATURE_SIZE).bit_length() - 1
    if layers < 1 or FEATURE_SIZE * 2**layers != image_size:
        raise ValueError(f'image_size={image_size}: a discriminator needs 4 times a power of two '
                         '(8, 16, ..., 64, 128, 256, 512)')
    return [min(base_channels * 2**i, max_channels) for i in range(layers)]


def downsampling(in_channels: int, out_channels: int) -> ConvModule:
    """A stride-2 layer. Spectral norm keeps D steady without mixing the samples of a batch."""
    return ConvModule(
        in_channels, out_channels, 4, stride=2, padding=1,
        act_cfg=dict(type='LeakyReLU', negative_slope=0.2), with_spectral_norm=True)


def score_head(in_channels: int, hidden_features: int) -> nn.Sequential:
    """Fully connected layers from a (N, C, M2, M2) feature map to one logit (N, 1)."""
    return nn.Sequential(
        nn.Flatten(),
        spectral_norm(nn.Linear(in_channels * FEATURE_SIZE**2, hidden_features)),
        nn.LeakyReLU(0.2),
        spectral_norm(nn.Linear(hidden_features, 1)))
