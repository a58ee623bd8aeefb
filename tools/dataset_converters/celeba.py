#!/usr/bin/env python
"""Write the attributes of CelebA as annotation files for mmpretrain.

    python tools/dataset_converters/celeba.py --root data/celeba [--check]

Adds ``attributes_{train,val,test}.json``, in the split that CelebA comes with.
"""

from __future__ import annotations

import argparse
from pathlib import Path
import sys

from layouts import SPLITS, Problems, counts, files_in, main, write_attributes

# 18 of the 40. The paper does not list its own; each of these shows in a part of the face.
ATTRIBUTES = (
    'Bangs',
    'Big_Nose',
    'Black_Hair',
    'Blond_Hair',
    'Brown_Hair',
    'Bushy_Eyebrows',
    'Eyeglasses',
    'Gray_Hair',
    'Male',
    'Mouth_Slightly_Open',
    'Mustache',
    'No_Beard',
    'Rosy_Cheeks',
    'Smiling',
    'Wavy_Hair',
    'Wearing_Hat',
    'Wearing_Lipstick',
    'Young',
)
IMAGES = ('Img/img_align_celeba', 'img_align_celeba')
LABELS = ('Anno/list_attr_celeba.txt', 'list_attr_celeba.txt')
PARTITION = ('Eval/list_eval_partition.txt', 'list_eval_partition.txt')
LAYOUT = """
ROOT
├── Img/img_align_celeba/000001.jpg ...   or img_align_celeba/
├── Anno/list_attr_celeba.txt             or list_attr_celeba.txt
└── Eval/list_eval_partition.txt          or list_eval_partition.txt
"""


def read_partition(path: Path | None, problems: Problems) -> dict[str, str]:
    """Return the split of each image in ``list_eval_partition.txt``."""
    rows = problems.table(path, 2, '000001.jpg 0')
    numbers = dict(zip('012', SPLITS))
    unknown = [f'{name} {number}' for name, number in rows if number not in numbers]
    if unknown:
        problems.add(f'{path} must give 0 (train), 1 (val) or 2 (test); not so', unknown)
    partition = {name: numbers[number] for name, number in rows if number in numbers}
    if len(partition) + len(unknown) < len(rows):
        problems.add(f'{path} names images more than once.')
    return partition


def read_attributes(path: Path | None, problems: Problems) -> dict[str, list[int]]:
    """Return the numbers of the attributes that each image has."""
    names = (problems.lines(path)[1:2] or [''])[0].split()
    missing = [name for name in ATTRIBUTES if name not in names]
    if path is not None and missing:
        problems.add(f'{path} must name the attributes in its second line; not there', missing)
        return {}
    rows = problems.table(path, 1 + len(names), '000001.jpg -1 1 ...', skip=2)
    wrong = [row[0] for row in rows if not {'1', '-1'}.issuperset(row[1:])]
    if wrong:
        problems.add(f'{path} must have the values 1 and -1; not so for', wrong)
    columns = [1 + names.index(name) for name in ATTRIBUTES] if rows else []
    return {row[0]: [i for i, c in enumerate(columns) if row[c] == '1'] for row in rows}


def run(args: argparse.Namespace) -> str:
    """Do what the arguments ask and return what to tell."""
    root = args.root
    problems = Problems(root, LAYOUT)
    folder = problems.folder(*(root / place for place in IMAGES))
    partition_file = problems.file(*(root / place for place in PARTITION))
    attribute_file = problems.file(*(root / place for place in LABELS))
    partition = read_partition(partition_file, problems)
    attributes = read_attributes(attribute_file, problems)
    present = files_in(folder, '.jpg')
    missing = [name for name in partition if name not in present]
    if folder is not None and missing:
        problems.add(f'{partition_file} lists images that are not in {folder}', missing)
    unlabelled = [name for name in partition if name not in attributes]
    if attributes and unlabelled:
        problems.add(f'{attribute_file} has no line for images of {partition_file}', unlabelled)
    problems.stop()
    splits = {split: sorted(n for n, s in partition.items() if s == split) for split in SPLITS}
    if args.check:
        return f'All is there: {counts(splits)} images.'
    place = folder.relative_to(root).as_posix()
    for split, names in splits.items():
        write_attributes(
            root / f'attributes_{split}.json',
            ATTRIBUTES,
            ((f'{place}/{name}', attributes[name]) for name in names),
        )
    return f'Wrote attributes_*.json to {root}: {counts(splits)} images.'


if __name__ == '__main__':
    sys.exit(main(run, __doc__, None))
