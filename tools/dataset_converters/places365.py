#!/usr/bin/env python
"""List the images of 20 scene categories of Places365-Standard.

    python tools/dataset_converters/places365.py --root data/places365 [--check]

Adds ``inpainting_{train,val,test}.txt``: the training images, of which 1 % are set aside as
``val``, and as ``test`` the images that Places365 calls its validation images.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
import os
from pathlib import Path
import sys

from layouts import Problems, counts, files_in, image_size, main, progress, write_lines

# The paper does not name its 20. These are in Places365 and, under the same name, in SUN, and
# are about as much nature as town and rooms. The key names the attribute in configs.
SCENES = dict(
    scene_beach='beach',
    scene_bedroom='bedroom',
    scene_bridge='bridge',
    scene_castle='castle',
    scene_coast='coast',
    scene_corridor='corridor',
    scene_desert='desert/sand',
    scene_dining_room='dining_room',
    scene_field='field/wild',
    scene_forest='forest/broadleaf',
    scene_highway='highway',
    scene_kitchen='kitchen',
    scene_lake='lake/natural',
    scene_living_room='living_room',
    scene_mountain='mountain',
    scene_office='office',
    scene_park='park',
    scene_river='river',
    scene_skyscraper='skyscraper',
    scene_street='street',
)
VAL_RATIO = 0.01
# The side of what the configs crop.
SIDE = 256
LAYOUT = """
ROOT (small images with easy directory structure)
├── train/<category>/00000001.jpg ...      such as train/field-wild
└── val/<category>/Places365_val_00000001.jpg ...
or ROOT (small images; data_large and val_large of the large ones do as well)
├── data_256/<letter>/<category>/00000001.jpg ...      such as data_256/f/field/wild
├── val_256/Places365_val_00000001.jpg ...
├── places365_val.txt                  lines like "Places365_val_00000001.jpg 165"
└── categories_places365.txt           lines like "/f/field/wild 141"
"""


def select_range(paths: Iterable[str], begin: float, end: float) -> list[str]:
    """Return the paths whose checksum, as a number in [0, 1), lies in [begin, end)."""
    from boostgan_plugin.datasets.path_list import PathList

    return list(PathList(map(os.fsencode, paths), (begin, end)))


def plain(name: str) -> str:
    """Return the name of a category without the letter in front."""
    parts = name.strip().strip('/').split('/')
    return '/'.join(parts[1:] if len(parts) > 1 and len(parts[0]) == 1 else parts)


def read_wanted(path: Path | None, problems: Problems) -> list[str]:
    """Return the names of the wanted categories."""
    if path is None:
        return list(SCENES.values())
    names = [plain(line) for line in problems.lines(problems.file(path)) if line.strip()]
    if not names:
        problems.add(f'{path} must name one category a line, such as field/wild.')
    return sorted(set(names))


def check_known(wanted: list[str], known: list[str], place: Path, problems: Problems) -> None:
    """Add the wanted categories that do not exist, with the names that come near."""
    for name in (name for name in wanted if known and name not in known):
        near = get_close_matches(name, known, 3, 0.5)
        problems.add(
            f'The category {name} is not in {place}'
            + (f'; near to it are {", ".join(near)}.' if near else '.')
        )


def images_of(folder: Path, root: Path, problems: Problems) -> list[str]:
    """Return the images of a category, relative to the root."""
    found = problems.folder(folder)
    names = sorted(files_in(found, '.jpg'))
    if found is not None and not names:
        problems.add(f'There is no image in {folder}.')
    place = folder.relative_to(root).as_posix()
    return [f'{place}/{name}' for name in names]


def read_easy(root: Path, wanted: list[str], problems: Problems) -> tuple[list[str], list[str]]:
    """Return training and validation images of the easy directory structure."""
    wanted = [name.replace('/', '-') for name in wanted]
    known = sorted(path.name for path in (root / 'train').iterdir() if path.is_dir())
    check_known(wanted, known, root / 'train', problems)
    wanted = [name for name in wanted if name in known]
    return tuple(
        [
            image
            for name in progress(wanted, f'Categories of {part}', 10)
            for image in images_of(root / part / name, root, problems)
        ]
        for part in ('train', 'val')
    )


def read_official(
    root: Path, size: str, wanted: list[str], problems: Problems
) -> tuple[list[str], list[str]]:
    """Return training and validation images of the structure that the devkit knows."""
    path = problems.file(root / 'categories_places365.txt')
    rows = problems.table(path, 2, '/f/field/wild 141')
    numbers = {plain(name): number for name, number in rows}
    check_known(wanted, list(numbers), root / 'categories_places365.txt', problems)
    wanted = [name for name in wanted if name in numbers]
    train = [
        image
        for name in progress(wanted, 'Categories of train', 10)
        for image in images_of(root / f'data_{size}' / name[0] / name, root, problems)
    ]
    return train, read_official_val(root, size, {numbers[name] for name in wanted}, problems)


def large_enough(root: Path, images: Sequence[str]) -> list[str]:
    """Return the images that can be cropped; tell how many others there are."""
    kept = [
        image for image in progress(images, 'Sizes read') if min(image_size(root / image)) >= SIDE
    ]
    if len(kept) < len(images):
        print(f'Left out, smaller than {SIDE} px: {len(images) - len(kept)} images.')
    return kept


def read_official_val(root: Path, size: str, numbers: set[str], problems: Problems) -> list[str]:
    """Return the validation images of the categories with the given numbers."""
    path = problems.file(root / 'places365_val.txt')
    rows = problems.table(path, 2, 'Places365_val_00000001.jpg 165')
    names = sorted(name for name, number in rows if number in numbers)
    folder = problems.folder(root / f'val_{size}')
    present = files_in(folder, '.jpg')
    missing = [name for name in names if name not in present]
    if folder is not None and missing:
        problems.add(f'{path} lists images that are not in {folder}', missing)
    return [f'val_{size}/{name}' for name in names]


def run(args: argparse.Namespace) -> str:
    """Do what the arguments ask and return what to tell."""
    root = args.root
    problems = Problems(root, LAYOUT)
    wanted = read_wanted(args.categories, problems)
    sizes = [size for size in ('256', 'large') if (root / f'data_{size}').is_dir()]
    train, test = [], []
    if (root / 'train').is_dir():
        train, test = read_easy(root, wanted, problems)
    elif sizes:
        train, test = read_official(root, sizes[0], wanted, problems)
    else:
        problems.add(
            f'There is no folder {root / "train"}, {root / "data_256"} or {root / "data_large"}.'
        )
    problems.stop()
    if any(image.startswith('data_large') for image in train):
        # What was small to begin with lies among the large ones as it is.
        train, test = large_enough(root, train), large_enough(root, test)
    splits = dict(
        train=select_range(train, VAL_RATIO, 1), val=select_range(train, 0, VAL_RATIO), test=test
    )
    if args.check:
        return f'All is there: {len(wanted)} categories, {counts(splits)} images.'
    for split, images in splits.items():
        write_lines(root / f'inpainting_{split}.txt', images)
    return f'Wrote inpainting_*.txt to {root}: {len(wanted)} categories, {counts(splits)} images.'


ARGUMENTS = {
    '--categories': dict(
        type=Path, help='other categories, one a line (default: the 20 of docs/data.md)'
    )
}

if __name__ == '__main__':
    sys.exit(main(run, __doc__, None, ARGUMENTS))
