"""What a training is made with, for those who want to make it again."""

from collections.abc import Mapping
from importlib.metadata import packages_distributions, version
from pathlib import Path
import platform
import subprocess
from typing import Any

from .version import __version__

#: By the name under which they are imported.
_PACKAGES = ('torch', 'mmengine', 'mmcv', 'mmseg', 'mmpretrain', 'numpy', 'cv2')


def versions() -> dict[str, str]:
    """Of Python, this package and those that decide what comes out."""
    names = packages_distributions()
    return {
        'python': platform.python_version(),
        'boostgan_plugin': __version__,
        **{name: version(names[name][0]) for name in _PACKAGES if name in names},
    }


def revision() -> str | None:
    """The git commit of this package, with ``+changed`` where files differ from it; None where it
    does not lie in a repository of its own, or there is no git."""
    here = Path(__file__)
    # An installed package may lie in somebody else's repository.
    if _git('ls-files', '--error-unmatch', here.name) is None:
        return None
    commit = _git('rev-parse', 'HEAD')
    changed = _git('status', '--porcelain', '--untracked-files=no')
    return commit and commit + ('+changed' if changed else '')


def _git(*arguments: str) -> str | None:
    """What git answers in the folder of this package; None if it cannot."""
    try:
        done = subprocess.run(
            ['git', *arguments],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def in_words(meta: Mapping[str, Any]) -> dict[str, str]:
    """What a checkpoint's ``meta`` says of its making, for people; without any paths."""
    words = {'seed': str(meta['seed'])} if 'seed' in meta else {}
    made = meta.get('provenance')
    if made:
        numbers = ', '.join(f'{name} {number}' for name, number in made['versions'].items())
        words |= {'versions': numbers, 'git revision': made['revision'] or 'none'}
        words |= {
            f'data, {split}': f'{data["files"]} files, sha256 {data["sha256"]}'
            for split, data in made['data'].items()
        }
    return words
