"""Trainings in processes of their own hear when this one is told to leave."""

from collections.abc import Iterator
from contextlib import contextmanager
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
        self._lock = threading.RLock()  # A signal may come while the main thread holds it.
        self._heard: int | None = None

    @contextmanager
    def passed_on(self) -> Iterator[None]:
        """Within, signals are passed on; in other threads than the main one it does nothing."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        self._heard = None
        before = {number: signal.signal(number, self._pass_on) for number in LEAVING}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def run(self, process: BaseProcess) -> int:
        """Start a process and wait for its end: its exit status.

        Raises:
            SystemExit: a signal came before or meanwhile, and the process left for it; 128 + its
                number.
        """
        with self._lock:
            if self._heard is None:
                process.start()
                self._running.add(process)
        if process.pid is not None:
            process.join()
            with self._lock:
                self._running.discard(process)
        # A process that had not begun to train dies by the signal; nothing is lost.
        left = self._heard is not None and process.exitcode in (
            None, 128 + self._heard, -self._heard)
        if left:
            raise SystemExit(128 + self._heard)
        return process.exitcode

    def _pass_on(self, number: int, frame: FrameType | None) -> None:
        self._heard = self._heard or number
        for process in list(self._running):
            if process.is_alive():
                os.kill(process.pid, number)


SIGNALS = PassedSignals()
