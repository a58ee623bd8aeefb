"""Trainings in processes of their own hear when this one is told to leave."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
import os
import signal
import threading
from types import FrameType

from boostgan_plugin.engine.interruption import LEAVING


class PassedSignals:
    """Passes the signals that end a training in order on to the processes that :meth:`run`
    waits for, in any thread. There is one, as a process has one handler for each signal."""

    def __init__(self) -> None:
        self._running: set[BaseProcess] = set()
        self._heard: int | None = None

    @contextmanager
    def passed_on(self) -> Iterator[None]:
        """Within, signals are passed on; in other threads than the main one it does nothing.

        Raises:
            SystemExit: a signal came; 128 + its number.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        self._heard = None
        before = {number: signal.signal(number, self._pass_on) for number in LEAVING}
        try:
            yield
            self._leave_if_told()
        finally:
            for number, handler in before.items():
                signal.signal(number, signal.SIG_DFL if handler is None else handler)

    def run(self, process: BaseProcess) -> int:
        """Start a process and wait for its end: its exit status.

        Raises:
            SystemExit: a signal came, and the process has left; 128 + its number.
        """
        self._leave_if_told()
        process.start()
        self._running.add(process)
        if self._heard is not None:  # While it was started.
            self._pass_on(self._heard)
        process.join()
        self._running.discard(process)
        self._leave_if_told()
        assert process.exitcode is not None  # It has ended.
        return process.exitcode

    def _leave_if_told(self) -> None:
        if self._heard is not None:
            raise SystemExit(128 + self._heard)

    def _pass_on(self, number: int, frame: FrameType | None = None) -> None:
        self._heard = self._heard or number
        for process in list(self._running):
            with suppress(ProcessLookupError):
                if process.pid is not None:
                    os.kill(process.pid, number)


SIGNALS = PassedSignals()
