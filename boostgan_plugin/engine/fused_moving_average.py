from mmengine.model import ExponentialMovingAverage
import torch
from torch import nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

from boostgan_plugin.registry import MODELS


@MODELS.register_module()
class FusedExponentialMovingAverage(ExponentialMovingAverage):
    """mmengine's moving average of the parameters, all of them in one call."""

    @torch.no_grad()
    def update_parameters(self, model: nn.Module) -> None:
        """Move the average towards the parameters of ``model``; buffers are copied."""
        if self.steps > 0 and self.steps % self.interval == 0 and not self.update_buffers:
            average = get_ema_multi_avg_fn(1 - self.momentum)
            average(list(self.module.parameters()), list(model.parameters()), self.steps)
            for mine, theirs in zip(self.module.buffers(), model.buffers(), strict=True):
                mine.copy_(theirs)
            self.steps += 1
        else:
            super().update_parameters(model)
