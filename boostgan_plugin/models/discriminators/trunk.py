"""The layers that the discriminators have in common."""

from collections.abc import Sequence

from torch import nn

from boostgan_plugin.models.widths import FEATURE_SIZE

from .spectral_norm import SpectralNormConv2d, SpectralNormLinear

_SLOPE = 0.2


def downsampling(in_channels: int, out_channels: int) -> nn.Sequential:
    """A stride-2 layer. Spectral norm keeps D steady without mixing the samples of a batch."""
    return normalised(SpectralNormConv2d(in_channels, out_channels, 4, stride=2, padding=1))


def normalised(convolution: SpectralNormConv2d) -> nn.Sequential:
    """A convolution and its activation, with initial weights as OpenMMLab's ``ConvModule``."""
    nn.init.kaiming_normal_(convolution.weight, a=_SLOPE, mode='fan_out')
    nn.init.zeros_(convolution.bias)
    return nn.Sequential(convolution, nn.LeakyReLU(_SLOPE, inplace=True))


def trunk(widths: Sequence[int]) -> nn.Sequential:
    """Stride-2 layers between these numbers of channels."""
    return nn.Sequential(*(downsampling(*pair) for pair in zip(widths, widths[1:])))


def score_head(in_channels: int, hidden_features: int) -> nn.Sequential:
    """Fully connected layers from a (N, C, M2, M2) feature map to one logit (N, 1)."""
    return nn.Sequential(
        nn.Flatten(),
        SpectralNormLinear(in_channels * FEATURE_SIZE**2, hidden_features),
        nn.LeakyReLU(_SLOPE),
        SpectralNormLinear(hidden_features, 1),
    )
