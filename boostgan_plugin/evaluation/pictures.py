"""What metrics take from data samples."""

from collections.abc import Sequence

import torch
from torch import Tensor

from boostgan_plugin.models.data_preprocessor import to_unit_range
from boostgan_plugin.models.features import FeatureNetwork


def images_of(samples: Sequence[dict], field: str) -> Tensor:
    """``field`` (3, H, W) uint8 of each sample -> (N, 3, H, W) in [-1, 1]."""
    return to_unit_range(torch.stack([sample[field] for sample in samples]))


@torch.no_grad()
def feature_pairs(network: FeatureNetwork, samples: Sequence[dict]) -> list[tuple[Tensor, Tensor]]:
    """The feature vectors (D,) of each sample's ``restored`` and ``target``, on the CPU."""
    pictures = torch.cat([images_of(samples, field) for field in ('restored', 'target')])
    vectors = network.to(pictures.device).vectors(pictures).float().cpu()
    return list(zip(*vectors.chunk(2)))


def percent(values: Tensor) -> float:
    """The mean of booleans or shares in percent; NaN where there are none."""
    return 100 * float(values.double().mean()) if values.numel() else float('nan')
