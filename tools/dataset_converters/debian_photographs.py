#!/usr/bin/env python
"""Build a folder of open-licence photographs out of Debian packages.

The photographs, with their split, author and licence, are written in the list
``debian_photographs.csv`` next to this file; ``docs/photographs.md`` tells how to get the
packages. Nothing has to be installed: a package is only unpacked.

    python tools/dataset_converters/debian_photographs.py --packages DIR --out DIR
    python tools/dataset_converters/debian_photographs.py --packages DIR --check

For weights that are passed on, ``--train-licences 'public domain' CC`` trains on nothing else.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
import csv
from dataclasses import dataclass, fields
import hashlib
from pathlib import Path
import subprocess
import sys
import tempfile

import cv2
import numpy as np
from qt_resources import QtResourceError, QtResources

LIST = Path(__file__).with_suffix('.csv')
SPLITS = ('train', 'val', 'test')


class PhotographError(Exception):
    """Something that the person who runs the converter can put right."""


@dataclass(frozen=True)
class Photograph:
    """One line of the list."""

    name: str  # of the written file, without its ending
    split: str
    package: str
    archive: str  # Qt resource archive inside the package; empty for a plain file
    path: str  # inside the archive, or inside the package where there is no archive
    author: str
    licence: str
    title: str
    source: str  # page the package took it from; empty where it names none
    sha256: str  # of the file, one for each version of it that holds this very image


def read_list(path: Path) -> list[Photograph]:
    """Read the list of photographs.

    Args:
        path: A CSV file with the attributes of :class:`Photograph` as its columns.
    """
    if not path.is_file():
        raise PhotographError(f'There is no list of photographs at {path}.')
    columns = [field.name for field in fields(Photograph)]
    with path.open(newline='', encoding='utf-8') as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != columns:
            raise PhotographError(f'{path} must have the columns {", ".join(columns)}.')
        photographs = [Photograph(**row) for row in reader]
    repeated = [name for name, n in Counter(p.name for p in photographs).items() if n > 1]
    if repeated:
        raise PhotographError(f'{path} names more than once: {", ".join(repeated)}.')
    wrong = [p.name for p in photographs if p.split not in SPLITS]
    if wrong:
        raise PhotographError(f'{path} gives no known split to: {", ".join(wrong)}.')
    return photographs


class Packages:
    """Finds the files of Debian packages in a folder.

    A package is a ``.deb`` file in the folder, or was unpacked there by ``dpkg -x``: into a
    folder of its own (``NAME`` or ``NAME_VERSION``), or into the folder itself.

    Args:
        folder: The folder that holds the packages.
        scratch: An empty folder for what is unpacked here.
    """

    def __init__(self, folder: Path, scratch: Path) -> None:
        if not folder.is_dir():
            raise PhotographError(f'There is no folder {folder}.')
        self.folder = folder
        self.scratch = scratch
        self._roots: dict[str, Path | None] = {}
        self._archives: dict[Path, QtResources] = {}

    def root(self, package: str) -> Path | None:
        """Return the folder a package lies unpacked in, or None where it is missing."""
        if package not in self._roots:
            self._roots[package] = self._find(package)
        return self._roots[package]

    def read(self, photograph: Photograph) -> bytes | None:
        """Return the bytes of a photograph's file, or None where that very file is missing."""
        root = self.root(photograph.package)
        path = root and root / (photograph.archive or photograph.path)
        if path is None or not path.is_file():
            return None
        if not photograph.archive:
            data = path.read_bytes()
        else:
            if path not in self._archives:
                self._archives[path] = QtResources(path)
            archive = self._archives[path]
            data = archive.read(photograph.path) if photograph.path in archive else b''
        return data if hashlib.sha256(data).hexdigest() in photograph.sha256.split() else None

    def _find(self, package: str) -> Path | None:
        named = [self.folder / package, *sorted(self.folder.glob(f'{package}_*'))]
        for path in named:
            if path.is_dir():
                return path
        if (self.folder / 'usr/share/doc' / package).is_dir():
            return self.folder
        debs = [path for path in named if path.suffix == '.deb']
        if len(debs) > 1:
            raise PhotographError(f'{self.folder} holds {package} more than once: keep one.')
        return self._unpack(debs[0], package) if debs else None

    def _unpack(self, deb: Path, package: str) -> Path:
        root = self.scratch / package
        try:
            subprocess.run(
                ['dpkg', '-x', str(deb), str(root)], check=True, capture_output=True, text=True
            )
        except FileNotFoundError as error:
            raise PhotographError(
                f'The command dpkg is not here. Unpack {deb} elsewhere, into '
                f'{self.folder / package}, and run this again.'
            ) from error
        except subprocess.CalledProcessError as error:
            raise PhotographError(f'{deb} could not be unpacked: {error.stderr.strip()}') from error
        return root


def explain_missing(packages: Packages, photographs: list[Photograph]) -> str:
    """Say which photographs are missing and what to do; an empty text where none is."""
    missing = [p for p in photographs if packages.read(p) is None]
    absent = sorted({p.package for p in missing if packages.root(p.package) is None})
    lines = []
    for package in absent:
        count = sum(p.package == package for p in missing)
        lines += [
            f'The package {package} is not in {packages.folder} ({count} photographs). To get it:',
            f'    cd {packages.folder} && apt-get download {package}',
        ]
    for p in missing:
        if p.package not in absent:
            inside = f'{p.archive}: {p.path}' if p.archive else p.path
            lines.append(f'{p.package} does not hold {p.name}, or another image: {inside}')
    return '\n'.join(lines)


def shrink(data: bytes, name: str, short_side: int) -> bytes:
    """Return a photograph as JPEG, its short side not above the given number of pixels."""
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    if image is None:
        raise PhotographError(f'The photograph {name} cannot be decoded as an image.')
    height, width = image.shape[:2]
    scale = short_side / min(height, width)
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return cv2.imencode('.jpg', image, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()


def licences(photographs: Mapping[str, Photograph], about: str) -> str:
    """Return the text of ``LICENSES.md``.

    Args:
        photographs: By where each is found.
        about: What was done to them.
    """
    lines = [
        '# Licences of the photographs\n',
        f'{about} The packages name the authors and the licences.\n',
        '| File | Title | Author | Licence | Package | Source |',
        '| --- | --- | --- | --- | --- | --- |',
    ]
    for place, p in photographs.items():
        cells = (place, p.title, p.author, p.licence, p.package, p.source)
        lines.append('| ' + ' | '.join(cell.replace('|', '\\|') for cell in cells) + ' |')
    return '\n'.join(lines) + '\n'


def write(packages: Packages, photographs: list[Photograph], out: Path, short_side: int) -> None:
    """Write the photographs and their licences.

    Nothing else may be there: an image of another list could lie in another split.
    """
    wanted = {out / p.split / f'{p.name}.jpg' for p in photographs}
    strange = [f for split in SPLITS for f in (out / split).glob('*') if f not in wanted]
    if strange:
        raise PhotographError(
            f'{strange[0]} is not in the list ({len(strange)} such files): '
            'remove them or name another folder.'
        )
    for p in photographs:
        target = out / p.split / f'{p.name}.jpg'
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(shrink(packages.read(p) or b'', p.name, short_side))
    text = licences(
        {f'{p.split}/{p.name}.jpg': p for p in photographs}, 'Scaled down and stored again as JPEG.'
    )
    (out / 'LICENSES.md').write_text(text, encoding='utf-8')


def with_licences(photographs: list[Photograph], allowed: Sequence[str]) -> list[Photograph]:
    """Leave out of the training split what has another licence; val and test stay comparable.

    Args:
        allowed: how licences may begin; none allows all.
    """
    unknown = [
        start for start in allowed if not any(p.licence.startswith(start) for p in photographs)
    ]
    if unknown:
        known = ', '.join(sorted({p.licence for p in photographs}))
        raise PhotographError(f'No licence begins with {", ".join(unknown)}. There are: {known}.')
    return [
        p
        for p in photographs
        if p.split != 'train' or not allowed or p.licence.startswith(tuple(allowed))
    ]


def run(args: argparse.Namespace) -> str:
    """Do what the arguments ask and return what to tell."""
    photographs = with_licences(read_list(args.list), args.train_licences)
    with tempfile.TemporaryDirectory() as scratch:
        packages = Packages(args.packages, Path(scratch))
        missing = explain_missing(packages, photographs)
        if missing and (args.check or not args.skip_missing):
            raise PhotographError(
                f'{missing}\nTo do without those that are missing, as another '
                'version of a package may hold other ones: --skip-missing.'
            )
        if args.check:
            return f'All {len(photographs)} photographs are there.'
        photographs = [p for p in photographs if packages.read(p) is not None]
        write(packages, photographs, args.out, args.short_side)
    counts = Counter(p.split for p in photographs)
    return f'Wrote {", ".join(f"{counts[s]} {s}" for s in SPLITS)} photographs to {args.out}.'


def command(
    run: Callable[[argparse.Namespace], str],
    about: str,
    argv: list[str] | None,
    arguments: Mapping[str, dict],
) -> int:
    """Run the command line of a converter of Debian packages.

    Args:
        run: Does what the arguments ask and returns what to tell.
        about: The converter's docstring.
        argv: The command line; by default that of the process.
        arguments: Further arguments, each with what ``add_argument`` takes.
    """
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument('--packages', type=Path, required=True, help='folder with the packages')
    parser.add_argument('--out', type=Path, help='folder to write; needed without --check')
    parser.add_argument('--check', action='store_true', help='only tell what is missing')
    for name, options in arguments.items():
        parser.add_argument(name, **options)
    args = parser.parse_args(argv)
    if args.out is None and not args.check:
        parser.error('name the folder to write with --out, or look only with --check')
    try:
        print(run(args))
    except (PhotographError, QtResourceError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def pixels(text: str) -> int:
    """Read the length of a side from the command line."""
    if int(text) < 1:
        raise argparse.ArgumentTypeError('must be at least 1')
    return int(text)


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    return command(
        run,
        __doc__,
        argv,
        {
            '--skip-missing': dict(action='store_true', help='do without what is missing'),
            '--train-licences': dict(
                nargs='+',
                default=(),
                metavar='LICENCE',
                help='train on no other; by its beginning, such as CC (default: all)',
            ),
            '--short-side': dict(type=pixels, default=512, help='pixels at most (default 512)'),
            '--list': dict(type=Path, default=LIST, help='the list of photographs (CSV)'),
        },
    )


if __name__ == '__main__':
    sys.exit(main())
