from collections.abc import Iterator
from itertools import chain

from mmengine.model import ExponentialMovingAverage
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

from boostgan_plugin.registry import MODELS


@MODELS.register_module()
class FusedExponentialMovingAverage(ExponentialMovingAverage):
    """mmengine's moving average, of all parameters and floating-point buffers in one call.

    To averaged weights belong averaged statistics of batch norms: those of the last step are the
    last weights'. Buffers of integers are copied.

    Args:
        warm_up: the momentum at step t is at least ``warm_up / (warm_up + t)``, so that what was
            there before the training is forgotten however short it is. With a momentum of 0.001
            alone, untrained weights would still be an eighth of the average after 2000 steps, and
            statistics that fit neither them nor the trained ones. 0 does without.
        kwargs: of mmengine's ``ExponentialMovingAverage``.
    """

    def __init__(self, *args, warm_up: float = 10.0, **kwargs) -> None:
        super().__init__(*args, update_buffers=True, **kwargs)
        self.warm_up = warm_up

    @torch.no_grad()
    def update_parameters(self, model: nn.Module) -> None:
        """Move the average towards ``model``."""
        if self.steps == 0 or self.steps % self.interval:
            super().update_parameters(model)
            return
        momentum = max(self.momentum, self.warm_up / (self.warm_up + int(self.steps)))
        mine, theirs = [], []
        for average, value in zip(_values(self.module), _values(model), strict=True):
            if average.is_floating_point():
                mine.append(average)
                theirs.append(value)
            else:
                average.copy_(value)
        get_ema_multi_avg_fn(1 - momentum)(mine, theirs, self.steps)
        self.steps += 1


def _values(network: nn.Module) -> Iterator[Tensor]:
    return chain(network.parameters(), network.buffers())
