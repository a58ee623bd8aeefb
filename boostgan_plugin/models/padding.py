import torch
from torch import Tensor
import torch.nn.functional as F


def pad_to_multiple(images: Tensor, divisor: int) -> Tensor:
    """Repeat the right and lower border of (N, C, H, W) until ``divisor`` divides both sides."""
    height, width = images.shape[2:]
    margin = (0, -width % divisor, 0, -height % divisor)
    # In a graph that is exported the sides are unknown, so it has to hold for all.
    if torch.compiler.is_compiling() or any(margin):
        return F.pad(images, margin, mode='replicate')
    return images
