"""Writing files so that nobody ever finds half of one."""

from collections.abc import Iterator
from contextlib import contextmanager
import os
from pathlib import Path
from uuid import uuid4


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """A path to write to, in the same folder, that takes the place of ``path`` in the end.

    After an error ``path`` is as it was, and nothing else is left. Folders are made if need be.

    Raises:
        OSError: the disk is full, or the folder cannot be written to; names ``path``.
    """
    path = Path(path)
    # Several processes may write the same file at once, on several machines too.
    part = path.with_name(f'.{path.stem}.{uuid4().hex}.part{path.suffix}')
    with _naming(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield part
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def write_durably(path: str | Path, content: bytes | str) -> None:
    """Write a file that outlives the machine's going down right afterwards.

    Raises:
        OSError: as :func:`replacing`; what was at ``path`` is still there.
    """
    content = content.encode() if isinstance(content, str) else content
    with replacing(path) as part, part.open('wb') as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(Path(path).parent)


def remove_leftovers(folder: str | Path, suffix: str) -> None:
    """Remove what writers of files with this suffix left in a folder when they were killed."""
    for part in Path(folder).glob(f'.*.part{suffix}'):
        part.unlink(missing_ok=True)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """A full disk names no path."""
    try:
        yield
    except OSError as error:
        if error.errno is not None and error.filename is None:
            error.filename = str(path)
        raise


def _sync_folder(folder: Path) -> None:
    """A new name is on disk when its folder is."""
    if os.name != 'posix':  # Elsewhere folders cannot be opened.
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
