"""Writing files so that nobody ever finds half of one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """A path to write to, in the same folder, that takes the place of ``path`` in the end.

    After an error ``path`` is as it was, and nothing else is left. Folders are made if need be.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Several processes may write the same file at once, on several machines too.
    part = path.with_name(f'.{path.stem}.{uuid4().hex}.part{path.suffix}')
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
