"""Runs the converters of published data sets, and makes small images for them."""

from __future__ import annotations

from collections.abc import Callable
import importlib
import json
from pathlib import Path
import sys
from types import ModuleType

import cv2
import numpy as np
import pytest

from tests.conftest import ROOT

CONVERTERS = ROOT / 'tools/dataset_converters'
MODULES = (
    'layouts',
    'celeba',
    'celebahq',
    'helen',
    'places365',
    'sun',
    'ade20k',
    'photo_scenes',
    'debian_photographs',
    'qt_resources',
)


@pytest.fixture
def converter(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Import a converter; none of them stays imported."""
    monkeypatch.syspath_prepend(str(CONVERTERS))
    for name in MODULES:
        # Set before it is removed, so that the end of the test takes away what was imported.
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
        del sys.modules[name]
    return importlib.import_module


@pytest.fixture
def convert(converter, capsys) -> Callable[..., tuple[int, str]]:
    """Run a converter; returns its exit code and what it tells."""

    def run(name: str, root: Path, *args: str) -> tuple[int, str]:
        module = converter(name)
        arguments = getattr(module, 'ARGUMENTS', None)
        code = sys.modules['layouts'].main(
            module.run, module.__doc__, ['--root', str(root), *args], arguments
        )
        captured = capsys.readouterr()
        return code, captured.err if code else captured.out

    return run


@pytest.fixture
def fails(convert) -> Callable[..., str]:
    """Run a converter that must fail and write nothing; returns its message."""

    def run(name: str, root: Path, *args: str) -> str:
        for extra in ((), ('--check',)):
            before = listing(root)
            code, message = convert(name, root, *args, *extra)
            assert code == 1
            assert 'Expected layout:' in message
            assert listing(root) == before
        return message

    return run


def listing(root: Path) -> dict[str, float]:
    """All files below a folder with the time of their last change."""
    return {str(path): path.stat().st_mtime_ns for path in root.rglob('*')}


def save(path: Path, pixels: np.ndarray | None = None) -> None:
    """Write an image, by default a grey one of 16 x 12 pixels."""
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), np.full((12, 16, 3), 99, np.uint8) if pixels is None else pixels)


def text(path: Path, *lines: str) -> None:
    """Write a text file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(''.join(f'{line}\n' for line in lines))


def labels_of(path: Path) -> dict[str, list[str]]:
    """The attributes of each image in an annotation file, by their names."""
    content = json.loads(path.read_text())
    names = content['metainfo']['classes']
    return {d['img_path']: [names[i] for i in d['gt_label']] for d in content['data_list']}
