"""Distances between feature maps, and smoothness (Liu et al. 2018, equations 3-6)."""

from collections.abc import Sequence

from torch import Tensor
import torch.nn.functional as F

from .precision import at_least_float32

Maps = Sequence[Tensor]


def perceptual_distance(first: Maps, second: Maps) -> Tensor:
    """Mean absolute difference of the maps (N, C, H, W) of each stage, summed over the stages."""
    return sum(
        F.l1_loss(at_least_float32(a), at_least_float32(b))
        for a, b in zip(first, second, strict=True)
    )


def style_distance(first: Maps, second: Maps) -> Tensor:
    """As :func:`perceptual_distance`, of the :func:`gram_matrix` of each stage."""
    return sum(
        F.l1_loss(gram_matrix(a), gram_matrix(b)) for a, b in zip(first, second, strict=True)
    )


def gram_matrix(features: Tensor) -> Tensor:
    """(N, C, H, W) -> (N, C, C): inner products of the channels, divided by C H W."""
    flat = at_least_float32(features).flatten(2)
    return flat @ flat.transpose(1, 2) / flat[0].numel()


def total_variation(images: Tensor, mask: Tensor) -> Tensor:
    """Absolute differences of neighbours in the hole dilated by 1 px, per value of the batch.

    Args:
        images: (N, C, H, W).
        mask: (N, 1, H, W), 1 = hole.
    """
    region = F.max_pool2d(mask, 3, stride=1, padding=1)
    down = (images[:, :, 1:] - images[:, :, :-1]).abs() * (region[:, :, 1:] * region[:, :, :-1])
    right = (images[..., 1:] - images[..., :-1]).abs() * (region[..., 1:] * region[..., :-1])
    return (down.sum() + right.sum()) / images.numel()
