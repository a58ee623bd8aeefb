from collections.abc import Collection, Iterator

from mmengine.dist import master_only
from mmengine.hooks import Hook
from mmengine.runner import Runner
import numpy as np

from boostgan_plugin.registry import HOOKS

from .durable_checkpoint_hook import DurableCheckpointHook

#: Steps before which nothing is known of what is usual.
_LEAST = 50


@HOOKS.register_module()
class SpikeHook(Hook):
    """Warns of an outlier, and keeps the checkpoint from before it.

    Watched are the losses of whole networks and the norms of gradients, as they are logged. One is
    an outlier if it is above the median of the steps before it by more than ``factor`` standard
    deviations, as the median absolute deviation tells them, and by more than ``factor`` times 5 %
    of the median. From the first one to ``calm`` steps without one it is one spike, which is told
    once.

    Args:
        factor: at 20, no healthy training of this package's configs has a spike.
        window: steps that the median is of; 50 are needed.
        calm: steps after which a spike is over.
        kept: checkpoints that stay for spikes beyond ``max_keep_ckpts``, the last ones.
    """

    def __init__(
        self, factor: float = 20.0, window: int = 200, calm: int = 50, kept: int = 3
    ) -> None:
        self.factor, self.window, self.calm, self.kept = factor, window, calm, kept
        self._lasts = 0

    @master_only
    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict | None = None,
        outputs: dict | None = None,
    ) -> None:
        """Compare the step with those before it."""
        spike = next(self._outliers(runner, outputs or {}), None)
        if spike is None:
            self._lasts = max(0, self._lasts - 1)
            return
        if not self._lasts:
            runner.logger.warning(f'Spike at step {runner.iter + 1}: {spike}; {self._keep(runner)}')
        self._lasts = self.calm

    def _outliers(self, runner: Runner, losses: Collection[str]) -> Iterator[str]:
        for name, buffer in runner.message_hub.log_scalars.items():
            name = name.removeprefix('train/')
            if name.endswith('grad_norm') or (name.startswith('loss') and name in losses):
                median = self._exceeded(buffer.data[0][-self.window - 1 :])
                if median is not None:
                    yield f'{name} is {buffer.current():.4g}, its median {median:.4g}'

    def _exceeded(self, values: np.ndarray) -> float | None:
        """The median of all but the last value, if that is an outlier."""
        before, last = values[:-1], values[-1]
        before = before[np.isfinite(before)]
        if len(before) < _LEAST:
            return None
        median = np.median(before)
        deviation = 1.4826 * np.median(np.abs(before - median))
        limit = median + self.factor * max(deviation, 0.05 * abs(median), 1e-3)
        return float(median) if last > limit else None

    def _keep(self, runner: Runner) -> str:
        kept = next(
            (
                hook.spare(runner, self.kept)
                for hook in runner.hooks
                if isinstance(hook, DurableCheckpointHook)
            ),
            None,
        )
        return f'{kept} is kept' if kept else 'there is no checkpoint from before it'
