"""What discriminators see where images are few."""

import torch
from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin.registry import MODELS


@MODELS.register_module()
class DiscriminatorAugmentation(nn.Module):
    """Changes real and restored images alike, so that discriminators do not learn them by heart.

    Differentiable (Zhao et al., NeurIPS 2020): the generator learns through it and is not asked to
    paint such images. Each sample's colours and one shift for all are drawn anew at each call.

    Args:
        colour: largest change of brightness (of images in [-1, 1]); saturation and contrast are
            scaled by 1 ± ``colour``.
        translation: largest shift as a fraction of the side; what comes in is 0.

    Raises:
        ValueError: a share outside 0..1.
    """

    def __init__(self, colour: float = 0.5, translation: float = 0.125) -> None:
        super().__init__()
        if not (0 <= colour <= 1 and 0 <= translation <= 1):
            raise ValueError(f'colour={colour}, translation={translation}: both must lie in 0..1')
        self.colour, self.translation = colour, translation

    def forward(
        self, images: list[Tensor], maps: list[Tensor]
    ) -> tuple[list[Tensor], list[Tensor]]:
        """Images are coloured and shifted, maps shifted with them.

        Args:
            images: each (N, 3, H, W) in [-1, 1].
            maps: each (N, C, H, W), of any kind: masks, label maps, probabilities.
        """
        count, _, height, width = images[0].shape
        device = images[0].device
        brightness, saturation, contrast = (
            self.colour * (2 * torch.rand(count, 1, 1, 1, device=device) - 1) for _ in range(3)
        )
        # A shift of the whole batch: one for each sample would be a gather for each tensor.
        down, right = (
            int(torch.randint(-reach, reach + 1, ()))
            for reach in (round(self.translation * side) for side in (height, width))
        )
        coloured = [_coloured(each, brightness, 1 + saturation, 1 + contrast) for each in images]
        return (
            [shifted(each, down, right) for each in coloured],
            [shifted(each, down, right) for each in maps],
        )


def _coloured(images: Tensor, brightness: Tensor, saturation: Tensor, contrast: Tensor) -> Tensor:
    images = images + brightness
    grey = images.mean(dim=1, keepdim=True)
    images = grey + (images - grey) * saturation
    middle = images.mean(dim=(1, 2, 3), keepdim=True)
    return middle + (images - middle) * contrast


def shifted(maps: Tensor, down: int, right: int) -> Tensor:
    """Maps (N, C, H, W) moved by whole pixels; 0 comes in."""
    return F.pad(maps, (right, -right, down, -down))
