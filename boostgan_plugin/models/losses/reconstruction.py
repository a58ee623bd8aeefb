"""Distances between generated and real images."""

from torch import Tensor
import torch.nn.functional as F

from .precision import at_least_float32


def mean_squared(output: Tensor, target: Tensor) -> Tensor:
    """Mean over images, channels and pixels of (z - y)^2; both (N, 3, H, W)."""
    return F.mse_loss(at_least_float32(output), target)


def mean_norm(output: Tensor, target: Tensor) -> Tensor:
    """Mean over images of the l2 norm ||z - y||, the literal reading of equation (6)."""
    return (at_least_float32(output) - target).flatten(1).norm(dim=1).mean()


RECONSTRUCTIONS = {'mse': mean_squared, 'norm': mean_norm}
