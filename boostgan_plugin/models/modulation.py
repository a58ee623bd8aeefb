import torch
from torch import Tensor


def modulated(features: Tensor, scale_and_shift: Tensor) -> Tensor:
    """Features (N, C, h, w), scaled and shifted; where both are 0 nothing changes.

    Args:
        scale_and_shift: (N, 2C, h, w), or (N, 2C, 1, 1) for the same everywhere.
    """
    scale, shift = scale_and_shift.chunk(2, dim=1)
    return torch.addcmul(features + shift, features, scale)
