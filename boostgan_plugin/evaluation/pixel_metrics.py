from collections.abc import Sequence
import math

from mmengine.evaluator import BaseMetric
from torch import Tensor
from torchmetrics.functional.image import structural_similarity_index_measure

from boostgan_plugin.registry import METRICS

#: PSNR in dB given to a restoration without any error, whose PSNR is infinite.
PERFECT_PSNR = 100.0


@METRICS.register_module()
class PixelMetrics(BaseMetric):
    """l1 and l2 error in percent, PSNR in dB, SSIM: of the whole image and of the hole alone.

    Each is computed per restored image (8-bit, so as it would be saved), on values in [0, 1], and
    averaged over images: ``l1`` = 100 mean |r - y|; ``l2`` = 100 mean (r - y)^2; ``psnr`` =
    -10 log10 mean (r - y)^2, at most 100; ``ssim`` (Wang et al. 2004, Gaussian window of 11 px,
    sigma 1.5, torchmetrics). Those with the suffix ``_hole`` average over the pixels of the hole
    only; images without a hole do not enter them.

    Data samples need ``restored`` and ``target`` (3, H, W) uint8 and ``mask`` (1, H, W).
    """

    default_prefix = 'pixel'

    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Measure each sample."""
        for sample in data_samples:
            self.results.append(pixel_errors(sample['restored'], sample['target'], sample['mask']))

    def compute_metrics(self, results: list[dict[str, float]]) -> dict[str, float]:
        """Mean over the images."""
        names = {name: None for result in results for name in result}
        return {
            name: _mean([result[name] for result in results if name in result]) for name in names
        }


def pixel_errors(restored: Tensor, target: Tensor, mask: Tensor) -> dict[str, float]:
    """All values of one image: restored, target (3, H, W) uint8; mask (1, H, W), 1 = hole."""
    restored, target = (image.double()[None] / 255 for image in (restored, target))
    similarity = _similarity_map(restored, target)
    errors = _errors(restored - target)
    errors['ssim'] = float(_inner(similarity).mean())
    hole = mask.bool().expand(restored.shape[1:])[None]
    if hole.any():
        in_hole = _errors((restored - target)[hole])
        in_hole['ssim'] = float(similarity[hole].mean())
        errors.update({f'{name}_hole': value for name, value in in_hole.items()})
    return errors


def _errors(difference: Tensor) -> dict[str, float]:
    squared = float((difference**2).mean())
    psnr = PERFECT_PSNR if squared == 0 else min(PERFECT_PSNR, -10 * math.log10(squared))
    return dict(l1=100 * float(difference.abs().mean()), l2=100 * squared, psnr=psnr)


def _similarity_map(restored: Tensor, target: Tensor) -> Tensor:
    """SSIM at each pixel, (1, 3, H, W)."""
    _, full = structural_similarity_index_measure(
        restored, target, data_range=1.0, return_full_image=True
    )
    return full


def _inner(similarity: Tensor, border: int = 5) -> Tensor:
    """Without the border where the window reaches over the edge, unless nothing would be left."""
    if min(similarity.shape[2:]) <= 2 * border:
        return similarity
    return similarity[..., border:-border, border:-border]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
