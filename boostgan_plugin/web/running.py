"""A page in a process of its own, for those who try it out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
import socket
import subprocess
import sys
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen


@dataclass(frozen=True)
class RunningPage:
    """Where a page is, and the number of its process."""

    address: str
    process: int

    def memory(self) -> int:
        """Bytes that it and the processes that it started hold in memory; what they share counts
        for each."""
        return sum(map(resident_bytes, _family(self.process)))


@contextmanager
def running_page(
    program: Path, log: Path, arguments: Sequence[str] = (), patience: float = 120
) -> Iterator[RunningPage]:
    """A page at a free port; it ends with the block.

    Args:
        program: tools/webui.py.
        log: gets what it says.
        patience: seconds to wait for its start, and for its end.

    Raises:
        RuntimeError: it ended, or did not answer in time; with what it said.
    """
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    command = [sys.executable, program, '--port', str(port), *arguments]
    with log.open('w') as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        address = f'http://127.0.0.1:{port}/'
        _wait_for(process, address, log, patience)
        yield RunningPage(address, process.pid)
    finally:
        process.terminate()
        process.wait(patience)


def resident_bytes(process: int) -> int:
    """Of one process, on Linux; 0 if it is gone."""
    try:
        lines = Path(f'/proc/{process}/status').read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith('VmRSS:'))


def _family(process: int) -> list[int]:
    children = Path(f'/proc/{process}/task/{process}/children')
    try:
        numbers = map(int, children.read_text().split())
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [process, *(member for number in numbers for member in _family(number))]


def _wait_for(process: subprocess.Popen, address: str, log: Path, patience: float) -> None:
    end = monotonic() + patience
    while monotonic() < end and process.poll() is None:
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            sleep(0.2)
    raise RuntimeError(f'no page at {address}:\n{log.read_text()}')
