"""Work in a process of its own: it has so much memory and so much time, and is ended if need be."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path
import signal
from threading import Lock
from time import monotonic
import traceback
from typing import Any

from .limits import RequestLimits, too_much_memory, too_much_time

#: Errors that are meant for people come over as they are; of several that fit the first one.
_FOR_PEOPLE = (FileNotFoundError, TimeoutError, ImportError, OSError, OverflowError, ValueError)
#: What work ends by itself in time needs no new process; so many seconds later it is ended.
_GRACE = 5


class Worker:
    """Calls methods of an object in another process, one at a time.

    A process that takes too long is ended, and one that died is replaced; the next call goes to
    the new one.

    Args:
        build: makes the object, there, anew in each process; something that can be pickled.
        limits: its ``memory_gb`` are what calls may have beyond what ``build`` took. Where the
            system does not count that, as on Windows and macOS, there is no such limit.
    """

    def __init__(self, build: Callable[[], Any], limits: RequestLimits) -> None:
        self._build = build
        self._limits = limits
        self._lock = Lock()
        self._start()

    def call(
        self, method: str, *arguments: Any, progress: Callable[..., None] | None = None
    ) -> Any:
        """What the method of the object gives.

        Args:
            progress: called here whenever the method calls its own ``progress``, which it gets
                if this is given.

        Raises:
            ValueError, OSError: as the method, or as ``build``.
            TimeoutError: it took too long.
            ValueError: it needed too much memory.
            RuntimeError: anything else went wrong; the process wrote a traceback.
        """
        with self._lock:
            self._await_start()
            try:
                self._connection.send((method, arguments, progress is not None))
                return self._answer(monotonic() + self._limits.seconds + _GRACE, progress)
            except (EOFError, ConnectionError):
                self._restart()
                raise too_much_memory() from None
            except _LateError:
                self._restart()
                raise too_much_time(self._limits) from None

    def end(self) -> None:
        """End the process; there is no other."""
        self._process.kill()
        self._process.join()
        self._connection.close()

    def _answer(self, end: float | None, progress: Callable[..., None] | None = None) -> Any:
        while True:
            if end is not None and not self._connection.poll(max(0, end - monotonic())):
                raise _LateError
            kind, value = self._connection.recv()
            if kind == 'done':
                return value
            if kind == 'failed':
                raise value
            progress(*value)

    def _start(self) -> None:
        context = multiprocessing.get_context('spawn')
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, self._build, self._limits.memory_gb), daemon=True
        )
        self._process.start()
        theirs.close()
        self._is_ready = False

    def _await_start(self) -> None:
        if not self._process.is_alive() and self._is_ready:
            self._restart()
        if self._is_ready:
            return
        try:
            self._answer(None)
        except Exception:
            self._restart()
            raise
        self._is_ready = True

    def _restart(self) -> None:
        self.end()
        self._start()


class _LateError(Exception):
    """There is no answer in time."""


def _serve(connection: Connection, build: Callable[[], Any], memory_gb: float) -> None:
    # Ctrl-C is for the page, which ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with suppress(EOFError, ConnectionError):  # The page is gone.
        built = _tried(build)
        connection.send(built if built[0] == 'failed' else ('done', None))
        _limit_memory(memory_gb)
        while built[0] == 'done':
            method, arguments, wants_progress = connection.recv()
            options = {}
            if wants_progress:
                options['progress'] = lambda *done: connection.send(('progress', done))
            connection.send(_tried(partial(getattr(built[1], method), *arguments, **options)))


def _tried(work: Callable[[], Any]) -> tuple[str, Any]:
    """('done', the result), or ('failed', an error that can be pickled)."""
    try:
        return 'done', work()
    except Exception as error:
        if _is_short_of_memory(error):
            return 'failed', too_much_memory()
        for kind in _FOR_PEOPLE:
            if isinstance(error, kind):
                return 'failed', kind(str(error))
        traceback.print_exc()
        return 'failed', RuntimeError(f'{type(error).__name__}: {error}')


def _is_short_of_memory(error: Exception) -> bool:
    """OpenCV and PyTorch have no error of their own for it."""
    words = ("can't allocate memory", 'Insufficient memory', 'out of memory', 'bad_alloc')
    return isinstance(error, MemoryError) or any(word in str(error) for word in words)


def _limit_memory(gigabytes: float) -> None:
    status = Path('/proc/self/status')
    if not status.exists():
        return
    import resource  # There is none on Windows.

    [has] = [
        line.split()[1] for line in status.read_text().splitlines() if line.startswith('VmData')
    ]
    limit = int(has) * 1024 + int(gigabytes * 2**30)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
