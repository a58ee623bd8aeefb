#!/usr/bin/env python
"""Check ADE20K (the scene parsing challenge of 2016), which mmseg reads as it is published.

    python tools/dataset_converters/ade20k.py --root data/ADEChallengeData2016 [--check]

Writes nothing. Every label map is read, which takes some minutes.
"""

from __future__ import annotations

import argparse
from pathlib import Path
import sys

import cv2
from layouts import Problems, faulty, files_in, image_size, main, progress, read_image

CLASSES = 150
LAYOUT = """
ROOT
├── images/training/ADE_train_00000001.jpg ...
├── images/validation/ADE_val_00000001.jpg ...
├── annotations/training/ADE_train_00000001.png ...
└── annotations/validation/ADE_val_00000001.png ...
    (one channel: 0 for what has no class, 1 to 150)
"""


def pairs(root: Path, split: str, problems: Problems) -> list[tuple[Path, Path]]:
    """Return each image with its label map; add those that have no partner."""
    folders = root / 'images' / split, root / 'annotations' / split
    found = [problems.folder(folder) for folder in folders]
    images, maps = [
        {Path(name).stem for name in files_in(*args)} for args in zip(found, ('.jpg', '.png'))
    ]
    if None in found:
        return []
    if not images:
        problems.add(f'There is no image in {folders[0]}.')
    if images - maps:
        problems.add(f'Images without a label map in {folders[1]}', sorted(images - maps))
    if maps - images:
        problems.add(f'Label maps without an image in {folders[0]}', sorted(maps - images))
    return [(folders[0] / f'{s}.jpg', folders[1] / f'{s}.png') for s in sorted(images & maps)]


def fault(files: tuple[Path, Path]) -> str:
    """Say what is wrong with the label map of an image; an empty text if nothing is."""
    image, label_map = files
    labels = read_image(label_map, cv2.IMREAD_UNCHANGED)
    if labels.ndim != 2:
        return f'{label_map} has more than one channel'
    if labels.shape[::-1] != image_size(image):
        return f'{label_map} has another size than its image'
    if labels.max() > CLASSES:
        return f'{label_map} holds {labels.max()}, but 0 to {CLASSES} are allowed'
    return ''


def run(args: argparse.Namespace) -> str:
    """Check the data set and return what to tell."""
    problems = Problems(args.root, LAYOUT)
    files = [p for s in ('training', 'validation') for p in pairs(args.root, s, problems)]
    faults = faulty(progress(files, 'Label maps read', 2000), fault)
    if faults:
        problems.add('Label maps are wrong', faults)
    problems.stop()
    return f'All is there: {len(files)} images with their label maps. Nothing had to be written.'


if __name__ == '__main__':
    sys.exit(main(run, __doc__, None))
