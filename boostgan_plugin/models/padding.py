from torch import Tensor
import torch.nn.functional as F


def pad_to_multiple(images: Tensor, divisor: int) -> Tensor:
    """Repeat the right and lower border of (N, C, H, W) until ``divisor`` divides both sides."""
    height, width = images.shape[2:]
    margin = (0, -width % divisor, 0, -height % divisor)
    return F.pad(images, margin, mode='replicate') if any(margin) else images
