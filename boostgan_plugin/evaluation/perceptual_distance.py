from collections.abc import Sequence

from mmengine.evaluator import BaseMetric
import torch
from torch import Tensor
import torch.nn.functional as F

from boostgan_plugin.models.losses.semantic_perceptual import feature_differences
from boostgan_plugin.registry import METRICS, MODELS

from .images import restored_and_target


@METRICS.register_module()
class PerceptualDistance(BaseMetric):
    """How far restored holes are from the originals in the features of a network.

    In the manner of LPIPS (Zhang et al., CVPR 2018), without weights of its own: features of unit
    length at each place, their squared difference, mean over the places that a hole reaches and
    over the stages. In [0, 4]; 0 is the same. Its network must be one that no method learned from.

    Data samples need ``restored`` and ``target`` (3, H, W) uint8 and ``mask`` (1, H, W), 1 = hole.

    Args:
        features: config of a :class:`FeatureNetwork`.
    """

    default_prefix = 'perceptual'

    def __init__(self, features: dict, **kwargs) -> None:
        super().__init__(**kwargs)
        self.features = MODELS.build(features)

    @torch.no_grad()
    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Measure each sample."""
        images = restored_and_target(data_samples)
        masks = torch.stack([sample['mask'] for sample in data_samples]).to(images)
        stages = self.features.to(images.device).stages(images)
        distances = torch.stack([stage_distance(stage, masks) for stage in stages]).mean(dim=0)
        self.results += distances.tolist()

    def compute_metrics(self, results: list[float]) -> dict[str, float]:
        """The mean over all images with a hole; NaN where there is none."""
        found = torch.tensor(results, dtype=torch.double)
        return dict(distance_hole=float(found[~found.isnan()].mean()))


def stage_distance(features: Tensor, masks: Tensor) -> Tensor:
    """Of each image, (N,).

    Args:
        features: (2N, C, h, w), first of the restored images, then of the originals.
        masks: (N, 1, H, W), 1 = hole.
    """
    difference = feature_differences(*features.chunk(2))
    reached = F.adaptive_max_pool2d(masks, difference.shape[2:])
    return (difference * reached).sum((1, 2, 3)) / reached.sum((1, 2, 3))
