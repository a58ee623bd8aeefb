"""The terms of the original GAN loss, from logits (Goodfellow et al. 2014)."""

from torch import Tensor
import torch.nn.functional as F

from .precision import at_least_float32
from .reconstruction import weighted_mean


def positive_pair_loss(logits: Tensor) -> Tensor:
    """-E[log D] with D = sigmoid(logits); logits (N, 1), any real number."""
    return _mean(F.softplus(-at_least_float32(logits)))


def negative_pair_loss(logits: Tensor) -> Tensor:
    """-E[log(1 - D)] with D = sigmoid(logits); logits (N, 1).

    A logit of minus infinity takes out a pair that turned out not to be a negative one: the mean is
    over the others, and 0 where there are none. Of several processes, see :func:`weighted_mean`.
    """
    counted = ~logits.isneginf()
    return weighted_mean(F.softplus(at_least_float32(logits)), counted.float())


def _mean(terms: Tensor) -> Tensor:
    """0 of none, as where no place of any image was generated."""
    return terms.mean() if terms.numel() else terms.sum()
