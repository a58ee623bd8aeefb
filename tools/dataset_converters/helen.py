#!/usr/bin/env python
"""Turn the soft label maps of Helen (Smith et al., CVPR 2013) into label maps for mmseg.

    python tools/dataset_converters/helen.py --root data/helen [--check]

Adds ``annotations/<stem>.png`` and ``segmentation_{train,val,test}.txt``, in the split that the
label maps come with.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
import sys

from layouts import (
    SPLITS,
    Problems,
    counts,
    faulty,
    files_in,
    image_size,
    main,
    progress,
    read_image,
    write_labels,
    write_lines,
)
import numpy as np

# Numbered as the maps are. Left is the left of the image.
REGIONS = (
    'background',
    'face_skin',
    'left_brow',
    'right_brow',
    'left_eye',
    'right_eye',
    'nose',
    'upper_lip',
    'inner_mouth',
    'lower_lip',
    'hair',
)
LISTS = dict(zip(SPLITS, ('exemplars.txt', 'tuning.txt', 'testing.txt')))
LAYOUT = """
ROOT (the content of SmithCVPR2013_dataset_resized)
├── images/<stem>.jpg
├── labels/<stem>/<stem>_lbl00.png ... <stem>_lbl10.png
├── exemplars.txt     train, lines like "1 , 100032540_1"
├── tuning.txt        val
└── testing.txt       test
"""


def map_names(stem: str) -> list[str]:
    """Return the names of the soft maps of an image."""
    return [f'{stem}_lbl{number:02}.png' for number in range(len(REGIONS))]


def read_lists(root: Path, problems: Problems) -> dict[str, list[str]]:
    """Return the images of each split."""
    splits: dict[str, list[str]] = {}
    for split, name in LISTS.items():
        rows = problems.table(problems.file(root / name), 2, '1 , 100032540_1', separator=',')
        splits[split] = [stem for _, stem in rows]
    times = Counter(stem for stems in splits.values() for stem in stems)
    repeated = [stem for stem, n in times.items() if n > 1]
    if repeated:
        problems.add(f'{", ".join(LISTS.values())} name more than once', repeated)
    return splits


def fault(root: Path, stem: str) -> str:
    """Say what is wrong with the maps of an image; an empty text if nothing is."""
    folder = root / 'labels' / stem
    present = files_in(folder if folder.is_dir() else None, '.png')
    absent = [name for name in map_names(stem) if name not in present]
    if absent:
        return f'{folder} lacks {" ".join(absent)}'
    size = image_size(root / 'images' / f'{stem}.jpg')
    other = [name for name in map_names(stem) if image_size(folder / name) != size]
    return f'{folder} holds maps of another size than the image: {" ".join(other)}' * bool(other)


def check_maps(root: Path, stems: list[str], problems: Problems) -> None:
    """Add the images and the maps that are missing or do not fit together."""
    folder = problems.folder(root / 'images')
    images = files_in(folder, '.jpg')
    missing = [f'{stem}.jpg' for stem in stems if f'{stem}.jpg' not in images]
    if folder is not None and missing:
        problems.add(f'Images are listed but not in {folder}', missing)
    if problems.folder(root / 'labels') is None:
        return
    there = [stem for stem in stems if f'{stem}.jpg' in images]
    faults = faulty(progress(there, 'Images checked', 1000), lambda stem: fault(root, stem))
    if faults:
        problems.add('Label maps are missing or wrong', faults)


def merge(folder: Path) -> np.ndarray:
    """Return the most probable region of each pixel."""
    soft = np.stack([read_image(folder / name) for name in map_names(folder.name)])
    return soft.argmax(0).astype(np.uint8)


def run(args: argparse.Namespace) -> str:
    """Do what the arguments ask and return what to tell."""
    root = args.root
    problems = Problems(root, LAYOUT)
    splits = read_lists(root, problems)
    stems = [stem for split in splits.values() for stem in split]
    check_maps(root, stems, problems)
    problems.stop()
    if args.check:
        return f'All is there: {counts(splits)} images.'
    for stem in progress(stems, 'Label maps written', 1000):
        write_labels(root / 'annotations' / f'{stem}.png', merge(root / 'labels' / stem))
    for split, names in splits.items():
        write_lines(root / f'segmentation_{split}.txt', names)
    return f'Wrote annotations/ and segmentation_*.txt to {root}: {counts(splits)} images.'


if __name__ == '__main__':
    sys.exit(main(run, __doc__, None))
