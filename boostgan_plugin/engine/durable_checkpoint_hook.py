from collections import deque
from pathlib import Path
import time

from mmengine.dist import is_main_process
from mmengine.fileio import LocalBackend, register_backend
from mmengine.hooks import CheckpointHook
from mmengine.runner import Runner

from boostgan_plugin.files import remove_leftovers, write_durably
from boostgan_plugin.registry import HOOKS

from .divergence_hook import DivergenceHook, refuse_not_finite

_BACKEND = 'boostgan_durable'
#: In mmengine's message hub: the checkpoints that are kept beyond ``max_keep_ckpts``.
_SPARED = 'spared_ckpt_ids'


class DurableBackend(LocalBackend):
    """Local files that are written beside, synced to the disk and renamed."""

    def put(self, obj: bytes | memoryview, filepath: str | Path) -> None:
        """Write a file.

        Raises:
            OSError: the disk is full, or the folder cannot be written to; names the file, and
                what was there before still is.
        """
        write_durably(filepath, bytes(obj))


register_backend(_BACKEND, DurableBackend, force=True)


@HOOKS.register_module()
class DurableCheckpointHook(CheckpointHook):
    """Checkpoints that a training can always go on from.

    As mmengine's, but also after minutes; nobody ever finds half of a checkpoint or of the note
    ``last_checkpoint``; an old one goes when the new one is there; and none holds a NaN: while a
    :class:`DivergenceHook` leaves steps out, there is none, unless it is the last.

    Args:
        interval: of iterations, or of epochs.
        minutes: also when so many have gone by since the last one; None for never. By epoch there
            are none in between.
        max_keep_ckpts: the last ones that are kept; -1 for all.
        kwargs: of mmengine's ``CheckpointHook``.
    """

    def __init__(
        self,
        interval: int = -1,
        by_epoch: bool = False,
        minutes: float | None = 10,
        max_keep_ckpts: int = 3,
        backend_args: dict | None = None,
        **kwargs,
    ) -> None:
        super().__init__(
            interval,
            by_epoch,
            max_keep_ckpts=max_keep_ckpts,
            backend_args=backend_args or dict(backend=_BACKEND),
            **kwargs,
        )
        self.minutes = minutes

    def before_train(self, runner: Runner) -> None:
        """Clear away what a killed training left half written."""
        super().before_train(runner)
        if is_main_process():
            remove_leftovers(self.out_dir, '.pth')
        self._saved_at, self._saved = time.monotonic(), None

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict | None = None,
        outputs: dict | None = None,
    ) -> None:
        """Save if the interval or the minutes are over.

        Raises:
            OSError: the checkpoint cannot be written.
            FloatingPointError: the training diverged.
        """
        super().after_train_iter(runner, batch_idx, data_batch, outputs)
        # Only the main process writes, so its clock is the one that counts.
        if self.minutes is None or self.by_epoch or not is_main_process():
            return
        if time.monotonic() - self._saved_at >= 60 * self.minutes:
            self._save_checkpoint(runner)

    def save_now(self, runner: Runner, iteration: int) -> None:
        """Save the training after its step ``iteration``, unless that has just been done."""
        if _is_left_out(runner):
            runner.logger.warning('No checkpoint now, as the last step was left out')
        elif self._saved != iteration:
            self._save_checkpoint_with_step(
                runner, iteration, dict(epoch=runner.epoch, iter=iteration)
            )

    def spare(self, runner: Runner, most: int) -> str | None:
        """Keep the newest checkpoint whatever comes, and of those that are kept so the last
        ``most``; returns its path, None before the first."""
        spared = runner.message_hub.get_info(_SPARED, [])
        steps = [*self.keep_ckpt_ids] if self.max_keep_ckpts > 0 else []
        if steps and steps[-1] > max(spared, default=-1):
            spared = [*spared, steps.pop()]
            self._note_kept(runner, steps)
            runner.message_hub.update_info(_SPARED, spared[-most:])
            self._remove(spared[:-most])
        return runner.message_hub.get_info('last_ckpt')

    def _save_checkpoint(self, runner: Runner) -> None:
        if self.by_epoch:
            super()._save_checkpoint(runner)
        else:
            self.save_now(runner, runner.iter + 1)

    def _save_checkpoint_with_step(self, runner: Runner, step: int, meta: dict) -> None:
        refuse_not_finite(runner)
        name = self.filename_tmpl.format(step)
        self.last_ckpt = self.file_backend.join_path(self.out_dir, name)
        runner.message_hub.update_info('last_ckpt', self.last_ckpt)
        dropped = self._keep(runner, step)
        runner.save_checkpoint(
            self.out_dir,
            name,
            self.file_client_args,
            save_optimizer=self.save_optimizer,
            save_param_scheduler=self.save_param_scheduler,
            meta=meta,
            by_epoch=self.by_epoch,
            backend_args=self.backend_args,
            **self.args,
        )
        self._saved_at, self._saved = time.monotonic(), step
        if is_main_process():
            write_durably(Path(runner.work_dir) / 'last_checkpoint', self.last_ckpt)
            self._remove(dropped)

    def _keep(self, runner: Runner, step: int) -> list[int]:
        """Note a step among those that are kept; those that are dropped for it."""
        if self.max_keep_ckpts <= 0:
            return []
        steps = [*(other for other in self.keep_ckpt_ids if other != step), step]
        self._note_kept(runner, steps[-self.max_keep_ckpts :])
        return steps[: -self.max_keep_ckpts]

    def _note_kept(self, runner: Runner, steps: list[int]) -> None:
        self.keep_ckpt_ids = deque(steps, self.max_keep_ckpts)
        runner.message_hub.update_info('keep_ckpt_ids', steps)

    def _remove(self, steps: list[int]) -> None:
        for step in steps:
            path = self.file_backend.join_path(self.out_dir, self.filename_tmpl.format(step))
            if self.file_backend.isfile(path):
                self.file_backend.remove(path)


def _is_left_out(runner: Runner) -> bool:
    return runner.iter + 1 < runner.max_iters and any(
        hook.left_out for hook in runner.hooks if isinstance(hook, DivergenceHook)
    )
