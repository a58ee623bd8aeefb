"""Layers with spectral norm (Miyato et al. 2018) that scale what they give, not their weight.

Dividing a linear map's output by the weight's largest singular value is dividing its weight. There
are far more weights than outputs in the deep layers of a discriminator, and each division of a
weight is written, read, and gone through again backwards.
"""

from abc import abstractmethod

import torch
from torch import Tensor, nn
import torch.nn.functional as F


class _SpectralNorm(nn.Module):
    """Mixin before a linear layer, which counts as having its weight divided by its norm.

    The norm is the weight's largest singular value, by one power iteration a forward. The iteration
    moves on where the weight is being trained; elsewhere it only reads.
    """

    weight: Tensor
    bias: Tensor | None

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.register_buffer('left', F.normalize(torch.randn(len(self.weight)), dim=0))

    def forward(self, features: Tensor) -> Tensor:
        sigma = self._sigma()
        # What is the bias again after the division.
        bias = None if self.bias is None else self.bias * sigma
        return self._undivided(features, bias) * (1 / sigma)

    @abstractmethod
    def _undivided(self, features: Tensor, bias: Tensor | None) -> Tensor:
        """The layer with its weight as it is, and another bias."""

    def _sigma(self) -> Tensor:
        with torch.autocast(self.weight.device.type, enabled=False):
            matrix = _rows(self.weight)
            with torch.no_grad():
                right = F.normalize(matrix.detach().t().mv(self.left), dim=0)
            product = matrix.mv(right)
            if self.training and product.requires_grad:
                self.left.copy_(F.normalize(product.detach(), dim=0))
            return self.left.clone().dot(product)


class SpectralNormConv2d(_SpectralNorm, nn.Conv2d):
    """A convolution whose weight counts as divided by its largest singular value."""

    def _undivided(self, features: Tensor, bias: Tensor | None) -> Tensor:
        return self._conv_forward(features, self.weight, bias)

    def contribution(self, features: Tensor, channels: slice) -> Tensor:
        """What some of the input channels, (N, C, H, W), add to the argument of :meth:`joined`."""
        return self._conv_forward(features, self.weight[:, channels], None)

    def joined(self, contributions: Tensor) -> Tensor:
        """The layer's output for all input channels, from the sum of their shares."""
        bias = self.bias.to(contributions.dtype)[:, None, None]
        return contributions * (1 / self._sigma()) + bias


class SpectralNormLinear(_SpectralNorm, nn.Linear):
    """A fully connected layer whose weight counts as divided by its largest singular value."""

    def _undivided(self, features: Tensor, bias: Tensor | None) -> Tensor:
        return F.linear(features, self.weight, bias)


def _rows(weight: Tensor) -> Tensor:
    """One row an output, without a copy; the order within the rows does not matter."""
    if weight.ndim == 4 and weight.is_contiguous(memory_format=torch.channels_last):
        weight = weight.permute(0, 2, 3, 1)
    return weight.flatten(1)
