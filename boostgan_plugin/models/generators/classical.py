"""Fillings that need no training, to compare with."""

from abc import abstractmethod

import numpy as np
import torch
from torch import Tensor, nn

from boostgan_plugin.classical import (
    fill_navier_stokes,
    fill_patchmatch,
    fill_telea,
    patchmatch,
)
from boostgan_plugin.models.data_preprocessor import to_uint8, to_unit_range
from boostgan_plugin.options import Count, Size, Weight
from boostgan_plugin.registry import MODELS


@MODELS.register_module()
class MeanFill(nn.Module):
    """Fills the hole with the mean colour of the known pixels (of 0 where none is known)."""

    def forward(self, masked_img: Tensor, mask: Tensor) -> Tensor:
        """(N, 3, H, W) in [-1, 1] and (N, 1, H, W), 1 = hole -> (N, 3, H, W)."""
        known = 1 - mask
        total = (masked_img * known).sum(dim=(2, 3), keepdim=True)
        mean = total / known.sum(dim=(2, 3), keepdim=True).clamp(min=1)
        return masked_img * known + mean * mask


@MODELS.register_module()
class MaskedBaseline(nn.Module):
    """Leaves the hole mid-grey: the "Masked" row of the paper's Table III."""

    def forward(self, masked_img: Tensor, mask: Tensor) -> Tensor:
        """(N, 3, H, W) in [-1, 1], 0 in the hole -> the same."""
        return masked_img


class ImageFilling(nn.Module):
    """Base of what fills one 8-bit image after the other."""

    def forward(self, masked_img: Tensor, mask: Tensor) -> Tensor:
        """(N, 3, H, W) in [-1, 1] and (N, 1, H, W), 1 = hole -> (N, 3, H, W)."""
        images = to_uint8(masked_img).permute(0, 2, 3, 1).contiguous().cpu().numpy()
        holes = (mask[:, 0] > 0.5).cpu().numpy().astype(np.uint8)
        filled = [self._fill(image, hole) for image, hole in zip(images, holes, strict=True)]
        return to_unit_range(torch.from_numpy(np.stack(filled))).permute(0, 3, 1, 2).to(masked_img)

    @abstractmethod
    def _fill(self, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        """(H, W, 3) and (H, W) uint8, 1 = hole -> (H, W, 3)."""


class _RadiusFilling(ImageFilling):
    """With a radius: see the subclass."""

    def __init__(self, radius: Weight = 3) -> None:
        super().__init__()
        self.radius = radius


@MODELS.register_module()
class Telea(_RadiusFilling):
    """OpenCV's fast marching inpainting (Telea 2004).

    Args:
        radius: of the neighbourhood that each pixel is made from, in pixels.
    """

    def _fill(self, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        return fill_telea(image, hole, self.radius)


@MODELS.register_module()
class NavierStokes(_RadiusFilling):
    """OpenCV's inpainting by fluid dynamics (Bertalmio et al. 2001); arguments as
    :class:`Telea`."""

    def _fill(self, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        return fill_navier_stokes(image, hole, self.radius)


@MODELS.register_module()
class PatchMatch(_RadiusFilling):
    """Copies patches of the known pixels that fit each other (Barnes et al. 2009, coarse to fine).

    Unlike its neighbours here it continues textures. Needs the package ``pypatchmatch``:
    ``pip install ".[patchmatch]"``.

    Args:
        radius: of the patches, whose sides are 2 * radius + 1 pixels; the paper's are 7.
        seed: of the search, which begins with patches at random; each image starts from it.

    Raises:
        ImportError: the package is not installed, or came without its compiled library.
    """

    def __init__(self, radius: Size = 3, seed: Count = 0) -> None:
        super().__init__(radius)
        self.seed = seed
        patchmatch()

    def _fill(self, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        return fill_patchmatch(image, hole, self.radius, self.seed)
