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
    """What a scan found: reasons by path, how many files there were and were opened, which files
    they are on disk, whatever their paths, as (N,) uint64, and checksums of the contents of those
    that are whole, in their order, as (M,) uint64."""

    faults: dict[str, str] = field(default_factory=dict)
    count: int = 0
    opened: int = 0
    identities: np.ndarray = field(default_factory=lambda: np.empty(0, np.uint64))
    contents: np.ndarray = field(default_factory=lambda: np.empty(0, np.uint64))


def scan(
    paths: Iterable[str],
    look: Callable[[str], str | None],
    kind: str,
    total: int,
    title: str = 'Checking files',
) -> Scan:
    """Look at each file once; those that were whole, and did not change since, are not opened
    again, by whatever training.

    Args:
        look: tells what is wrong with a file, if anything; called in threads.
        kind: names what ``look`` does.
        total: about how many there are, for the progress bar.
    """
    found, new, identities, contents = Scan(), array('Q'), array('Q'), array('Q')
    known = _read_known()

    def opened(path: str) -> tuple[str | None, int]:
        fault = look(path)
        return fault, 0 if fault else _checksum(path)

    with (
        _side_by_side() as pool,
        Progress(
            console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
        ) as progress,
    ):
        task = progress.add_task(title, total=total)
        for chunk in _chunks(paths):
            states = [_state(path, kind) for path in chunk]
            remembered = [state and _content_of(state[0], known) for state in states]
            waiting = [path for path, content in zip(chunk, remembered) if content is None]
            looked = pool.map(opened, waiting)
            for path, state, content in zip(chunk, states, remembered):
                if content is None:
                    fault, content = next(looked)
                    if fault is not None:
                        found.faults[path] = fault
                        continue
                    if state is not None:
                        new.extend((state[0], content))
                contents.append(content)
            identities.extend(state[1] for state in states if state is not None)
            found.count += len(chunk)
            found.opened += len(waiting)
            progress.advance(task, len(chunk))
    _add_known(new)
    found.identities = np.array(identities, np.uint64)
    found.contents = np.array(contents, np.uint64)
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
    return (
        _number(f'{_VERSION} {kind} {os.path.abspath(path)} {state.st_size} {state.st_mtime_ns}'),
        _number(f'{state.st_dev} {state.st_ino}'),
    )


def _number(text: str) -> int:
    digest = hashlib.blake2b(text.encode(errors='surrogateescape'), digest_size=8).digest()
    return int.from_bytes(digest)


def _checksum(path: str) -> int:
    with Path(path).open('rb') as file:
        digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=8))
    return int.from_bytes(digest.digest())


def _content_of(state: int, known: np.ndarray) -> int | None:
    """What the file had in this state; None where it was not seen."""
    place = np.searchsorted(known[:, 0], np.uint64(state))
    if place < len(known) and known[place, 0] == state:
        return int(known[place, 1])
    return None


def _note_of_known() -> Path:
    cache = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
    return Path(cache) / 'boostgan_plugin/whole_files.npy'


def _read_known() -> np.ndarray:
    """(N, 2), states and checksums, sorted by state; none where there is no note, or a damaged
    one: then all is looked at again."""
    try:
        known = np.load(_note_of_known(), allow_pickle=False)
    except (OSError, ValueError, EOFError):
        known = None
    if known is None or known.ndim != 2 or known.shape[1] != 2 or known.dtype != np.uint64:
        return np.empty((0, 2), np.uint64)
    return known[np.argsort(known[:, 0])]


def _add_known(new: array) -> None:
    """Several trainings may do this at once; what one of them loses is looked at again."""
    if not new:
        return
    known = np.unique(
        np.concatenate([_read_known(), np.array(new, np.uint64).reshape(-1, 2)]), axis=0
    )
    try:
        with replacing(_note_of_known()) as part, part.open('wb') as file:
            np.save(file, known)
    except OSError as error:
        warnings.warn(
            f'{_note_of_known()} cannot be written ({error}): files are checked again next time',
            stacklevel=2,
        )
