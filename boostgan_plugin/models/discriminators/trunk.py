"""The layers that the discriminators have in common."""

from mmcv.cnn import ConvModule
from torch import nn
from torch.nn.utils import spectral_norm

from boostgan_plugin.models.widths import FEATURE_SIZE


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
