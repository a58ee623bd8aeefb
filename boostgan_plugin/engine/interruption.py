"""Leaving a training in order when the machine, a person or a scheduler asks for it."""

import signal
import threading
from types import FrameType
from typing import Self

from mmengine.dist import all_reduce, barrier, get_world_size
from mmengine.hooks import EMAHook, Hook
from mmengine.runner import Runner
import torch

from .durable_checkpoint_hook import DurableCheckpointHook

#: By which a training is asked to leave: the end of a job, Ctrl-C, Slurm's ``--signal=USR1@60``.
LEAVING = tuple(
    getattr(signal, name) for name in ('SIGTERM', 'SIGINT', 'SIGUSR1') if hasattr(signal, name)
)


class Interruption:
    """Within, the signals of :data:`LEAVING` are noted instead of ending the process.

    In other threads than the main one, which get no signals, it does nothing. Processes that are
    forked within, as workers that load data, go on too: a terminal and Slurm tell them all, and
    the step in progress needs them.
    """

    def __init__(self) -> None:
        self.signal: int | None = None
        self._before: dict[int, object] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._note) for number in LEAVING}
        return self

    def __exit__(self, *_) -> None:
        for number, handler in self._before.items():
            # None is of a handler that was not set by Python.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.signal = self.signal or number


class InterruptionHook(Hook):
    """Saves the training after the step in which it was asked to leave, and leaves.

    All processes leave together, whichever was asked, once the checkpoint is written. A validation
    in a single process is broken off; several finish it.

    Args:
        interruption: what notes that.
    """

    priority = 'LOWEST'

    def __init__(self, interruption: Interruption) -> None:
        self._interruption = interruption

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict | None = None,
        outputs: dict | None = None,
    ) -> None:
        """Leave if a process was asked to.

        Raises:
            SystemExit: with the status 128 + number of the signal.
        """
        number = self._agreed()
        if number:
            self._leave(runner, number, runner.iter + 1)

    def after_val_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict | None = None,
        outputs: list | None = None,
    ) -> None:
        """As :meth:`after_train_iter`."""
        if self._interruption.signal and get_world_size() == 1:
            for hook in runner.hooks:
                if isinstance(hook, EMAHook):
                    hook.after_val_epoch(runner)  # Puts the weights back that are trained.
            self._leave(runner, self._interruption.signal, runner.iter)

    def _agreed(self) -> int:
        number = self._interruption.signal or 0
        if get_world_size() == 1:
            return number
        found = torch.tensor(number)
        all_reduce(found, 'max')
        return int(found)

    def _leave(self, runner: Runner, number: int, iteration: int) -> None:
        for hook in runner.hooks:
            if isinstance(hook, DurableCheckpointHook):
                hook.save_now(runner, iteration)
        barrier()  # Launchers kill the others when the first has left.
        last = runner.message_hub.runtime_info.get('last_ckpt', 'the start')
        runner.logger.warning(
            f'Told to leave by {signal.Signals(number).name}, after iteration '
            f'{iteration}; --resume goes on from {last}'
        )
        runner.call_hook('after_train')
        raise SystemExit(128 + number)
