from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn
import torch.nn.functional as F


class FeatureNetwork(nn.Module, ABC):
    """Base of the networks whose features stand for what an image looks like.

    Trained on ImageNet, frozen, in eval mode; gradients pass to the images. Images come as RGB in
    [-1, 1] and are normalised inside.
    """

    def train(self, mode: bool = True) -> 'FeatureNetwork':
        """Stays in eval mode."""
        return super().train(False)

    @abstractmethod
    def stages(self, images: Tensor) -> list[Tensor]:
        """Images (N, 3, H, W) -> maps at 1/2, 1/4 and 1/8 of the size, for perceptual losses."""

    @abstractmethod
    def vectors(self, images: Tensor) -> Tensor:
        """Images (N, 3, H, W) of any size -> one vector each (N, D), for retrieval and metrics."""

    def _freeze(self) -> None:
        self.requires_grad_(False)
        self.eval()
        self.to(memory_format=torch.channels_last)


def resized(images: Tensor, size: int) -> Tensor:
    """To size x size, smoothed where that makes them smaller."""
    if images.shape[2:] == (size, size):
        return images
    return F.interpolate(images, (size, size), mode='bilinear', antialias=True)
