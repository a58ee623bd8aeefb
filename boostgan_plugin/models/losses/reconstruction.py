"""Distances between generated and real images."""

from mmengine.dist import all_reduce
import torch
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


def weighted_mean(errors: Tensor, weight: Tensor) -> Tensor:
    """Mean of errors (N, C, ...) where ``weight`` (N, 1, ...) is 1, in proportion in between.

    0 where the weight is 0 everywhere. Of several processes each divides by their mean weight, so
    that the mean of their results is that of one with all images.
    """
    area = weight.sum()
    all_reduce(area, 'mean')
    total = area * errors.shape[1]
    return (at_least_float32(errors) * weight).sum() / total.clamp(min=1e-8)


@torch.no_grad()
def spatial_discount(mask: Tensor, gamma: float = 0.99) -> Tensor:
    """gamma^l in the hole, l the distance to the nearest known pixel; 0 elsewhere.

    The distance is the chessboard's and counts from 0 at the rim, which for a rectangle gives the
    weights of Yu et al. 2018 (3.2). Beyond the border of the image nothing is known.

    Args:
        mask: (N, 1, H, W), 1 = hole.
    """
    inside, weight = mask, mask
    for _ in range(max(mask.shape[2:])):
        inside = -F.max_pool2d(-inside, 3, stride=1, padding=1)
        if not inside.any():
            break
        weight = torch.where(inside > 0, weight * gamma, weight)
    return weight
