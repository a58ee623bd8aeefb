from collections.abc import Sequence

from mmengine.evaluator import BaseMetric
import torch
from torch import Tensor
import torch.nn.functional as F

from boostgan_plugin.registry import METRICS

#: Thousandths of red, green and blue in luma (ITU-R BT.601). Whole numbers are exact in double
#: precision, so a grey image has no colour at all.
_LUMA = (299, 587, 114)


@METRICS.register_module()
class DetailEnergy(BaseMetric):
    """How much fine detail the hole is filled with, as a ratio of what was there in truth.

    The energy of the Laplacian: its square, summed over the pixels of all holes, of the restored
    images through that of the originals. ``grey`` is of luma, ``colour`` of what is left of the
    image without it. 1 is as much as the original has, less is blur, more is grain or a pattern;
    whether it is the right detail is for other metrics to say. NaN where the originals have none.

    Data samples need ``restored`` and ``target`` (3, H, W) uint8 RGB and ``mask`` (1, H, W), 1 =
    hole.
    """

    default_prefix = 'detail'

    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Measure each sample."""
        for sample in data_samples:
            self.results.append(
                [detail_energies(sample[image], sample['mask']) for image in ('restored', 'target')]
            )

    def compute_metrics(self, results: list[list[dict[str, float]]]) -> dict[str, float]:
        """Ratios of the sums over all images."""
        return {
            name: _ratio(*(sum(energies[name] for energies in side) for side in zip(*results)))
            for name in ('grey', 'colour')
        }


def detail_energies(image: Tensor, mask: Tensor) -> dict[str, float]:
    """The summed squared Laplacian inside the hole, of luma and of what is left without it.

    Args:
        image: (3, H, W) uint8 RGB; beyond its border, its border is repeated.
        mask: (1, H, W), 1 = hole.
    """
    thousandfold = 1000 * image.double()
    luma = (image.double() * torch.tensor(_LUMA, device=image.device)[:, None, None]).sum(
        dim=0, keepdim=True
    )
    return {
        name: float((laplacian(part) ** 2 * mask.bool()).sum()) / 1e6
        for name, part in dict(grey=luma, colour=thousandfold - luma).items()
    }


def laplacian(planes: Tensor) -> Tensor:
    """The four neighbours of each pixel less four times the pixel, (C, H, W) -> (C, H, W)."""
    padded = F.pad(planes[None], (1, 1, 1, 1), mode='replicate')[0]
    return (
        padded[:, :-2, 1:-1]
        + padded[:, 2:, 1:-1]
        + padded[:, 1:-1, :-2]
        + padded[:, 1:-1, 2:]
        - 4 * planes
    )


def _ratio(restored: float, true: float) -> float:
    return restored / true if true else float('nan')
