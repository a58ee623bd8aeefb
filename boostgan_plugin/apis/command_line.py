"""What the tools have in common."""

from collections.abc import Callable
import sys


def exit_status(work: Callable[[], int | None]) -> int:
    """Do the work of a tool: its own status, 0 if it gives none, or 2 after an error.

    Errors that are meant for a person are said without a traceback.
    """
    try:
        return work() or 0
    except (ValueError, OSError, ImportError) as error:
        print(f'error: {error}', file=sys.stderr)
        return 2
