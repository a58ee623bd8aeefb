"""The converter of photographs from Debian packages, on packages made here."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
from pathlib import Path
import shutil
import struct
import subprocess
import sys
from types import ModuleType
import zlib

import cv2
import numpy as np
import pytest

TOOLS = Path(__file__).parents[2] / 'tools' / 'dataset_converters'
ARCHIVE = 'usr/share/game/pictures.rcc'
COLUMNS = ['name', 'split', 'package', 'archive', 'path']
COLUMNS += ['author', 'licence', 'title', 'source', 'sha256']


def load(name: str) -> ModuleType:
    """Load a module of the converters, which lie in no package."""
    spec = importlib.util.spec_from_file_location(name, TOOLS / f'{name}.py')
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def resources(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setitem(sys.modules, 'qt_resources', ModuleType('qt_resources'))
    return load('qt_resources')


@pytest.fixture
def converter(resources: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    name = 'debian_photographs'
    monkeypatch.setitem(sys.modules, name, ModuleType(name))
    return load(name)


def image(height: int, width: int, ending: str) -> bytes:
    ramp = np.linspace(0, 255, height * width * 3).reshape(height, width, 3)
    return cv2.imencode(ending, ramp.astype(np.uint8))[1].tobytes()


def rcc(files: dict[str, tuple[bytes, int]], version: int = 3) -> bytes:
    """Return an archive with one folder, ``photos``, that holds the files with their flags."""
    names, contents, places = b'', b'', {}
    for name in ('photos', *files):
        places[name] = len(names)
        names += struct.pack('>HI', len(name), 0) + name.encode('utf-16-be')
    changed = b'' if version == 1 else bytes(8)
    tree = struct.pack('>IHII', 0, 2, 1, 1) + changed
    tree += struct.pack('>IHII', places['photos'], 2, len(files), 2) + changed
    for name, (data, flags) in files.items():
        tree += struct.pack('>IHHHI', places[name], flags, 0, 1, len(contents)) + changed
        packed = struct.pack('>I', len(data)) + zlib.compress(data) if flags & 1 else data
        contents += struct.pack('>I', len(packed)) + packed
    head = struct.pack('>4sI', b'qres', version)
    flags = struct.pack('>I', 1) if version == 3 else b''
    start = len(head) + 12 + len(flags)
    offsets = (start, start + len(tree), start + len(tree) + len(contents))
    return head + struct.pack('>III', *offsets) + flags + tree + contents + names


STORED, PACKED = image(48, 96, '.png'), image(90, 60, '.webp')
PLAIN = image(20, 30, '.jpg')


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """Two packages, unpacked: one with an archive, one with a plain file."""
    archive = tmp_path / 'packages' / 'game-data' / ARCHIVE
    archive.parent.mkdir(parents=True)
    archive.write_bytes(rcc({'a.png': (STORED, 0), 'b.webp': (PACKED, 1)}))
    plain = tmp_path / 'packages' / 'papers_1.0-1_all' / 'usr/share/Äpfel.jpg'
    plain.parent.mkdir(parents=True)
    plain.write_bytes(PLAIN)
    return tmp_path / 'packages'


def row(name: str, split: str, package: str, archive: str, path: str, data: bytes) -> list[str]:
    about = ['Ann | Bo', 'CC0-1.0', f'A {name}', '']
    return [name, split, package, archive, path, *about, hashlib.sha256(data).hexdigest()]


@pytest.fixture
def rows() -> list[list[str]]:
    return [
        row('a', 'train', 'game-data', ARCHIVE, 'photos/a.png', STORED),
        row('b', 'val', 'game-data', ARCHIVE, 'photos/b.webp', PACKED),
        row('c', 'test', 'papers', '', 'usr/share/Äpfel.jpg', PLAIN),
    ]


def arguments(packages: Path, rows: list[list[str]], *more: str) -> list[str]:
    """Write the list and return the command line, short side 32, output beside the packages."""
    path = packages.parent / 'list.csv'
    with path.open('w', newline='', encoding='utf-8') as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    out = str(packages.parent / 'out')
    return [
        *('--packages', str(packages), '--list', str(path), '--out', out),
        *('--short-side', '32', *more),
    ]


def everything_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob('*') if path.is_file()}


@pytest.mark.parametrize('version', [1, 2, 3])
def test_reader_returns_the_exact_bytes(resources, tmp_path, version):
    path = tmp_path / 'x.rcc'
    path.write_bytes(rcc({'a.png': (STORED, 0), 'ß.webp': (PACKED, 1)}, version))
    archive = resources.QtResources(path)
    assert archive.names() == ['photos/a.png', 'photos/ß.webp']
    assert archive.read('photos/a.png') == STORED
    assert archive.read('photos/ß.webp') == PACKED


def test_reader_names_what_is_wrong(resources, tmp_path, monkeypatch):
    path = tmp_path / 'x.rcc'
    whole = rcc({'a': (b'abcdef', 0), 'b': (b'abcdef', 1), 'c': (b'abcdef', 4)})

    def read(data: bytes, name: str) -> bytes:
        path.write_bytes(data)
        return resources.QtResources(path).read(name)

    monkeypatch.setitem(sys.modules, 'zstandard', None)
    for data, name, message in [
        (b'GIF89a' + bytes(30), 'photos/a', 'not a Qt resource archive'),
        (b'qres' + bytes([0, 0, 0, 9]) + whole[8:], 'photos/a', 'format version 9'),
        (whole[:40], 'photos/a', 'damaged'),
        (whole.replace(b'\x78\x9c', b'\x00\x00'), 'photos/b', "damaged at 'photos/b'"),
        (whole, 'photos/z', "no file 'photos/z'"),
        (whole, 'photos/c', 'pip install zstandard'),
    ]:
        with pytest.raises(resources.QtResourceError, match=message):
            read(data, name)


def test_writes_photographs_and_licences(converter, packages, rows, capsys):
    args = arguments(packages, rows)
    for _ in range(2):  # a second run finds its own files and is content
        assert converter.main(args) == 0
    assert 'Wrote 1 train, 1 val, 1 test photographs' in capsys.readouterr().out
    out = packages.parent / 'out'
    assert everything_below(out) == {'train/a.jpg', 'val/b.jpg', 'test/c.jpg', 'LICENSES.md'}
    shapes = {name: cv2.imread(str(out / name)).shape for name in ('train/a.jpg', 'val/b.jpg')}
    assert shapes == {'train/a.jpg': (32, 64, 3), 'val/b.jpg': (48, 32, 3)}
    assert cv2.imread(str(out / 'test/c.jpg')).shape == (20, 30, 3), 'never enlarged'
    text = (out / 'LICENSES.md').read_text(encoding='utf-8')
    assert '| val/b.jpg | A b | Ann \\| Bo | CC0-1.0 | game-data |  |' in text


def test_training_photographs_are_chosen_by_licence(converter, packages, rows, capsys):
    rows[0][6] = 'GPL-2.0-or-later'
    args = arguments(packages, rows)
    assert converter.main([*args, '--train-licences', 'public domain', 'CC0']) == 1
    assert 'No licence begins with public domain' in capsys.readouterr().err
    rows[1][6] = 'LGPL-3.0-only'
    assert converter.main([*arguments(packages, rows), '--train-licences', 'CC0']) == 0
    assert everything_below(packages.parent / 'out') == {'val/b.jpg', 'test/c.jpg', 'LICENSES.md'}


@pytest.mark.parametrize('check', [[], ['--check']])
def test_a_missing_package_is_named_with_its_command(converter, packages, rows, capsys, check):
    shutil.rmtree(packages / 'papers_1.0-1_all')
    assert converter.main(arguments(packages, rows, *check)) == 1
    messages = capsys.readouterr().err
    assert 'package papers is not in' in messages and 'apt-get download papers' in messages
    assert 'game-data' not in messages
    assert not (packages.parent / 'out').exists()


def test_a_missing_photograph_is_named_or_left_out(converter, packages, rows, capsys):
    rows[0][4] = 'photos/gone.png'
    assert converter.main(arguments(packages, rows)) == 1
    messages = capsys.readouterr().err
    assert 'game-data does not hold a' in messages
    assert 'usr/share/game/pictures.rcc: photos/gone.png' in messages
    assert '--skip-missing' in messages
    assert not (packages.parent / 'out').exists()
    assert converter.main(arguments(packages, rows, '--skip-missing')) == 0
    out = packages.parent / 'out'
    assert everything_below(out) == {'val/b.jpg', 'test/c.jpg', 'LICENSES.md'}


def test_check_writes_nothing(converter, packages, rows, capsys):
    args = arguments(packages, rows, '--check')
    before = everything_below(packages.parent)
    assert converter.main(args) == 0
    assert 'All 3 photographs are there' in capsys.readouterr().out
    assert everything_below(packages.parent) == before


def test_files_of_another_list_are_refused(converter, packages, rows, capsys):
    assert converter.main(arguments(packages, rows)) == 0
    rows[0][1] = 'test'
    assert converter.main(arguments(packages, rows)) == 1
    assert 'train/a.jpg is not in the list' in capsys.readouterr().err


def test_a_photograph_may_come_in_several_files(converter, packages, rows):
    rows[2][-1] = f'{"0" * 64} {rows[2][-1]}'
    assert converter.main(arguments(packages, rows, '--check')) == 0


def test_another_image_of_the_same_path_is_not_taken(converter, packages, rows, capsys):
    next(packages.rglob('*.jpg')).write_bytes(image(20, 31, '.jpg'))
    assert converter.main(arguments(packages, rows)) == 1
    assert 'papers does not hold c, or another image' in capsys.readouterr().err


@pytest.mark.parametrize('data', [b'', b'no picture'])
def test_a_file_that_is_no_image_is_named(converter, packages, rows, capsys, data):
    next(packages.rglob('*.jpg')).write_bytes(data)
    rows[2][-1] = hashlib.sha256(data).hexdigest()
    assert converter.main(arguments(packages, rows)) == 1
    assert 'photograph c cannot be decoded' in capsys.readouterr().err


@pytest.mark.skipif(shutil.which('dpkg-deb') is None, reason='needs dpkg')
def test_a_deb_is_unpacked(converter, packages, rows, capsys):
    folder = packages / 'papers_1.0-1_all'
    (folder / 'DEBIAN').mkdir()
    control = 'Package: papers\nVersion: 1.0\nArchitecture: all\nMaintainer: a <a@b.c>\n'
    (folder / 'DEBIAN' / 'control').write_text(control + 'Description: papers\n')
    deb = packages / 'papers_1.0_all.deb'
    subprocess.run(['dpkg-deb', '-b', str(folder), str(deb)], check=True, capture_output=True)
    shutil.rmtree(folder)
    assert converter.main(arguments(packages, rows)) == 0
    assert (packages.parent / 'out' / 'test' / 'c.jpg').is_file()
    deb.write_bytes(b'nothing')
    assert converter.main(arguments(packages, rows, '--check')) == 1
    assert 'could not be unpacked' in capsys.readouterr().err


def test_the_written_list_is_sound(converter):
    photographs = converter.read_list(converter.LIST)
    assert {p.split for p in photographs} == set(converter.SPLITS)
    assert all(p.author and p.licence and p.title and p.path for p in photographs)
    places = [(p.package, p.archive, p.path) for p in photographs]
    assert len(set(places)) == len(places)
    assert len({p.sha256 for p in photographs}) == len(photographs)
