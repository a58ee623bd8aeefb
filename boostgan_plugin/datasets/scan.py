"""Opening many files once, side by side, and remembering which of them are whole."""

from array import array
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
import hashlib
from itertools import islice
import os
from pathlib import Path
import sys
import warnings

import cv2
import numpy as np
from rich.console import Console
from rich.progress import Progress

from boostgan_plugin.files import replacing
from boostgan_plugin.resources import usable_cores

#: Changes when files are looked at in another way than before.
_VERSION = 1
#: Files that are on their way at once.
_CHUNK = 1024


@dataclass
class Scan:
    """What a scan found: reasons by path, how many files there were and were opened, and which
    files they are on disk, whatever their paths, as (N,) uint64."""
    faults: dict[str, str] = field(default_factory=dict)
    count: int = 0
    opened: int = 0
    identities: np.ndarray = field(default_factory=lambda: np.empty(0, np.uint64))


def scan(paths: Iterable[str], look: Callable[[str], str | None], kind: str, total: int,
         title: str = 'Checking files') -> Scan:
    """Look at each file once; those that were whole, and did not change since, are not opened
    again, by whatever training.

    Args:
        look: tells what is wrong with a file, if anything; called in threads.
        kind: names what ``look`` does.
        total: about how many there are, for the progress bar.
    """
    found, new, identities = Scan(), array('Q'), array('Q')
    known = _read_known()
    with _side_by_side() as pool, Progress(
            console=Console(stderr=True), transient=True,
            disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(title, total=total)
        for chunk in _chunks(paths):
            states = [_state(path, kind) for path in chunk]
            waiting = [(path, state) for path, state in zip(chunk, states)
                       if state is None or not _is_in(state[0], known)]
            for (path, state), fault in zip(
                    waiting, pool.map(look, [path for path, _ in waiting])):
                if fault is not None:
                    found.faults[path] = fault
                elif state is not None:
                    new.append(state[0])
            identities.extend(state[1] for state in states if state is not None)
            found.count += len(chunk)
            found.opened += len(waiting)
            progress.advance(task, len(chunk))
    _add_known(new)
    found.identities = np.array(identities, np.uint64)
    return found


@contextmanager
def _side_by_side() -> Iterator[ThreadPoolExecutor]:
    """Threads, as decoding happens outside Python. OpenCV's own would only be in their way, and
    Pillow's warnings of large images are for those who open them."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        with warnings.catch_warnings(action='ignore'), ThreadPoolExecutor(usable_cores()) as pool:
            yield pool
    finally:
        cv2.setNumThreads(threads)


def _chunks(paths: Iterable[str]) -> Iterator[list[str]]:
    paths = iter(paths)
    while chunk := list(islice(paths, _CHUNK)):
        yield chunk


def _state(path: str, kind: str) -> tuple[int, int] | None:
    """What tells the content of a file, and the file, from others; None where there is none."""
    try:
        state = os.stat(path)
    except OSError:
        return None
    return (_number(f'{_VERSION} {kind} {os.path.abspath(path)} {state.st_size} '
                    f'{state.st_mtime_ns}'), _number(f'{state.st_dev} {state.st_ino}'))


def _number(text: str) -> int:
    digest = hashlib.blake2b(text.encode(errors='surrogateescape'), digest_size=8).digest()
    return int.from_bytes(digest)


def _is_in(number: int, known: np.ndarray) -> bool:
    place = np.searchsorted(known, np.uint64(number))
    return place < len(known) and known[place] == number


def _note_of_known() -> Path:
    cache = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
    return Path(cache) / 'boostgan_plugin/whole_files.npy'


def _read_known() -> np.ndarray:
    """Sorted; none where there is no note, or a damaged one: then all is looked at again."""
    try:
        known = np.load(_note_of_known(), allow_pickle=False)
    except (OSError, ValueError, EOFError):
        known = None
    if known is None or known.ndim != 1 or known.dtype != np.uint64:
        return np.empty(0, np.uint64)
    return np.sort(known)


def _add_known(new: array) -> None:
    """Several trainings may do this at once; what one of them loses is looked at again."""
    if not new:
        return
    known = np.union1d(_read_known(), np.array(new, np.uint64))
    try:
        with replacing(_note_of_known()) as part, part.open('wb') as file:
            np.save(file, known)
    except OSError as error:
        warnings.warn(f'{_note_of_known()} cannot be written ({error}): files are checked again '
                      'next time', stacklevel=2)
