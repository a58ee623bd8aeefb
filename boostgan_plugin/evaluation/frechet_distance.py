from collections.abc import Sequence

from mmengine.evaluator import BaseMetric
import torch
from torch import Tensor, nn
from torchmetrics.image.fid import FrechetInceptionDistance

from boostgan_plugin.registry import METRICS, MODELS

from .images import feature_pairs


@METRICS.register_module()
class FrechetDistance(BaseMetric):
    """Distance of the restored images' distribution to the originals' (Heusel et al. 2017).

    Between the normal distributions of feature vectors, by torchmetrics. It depends on the
    network and on the number of images, both of which a report has to name; only with the
    standard Inception network may it be called FID.

    Data samples need ``restored`` and ``target`` (3, H, W) uint8.

    Args:
        features: config of a :class:`FeatureNetwork`.
    """

    default_prefix = 'frechet'

    def __init__(self, features: dict, **kwargs) -> None:
        super().__init__(**kwargs)
        self.features = MODELS.build(features)

    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Feature vectors of each restored and original image."""
        self.results += feature_pairs(self.features, data_samples)

    def compute_metrics(self, results: list[tuple[Tensor, Tensor]]) -> dict[str, float]:
        """One distance over all images."""
        restored, original = (torch.stack(vectors) for vectors in zip(*results))
        return dict(distance=frechet_distance(restored, original))


def frechet_distance(first: Tensor, second: Tensor) -> float:
    """Of feature vectors (N, D) and (M, D), N and M at least 2."""
    metric = FrechetInceptionDistance(feature=_Vectors(first.shape[1]))
    metric.set_dtype(torch.float64)
    metric.update(first.double(), real=False)
    metric.update(second.double(), real=True)
    return float(metric.compute())


class _Vectors(nn.Module):
    """Tells torchmetrics that the vectors are there already."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.num_features = length

    def forward(self, vectors: Tensor) -> Tensor:
        return vectors
