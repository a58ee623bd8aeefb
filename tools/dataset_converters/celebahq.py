#!/usr/bin/env python
"""Split CelebA-HQ as CelebA is split, and merge the masks of CelebAMask-HQ into label maps.

    python tools/dataset_converters/celebahq.py --root data/celebahq [--check]

Adds ``inpainting_{train,val,test}.txt`` and, where the masks are there,
``annotations/<number>.png`` with ``segmentation_{train,val,test}.txt``. An image is in the split
that its original has in CelebA: the attribute network learns from the training images of CelebA
and must not know a test face.
"""

from __future__ import annotations

import argparse
from itertools import islice
from pathlib import Path
import sys

from celeba import read_partition
import cv2
from helen import REGIONS
from layouts import (
    SPLITS,
    LayoutError,
    Problems,
    counts,
    files_in,
    image_size,
    main,
    progress,
    read_image,
    write_labels,
    write_lines,
)
import numpy as np

IMAGES = 'CelebA-HQ-img'
MASKS = 'CelebAMask-HQ-mask-anno'
MAPPING = 'CelebA-HQ-to-CelebA-mapping.txt'
FOLDER_SIZE = 2000
LAYOUT = f"""
ROOT (CelebAMask-HQ)
├── {IMAGES}/0.jpg ... 29999.jpg
├── {MASKS}/0/00000_skin.png ... 14/29999_skin.png   not needed for image lists
├── {MAPPING}     lines like "0 119613 119614.jpg"
└── list_eval_partition.txt             of CelebA; or name it with --partition
"""

# Drawn one over the other in the order in which the makers number their parts, but glasses under
# all that they may cover. The regions are those of Helen, whose face skin is without ears and
# neck, which has no class for what is worn, and which labels a face as if it had no glasses.
# Left is the left of the image in both sets; the code makes sure of it.
PARTS = dict(
    skin='face_skin',
    eye_g='face_skin',
    nose='nose',
    l_eye='left_eye',
    r_eye='right_eye',
    l_brow='left_brow',
    r_brow='right_brow',
    l_ear='background',
    r_ear='background',
    mouth='inner_mouth',
    u_lip='upper_lip',
    l_lip='lower_lip',
    hair='hair',
    hat='background',
    ear_r='background',
    neck_l='background',
    neck='background',
    cloth='background',
)
MIRRORED = PARTS | dict(
    l_eye='right_eye', r_eye='left_eye', l_brow='right_brow', r_brow='left_brow'
)


def read_mapping(path: Path | None, problems: Problems) -> dict[int, str]:
    """Return the name in CelebA of each image of CelebA-HQ."""
    rows = problems.table(path, 3, '0 119613 119614.jpg', skip=1)
    wrong = [row[0] for row in rows if not row[0].isdecimal()]
    if wrong:
        problems.add(f'{path} must begin each line with a number; not so', wrong)
    return {int(row[0]): row[2] for row in rows if row[0].isdecimal()}


def read_splits(args: argparse.Namespace, problems: Problems) -> dict[str, list[int]]:
    """Return the numbers of the images of each split."""
    root = args.root
    mapping = read_mapping(problems.file(root / MAPPING), problems)
    path = problems.file(args.partition or root / 'list_eval_partition.txt')
    partition = read_partition(path, problems)
    unknown = [name for name in mapping.values() if name not in partition]
    if partition and unknown:
        problems.add(f'{path} has no line for images of {root / MAPPING}', unknown)
    folder = problems.folder(root / IMAGES)
    present = files_in(folder, '.jpg')
    wanted = {f'{number}.jpg' for number in mapping}
    if folder is not None and wanted - present:
        problems.add(
            f'{root / MAPPING} lists images that are not in {folder}', sorted(wanted - present)
        )
    if mapping and present - wanted:
        problems.add(
            f'{folder} holds images that {root / MAPPING} does not list', sorted(present - wanted)
        )
    splits: dict[str, list[int]] = {split: [] for split in SPLITS}
    for number, name in sorted(mapping.items()):
        if name in partition:
            splits[partition[name]].append(number)
    return splits


def read_parts(root: Path, numbers: list[int], problems: Problems) -> dict[int, dict[str, Path]]:
    """Return the masks of each image by the name of their part."""
    parts: dict[int, dict[str, Path]] = {number: {} for number in numbers}
    unknown = []
    for index in sorted({number // FOLDER_SIZE for number in numbers}):
        folder = problems.folder(root / MASKS / str(index))
        for name in sorted(files_in(folder, '.png')):
            number, _, part = name[: -len('.png')].partition('_')
            if part not in PARTS or not number.isdecimal():
                unknown.append(f'{index}/{name}')
            elif int(number) // FOLDER_SIZE == index and int(number) in parts:
                parts[int(number)][part] = folder / name
    if unknown:
        problems.add(f'Masks of no known part in {root / MASKS}', unknown)
    bare = [number for number in numbers if not parts[number]]
    if bare:
        problems.add(f'{root / MASKS}/<number // {FOLDER_SIZE}> has no mask for images', bare)
    return parts


def is_mirrored(parts: dict[int, dict[str, Path]]) -> bool:
    """Tell whether in most of some faces the mask ``l_eye`` lies on the right of ``r_eye``."""
    both = (masks for masks in parts.values() if {'l_eye', 'r_eye'} <= masks.keys())
    votes = []
    for masks in islice(both, 50):
        left, right = (
            np.flatnonzero(read_image(masks[name]).any(0)) for name in ('l_eye', 'r_eye')
        )
        if len(left) and len(right):
            votes.append(left.mean() > right.mean())
    return sum(votes) > len(votes) / 2


def merge(masks: dict[str, Path], regions: dict[str, str], size: tuple[int, int]) -> np.ndarray:
    """Return the label map of an image, in the image's size."""
    labels: np.ndarray | None = None
    for part in (part for part in regions if part in masks):
        mask = read_image(masks[part]) > 127
        if labels is None:
            labels = np.zeros(mask.shape, np.uint8)
        if mask.shape != labels.shape:
            raise LayoutError(f'{masks[part]} has another size than the masks beside it.')
        labels[mask] = REGIONS.index(regions[part])
    return cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST)


def write_maps(root: Path, parts: dict[int, dict[str, Path]]) -> None:
    """Write the label maps of all images."""
    regions = MIRRORED if is_mirrored(parts) else PARTS
    for number, masks in progress(parts.items(), 'Label maps written', 1000):
        size = image_size(root / IMAGES / f'{number}.jpg')
        write_labels(root / 'annotations' / f'{number}.png', merge(masks, regions, size))


def run(args: argparse.Namespace) -> str:
    """Do what the arguments ask and return what to tell."""
    root = args.root
    problems = Problems(root, LAYOUT)
    splits = read_splits(args, problems)
    numbers = sorted(number for split in splits.values() for number in split)
    has_masks = (root / MASKS).is_dir()
    parts = read_parts(root, numbers, problems) if has_masks else {}
    problems.stop()
    note = '' if has_masks else f' There is no {root / MASKS}: image lists only, no label maps.'
    if args.check:
        return f'All is there: {counts(splits)} images.{note}'
    if has_masks:
        write_maps(root, parts)
    for split, members in splits.items():
        write_lines(
            root / f'inpainting_{split}.txt', (f'{IMAGES}/{number}.jpg' for number in members)
        )
        if has_masks:
            write_lines(root / f'segmentation_{split}.txt', map(str, members))
    return f'Wrote lists{" and annotations/" * has_masks} to {root}: {counts(splits)} images.{note}'


ARGUMENTS = {
    '--partition': dict(type=Path, help="CelebA's list_eval_partition.txt (default: that in ROOT)")
}

if __name__ == '__main__':
    sys.exit(main(run, __doc__, None, ARGUMENTS))
