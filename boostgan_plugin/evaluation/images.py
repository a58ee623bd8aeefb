"""What metrics take from data samples."""

from collections.abc import Sequence

import torch
from torch import Tensor

from boostgan_plugin.models.data_preprocessor import to_unit_range
from boostgan_plugin.models.features import FeatureNetwork


def restored_and_target(samples: Sequence[dict]) -> Tensor:
    """Of each sample (3, H, W) uint8 -> first all restored, then all targets (2N, 3, H, W)."""
    return to_unit_range(
        torch.stack([sample[field] for field in ('restored', 'target') for sample in samples])
    )


@torch.no_grad()
def feature_pairs(network: FeatureNetwork, samples: Sequence[dict]) -> list[tuple[Tensor, Tensor]]:
    """The feature vectors (D,) of each sample's ``restored`` and ``target``, on the CPU."""
    images = restored_and_target(samples)
    vectors = network.to(images.device).vectors(images).float().cpu()
    return list(zip(*vectors.chunk(2)))


def percent(values: Tensor) -> float:
    """The mean of booleans or shares in percent; NaN where there are none."""
    return 100 * float(values.double().mean()) if values.numel() else float('nan')
