"""Fillings that need no training, to compare with."""

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from boostgan_plugin.models.data_preprocessor import to_uint8, to_unit_range
from boostgan_plugin.registry import MODELS


@MODELS.register_module()
class MeanColour(nn.Module):
    """Fills the hole with the mean colour of the known pixels (of 0 where none is known)."""

    def forward(self, corrupted: Tensor, mask: Tensor) -> Tensor:
        """(N, 3, H, W) in [-1, 1] and (N, 1, H, W), 1 = hole -> (N, 3, H, W)."""
        known = 1 - mask
        total = (corrupted * known).sum(dim=(2, 3), keepdim=True)
        mean = total / known.sum(dim=(2, 3), keepdim=True).clamp(min=1)
        return corrupted * known + mean * mask


@MODELS.register_module()
class LeaveHole(nn.Module):
    """Leaves the hole mid-grey: the "Masked" row of the paper's Table III."""

    def forward(self, corrupted: Tensor, mask: Tensor) -> Tensor:
        """(N, 3, H, W) in [-1, 1], 0 in the hole -> the same."""
        return corrupted


class _OpenCVInpainting(nn.Module):
    """Base of what ``cv2.inpaint`` offers.

    Args:
        radius: of the neighbourhood that each pixel is made from, in pixels.
    """

    _method: int

    def __init__(self, radius: float = 3) -> None:
        super().__init__()
        self.radius = radius

    def forward(self, corrupted: Tensor, mask: Tensor) -> Tensor:
        """(N, 3, H, W) in [-1, 1] and (N, 1, H, W), 1 = hole -> (N, 3, H, W)."""
        images = to_uint8(corrupted).permute(0, 2, 3, 1).contiguous().cpu().numpy()
        holes = (mask[:, 0] > 0.5).cpu().numpy().astype(np.uint8)
        filled = [cv2.inpaint(image, hole, self.radius, self._method)
                  for image, hole in zip(images, holes, strict=True)]
        return to_unit_range(torch.from_numpy(np.stack(filled))).permute(0, 3, 1, 2).to(corrupted)


@MODELS.register_module()
class Telea(_OpenCVInpainting):
    """OpenCV's fast marching inpainting (Telea 2004)."""

    _method = cv2.INPAINT_TELEA


@MODELS.register_module()
class NavierStokes(_OpenCVInpainting):
    """OpenCV's inpainting by fluid dynamics (Bertalmio et al. 2001)."""

    _method = cv2.INPAINT_NS
