"""What the converters of published data sets have in common.

A converter takes a data set as its makers publish it, changes nothing of it and adds list and
label files. What is missing or wrong is collected and told all at once, with the expected layout.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
import json
import os
from pathlib import Path
import sys
from typing import Any

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

SPLITS = ('train', 'val', 'test')


class LayoutError(Exception):
    """Something about the data that the person who runs the converter can put right."""


class Problems:
    """Collects what is wrong with a data set.

    Args:
        root: The folder of the data set; that it is missing is told at once.
        layout: How the data set must lie there.
    """

    def __init__(self, root: Path, layout: str) -> None:
        self._layout = layout.strip('\n')
        self._found: list[str] = []
        if not root.is_dir():
            self.add(f'There is no folder {root}.')
            self.stop()

    def add(self, text: str, names: Collection[object] = (), shown: int = 5) -> None:
        """Add a problem; of the names that it concerns only the first few are told."""
        if names:
            first = ', '.join(str(name) for name in list(names)[:shown])
            text += f' ({len(names)}): {first}' + (', ...' if len(names) > shown else '')
        self._found.append(text)

    def stop(self) -> None:
        """Raise an error if there was a problem."""
        if self._found:
            text = '\n'.join(self._found)
            raise LayoutError(f'{text}\nExpected layout:\n{self._layout}')

    def folder(self, *places: Path) -> Path | None:
        """Return the first of the folders that exists; add a problem where none does."""
        return self._first(places, Path.is_dir, 'folder')

    def file(self, *places: Path) -> Path | None:
        """Return the first of the files that exists; add a problem where none does."""
        return self._first(places, Path.is_file, 'file')

    def _first(self, places: Sequence[Path], exists: Callable, kind: str) -> Path | None:
        for place in places:
            if exists(place):
                return place
        self.add(f'There is no {kind} {" or ".join(map(str, places))}.')
        return None

    def lines(self, path: Path | None) -> list[str]:
        """Return the lines of a text file, none where it is missing or no text."""
        if path is None:
            return []
        try:
            return path.read_text(encoding='utf-8-sig').splitlines()
        except UnicodeDecodeError:
            self.add(f'{path} is no text file.')
            return []

    def table(
        self,
        path: Path | None,
        columns: int,
        form: str,
        skip: int = 0,
        separator: str | None = None,
    ) -> list[list[str]]:
        """Return the fields of each line of a text file.

        Args:
            path: The file; None where it is missing, which was told already.
            columns: How many fields each line must have. A line with another number is a
                problem, an empty line is not.
            form: What a line looks like, to tell.
            skip: Lines of the head.
            separator: Of the fields; by default any white space.
        """
        rows, wrong = [], []
        for number, line in enumerate(self.lines(path)[skip:], skip + 1):
            fields = [field.strip() for field in line.split(separator)]
            if len(fields) == columns and all(fields):
                rows.append(fields)
            elif line.strip():
                wrong.append(number)
        if wrong:
            self.add(f'{path} must have lines like "{form}"; not so the lines', wrong)
        elif path is not None and not rows:
            self.add(f'{path} holds no line like "{form}".')
        return rows


def files_in(folder: Path | None, ending: str) -> set[str]:
    """Return the names of the files with an ending, from one listing and no look at each."""
    if folder is None:
        return set()
    return {
        name
        for name in os.listdir(folder)
        # macOS leaves files that begin like this.
        if name.lower().endswith(ending) and not name.startswith('._')
    }


def image_size(path: Path) -> tuple[int, int]:
    """Return width and height out of an image's head."""
    try:
        with Image.open(path) as image:
            return image.size
    except (UnidentifiedImageError, OSError) as error:
        raise LayoutError(f'{path} cannot be read as an image.') from error


def read_image(path: Path, flags: int = cv2.IMREAD_GRAYSCALE) -> np.ndarray:
    """Return an image, by default as one 8-bit channel."""
    image = cv2.imdecode(np.frombuffer(path.read_bytes() or b'?', np.uint8), flags)
    if image is None:
        raise LayoutError(f'{path} cannot be read as an image.')
    return image


def faulty(items: Iterable, has_fault: Callable[[Any], str]) -> list[str]:
    """Return the faults of those items that have one; an unreadable file is a fault."""
    faults = []
    for item in items:
        try:
            fault = has_fault(item)
        except LayoutError as error:
            fault = str(error)
        if fault:
            faults.append(fault)
    return faults


def progress(items: Iterable, what: str, every: int = 5000) -> Iterator:
    """Pass the items on and print a line for every few thousand of them."""
    for number, item in enumerate(items, 1):
        yield item
        if number % every == 0:
            print(f'{what}: {number}', flush=True)


def write(path: Path, data: bytes) -> None:
    """Write a file under another name and rename it, so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f'.{path.name}.tmp')
    temporary.write_bytes(data)
    temporary.replace(path)


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write a list, one entry a line."""
    write(path, b''.join(os.fsencode(line) + b'\n' for line in lines))


def write_labels(path: Path, labels: np.ndarray) -> None:
    """Write a label map as 8-bit PNG."""
    write(path, cv2.imencode('.png', labels)[1].tobytes())


def write_attributes(
    path: Path, classes: Sequence[str], images: Iterable[tuple[str, list[int]]]
) -> None:
    """Write an annotation file for the ``MultiLabelDataset`` of mmpretrain.

    Args:
        path: The file.
        classes: The attributes.
        images: Path of each image and the numbers of its attributes, maybe none.
    """
    data = [dict(img_path=image, gt_label=labels) for image, labels in images]
    text = json.dumps(dict(metainfo=dict(classes=list(classes)), data_list=data))
    write(path, text.encode())


def counts(splits: Mapping[str, Collection]) -> str:
    """Tell how many images each split has."""
    return ', '.join(f'{len(images)} {split}' for split, images in splits.items())


def main(
    run: Callable[[argparse.Namespace], str],
    about: str | None,
    argv: list[str] | None,
    arguments: Mapping[str, dict] | None = None,
) -> int:
    """Run the command line of a converter.

    Args:
        run: Does what the arguments ask and returns what to tell.
        about: The converter's docstring.
        argv: The command line; by default that of the process.
        arguments: Further arguments, each with what ``add_argument`` takes.
    """
    parser = argparse.ArgumentParser(description=(about or '').splitlines()[0])
    parser.add_argument('--root', type=Path, required=True, help='folder of the data set')
    parser.add_argument('--check', action='store_true', help='only tell what is missing or wrong')
    for name, options in (arguments or {}).items():
        parser.add_argument(name, **options)
    args = parser.parse_args(argv)
    try:
        print(run(args))
    except (LayoutError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0
