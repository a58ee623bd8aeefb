from collections.abc import Sequence

from mmengine.hooks import Hook
from mmengine.runner import Runner

from boostgan_plugin.registry import HOOKS

from .logged import logged


@HOOKS.register_module()
class PinnedDiscriminatorHook(Hook):
    """Warns, once, that the discriminators are never wrong: then the generator learns nothing
    from them.

    Args:
        threshold: their loss, which is 0 where they are never wrong, is below it ...
        patience: ... in so many of their steps in a row.
        losses: what to look at, where it is logged. The score of a critic, which becomes negative,
            is never taken for pinned.
    """

    def __init__(
        self,
        threshold: float = 0.02,
        patience: int = 200,
        losses: Sequence[str] = ('loss_discriminator', 'discriminator_overall'),
    ) -> None:
        self.threshold, self.patience, self.losses = threshold, patience, tuple(losses)
        self._steps, self._told = dict.fromkeys(self.losses, 0), False

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict | None = None,
        outputs: dict | None = None,
    ) -> None:
        """Count the steps in a row."""
        for name in self.losses:
            if name in (outputs or {}):
                value = logged(runner, name, outputs[name])
                self._steps[name] = self._steps[name] + 1 if 0 <= value < self.threshold else 0
                if self._steps[name] >= self.patience and not self._told:
                    self._tell(runner, name)

    def _tell(self, runner: Runner, name: str) -> None:
        self._told = True
        runner.logger.warning(
            f'{name} is below {self.threshold} for {self.patience} steps: the discriminators are '
            'never wrong, so the generator learns nothing from them. Lower their learning rate, '
            'or see whether real and generated images differ in something trivial'
        )
