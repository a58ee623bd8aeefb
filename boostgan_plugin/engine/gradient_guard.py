from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer


class GradientGuard:
    """Leaves out the steps of an optimizer whose gradients do not have a finite norm.

    A fused optimizer is told so on its device and nobody waits for it; for others this waits.
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self._norm: Tensor | None = None
        optimizer.register_step_pre_hook(self._look)

    def take(self) -> float | None:
        """The norm of the gradients of the last step, not finite if that was left out; None without
        a step since this was last asked. Waits for the device."""
        norm, self._norm = self._norm, None
        return None if norm is None else float(norm)

    def _look(self, optimizer: Optimizer, args: tuple, kwargs: dict[str, Any]) -> None:
        parameters = [
            parameter
            for group in optimizer.param_groups
            for parameter in group['params']
            if parameter.grad is not None
        ]
        if not parameters:
            return
        # All at once: on a GPU hundreds of small kernels would take longer than the step.
        norms = torch.stack(torch._foreach_norm([p.grad for p in parameters]))
        self._norm = torch.linalg.vector_norm(norms)
        left_out = (~self._norm.isfinite()).float()
        if optimizer.defaults.get('fused'):
            optimizer.found_inf = left_out
        elif left_out:
            for parameter in parameters:
                parameter.grad = None
