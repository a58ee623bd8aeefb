from collections.abc import Mapping
from itertools import chain
import json
from pathlib import Path
from typing import Any

from mmengine.dist import all_gather_object, master_only
from mmengine.hooks import Hook
from mmengine.runner import Runner
import torch

from boostgan_plugin.registry import HOOKS

#: File in a work directory whose training diverged: where and in what.
DIVERGED = 'diverged.json'


@HOOKS.register_module()
class DivergenceHook(Hook):
    """Ends a training whose losses or weights are no numbers any more, and notes it.

    The note is ``diverged.json`` in the work directory: ``iteration`` and ``what``.

    Args:
        interval: how often to look, in iterations; each look waits for the device.
    """

    def __init__(self, interval: int = 50) -> None:
        self.interval = interval

    @master_only
    def before_train(self, runner: Runner) -> None:
        """Forget what an earlier training noted."""
        (Path(runner.work_dir) / DIVERGED).unlink(missing_ok=True)

    def after_train_iter(self, runner: Runner, batch_idx: int, data_batch: dict | None = None,
                         outputs: dict | None = None) -> None:
        """Look at the losses, and before a checkpoint may be written, at the weights.

        Raises:
            FloatingPointError: there is a NaN or an infinity.
        """
        if not self.every_n_train_iters(runner, self.interval) and runner.iter + 1 < (
                runner.max_iters):
            return
        weights = chain(runner.model.named_parameters(), runner.model.named_buffers())
        found = _first_not_finite({**(outputs or {}), **dict(weights)})
        # Processes end together; none waits for another that is gone.
        name = next((name for name in all_gather_object(found) if name is not None), None)
        if name is not None:
            self._note(runner, name)
            raise FloatingPointError(f'the training diverged: {name} is not finite after '
                                     f'iteration {runner.iter + 1}')

    @master_only
    def _note(self, runner: Runner, name: str) -> None:
        note = dict(iteration=runner.iter + 1, what=name)
        (Path(runner.work_dir) / DIVERGED).write_text(json.dumps(note))


def _first_not_finite(values: Mapping[str, Any]) -> str | None:
    return next((name for name, value in values.items()
                 if isinstance(value, torch.Tensor) and not torch.isfinite(value).all()), None)
