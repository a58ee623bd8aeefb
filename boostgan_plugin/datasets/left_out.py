"""The note of files that are not trained on."""

from collections.abc import Mapping
import json
from pathlib import Path

from boostgan_plugin.files import write_durably


def write_left_out(path: str | Path, reasons: Mapping[str, str]) -> None:
    """Write which files are left out, and why; JSON, as paths may hold anything."""
    write_durably(path, json.dumps(dict(reasons), indent=1) + '\n')


def read_left_out(path: str | Path) -> dict[str, str]:
    """The opposite of :func:`write_left_out`.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it holds something else.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(
            f'{path}, the note of what is left out, does not exist: tools/check_data.py writes it'
        )
    try:
        reasons = json.loads(Path(path).read_text())
    except (ValueError, RecursionError) as error:
        raise ValueError(f'{path} is no JSON: {error}') from error
    if not isinstance(reasons, dict):
        raise ValueError(f'{path}: expected reasons by path, as tools/check_data.py writes them')
    return reasons
