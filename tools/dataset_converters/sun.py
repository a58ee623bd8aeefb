#!/usr/bin/env python
"""Write scenes and objects of SUN2012 as annotation files for mmpretrain.

    python tools/dataset_converters/sun.py --root data/sun2012 [--check]

Adds ``attributes_{train,val,test}.json`` with 60 attributes: the 20 scene categories of
``places365.py`` and 40 objects. Every annotated image that has one of them is taken, about
80 : 10 : 10 by a checksum of its path.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection
import os
from pathlib import Path
import sys
from xml.etree import ElementTree

from layouts import Problems, counts, main, progress, write_attributes
from places365 import SCENES, plain, select_range

# 40 objects that are in many images of rooms, towns and nature, each with further names it has
# in the annotations. The paper does not list its 40.
OBJECTS = dict(
    wall=('walls', 'brick wall', 'stone wall'),
    window=('windows', 'window pane', 'windowpane'),
    floor=('flooring',),
    ceiling=(),
    door=('doors', 'double door', 'glass door'),
    chair=('chairs', 'swivel chair'),
    table=('tables', 'coffee table', 'dining table', 'side table'),
    cabinet=('cabinets', 'cupboard', 'cupboards'),
    bed=('beds',),
    sofa=('sofas', 'couch'),
    armchair=('armchairs',),
    desk=('desks',),
    shelf=('shelves', 'bookshelf', 'bookcase'),
    lamp=('lamps', 'ceiling lamp', 'desk lamp', 'floor lamp', 'table lamp', 'wall lamp'),
    curtain=('curtains',),
    cushion=('cushions', 'pillow', 'pillows'),
    painting=('paintings', 'picture', 'pictures'),
    mirror=('mirrors',),
    rug=('rugs', 'carpet'),
    plant=('plants', 'potted plant', 'plant pot', 'bush', 'bushes'),
    flower=('flowers',),
    book=('books',),
    stairs=('stair', 'staircase', 'stairway', 'steps'),
    column=('columns', 'pillar', 'pillars'),
    railing=('railings', 'handrail', 'banister'),
    fence=('fences',),
    streetlight=('streetlights', 'street light', 'street lamp'),
    building=('buildings', 'house', 'houses', 'skyscraper', 'skyscrapers'),
    sky=(),
    tree=('trees', 'palm tree', 'palm trees'),
    grass=('lawn',),
    ground=('earth', 'soil'),
    sand=('sand beach',),
    road=('roads', 'street', 'highway'),
    sidewalk=('sidewalks', 'pavement'),
    mountain=('mountains', 'hill', 'hills'),
    rock=('rocks', 'stone', 'stones'),
    water=('sea', 'sea water', 'river', 'river water', 'lake', 'lake water', 'ocean'),
    car=('cars',),
    person=('persons', 'people', 'man', 'woman', 'child'),
)
ATTRIBUTES = (*SCENES, *OBJECTS)
# What annotators add to the name of an object that is not wholly visible.
REMARKS = (' occluded', ' cropped', ' crop')
# The annotations were written by many hands: a fraction that may be broken, or without an image.
TOLERATED = 0.01
SPLIT_RANGES = dict(train=(0, 0.8), val=(0.8, 0.9), test=(0.9, 1))
LAYOUT = """
ROOT (SUN2012)
├── Images/<letter>/<category>/sun_*.jpg          such as Images/l/lake/natural/sun_*.jpg
└── Annotations/<letter>/<category>/sun_*.xml     of LabelMe: <annotation><object><name>
"""
_SCENE_NUMBERS = {name: i for i, name in enumerate(SCENES.values())}
_OBJECT_NUMBERS = {
    name: i
    for i, (object_, others) in enumerate(OBJECTS.items(), len(SCENES))
    for name in (object_, *others)
}


def find(folder: Path | None, ending: str) -> list[str]:
    """Return all files with an ending below a folder, sorted, relative and without the ending."""
    found = []
    for place, folders, names in os.walk(folder) if folder else ():
        folders.sort()
        where = Path(place).relative_to(folder).as_posix()
        found += [f'{where}/{n[: -len(ending)]}' for n in sorted(names) if n.endswith(ending)]
    return found


def object_number(name: str) -> int | None:
    """Return the number of the attribute that an object's name stands for."""
    name = ' '.join(name.lower().split())
    for remark in REMARKS:
        name = name.removesuffix(remark)
    return _OBJECT_NUMBERS.get(name)


def read_attributes(path: Path, category: str) -> list[int]:
    """Return the numbers of the attributes of an image: its scene and its objects."""
    numbers = {_SCENE_NUMBERS.get(category)}
    for element in ElementTree.parse(path).getroot().iter('object'):
        if (element.findtext('deleted') or '').strip() != '1':
            numbers.add(object_number(element.findtext('name') or ''))
    return sorted(numbers - {None})


def read(root: Path, problems: Problems) -> dict[str, list[int]]:
    """Return the attributes of each image that has any, by its path relative to the root."""
    images = set(find(problems.folder(root / 'Images'), '.jpg'))
    annotations = problems.folder(root / 'Annotations')
    stems = find(annotations, '.xml')
    if annotations is not None and not stems:
        problems.add(f'There is no .xml file below {annotations}.')
    missing = [f'{stem}.jpg' for stem in stems if stem not in images]
    few = TOLERATED * len(stems)
    if images and len(missing) > few:
        problems.add(f'Images with an annotation are not in {root / "Images"}', missing)
    found, broken = {}, []
    for stem in progress(stems, 'Annotations read', 2000):
        try:
            numbers = read_attributes(annotations / f'{stem}.xml', plain(str(Path(stem).parent)))
        except (ElementTree.ParseError, LookupError, ValueError) as error:
            broken.append(f'{annotations / stem}.xml ({error})')
            continue
        if numbers and stem in images:
            found[f'Images/{stem}.jpg'] = numbers
    if len(broken) > few:
        problems.add('Annotations are broken XML', broken)
    elif broken or missing:
        left_out = [*broken, *missing]
        print(
            f'Left out, as annotation or image is broken or missing ({len(left_out)}): '
            + ', '.join(left_out[:5])
        )
    return found


def absent(attributes: Collection[list[int]]) -> str:
    """Tell which of the 60 attributes no image has."""
    seen = {number for numbers in attributes for number in numbers}
    names = [name for number, name in enumerate(ATTRIBUTES) if number not in seen]
    return f' No image has: {", ".join(names)}.' if names else ''


def run(args: argparse.Namespace) -> str:
    """Do what the arguments ask and return what to tell."""
    root = args.root
    problems = Problems(root, LAYOUT)
    attributes = read(root, problems)
    seen = {number for numbers in attributes.values() for number in numbers}
    if attributes and not seen.intersection(_SCENE_NUMBERS.values()):
        problems.add(
            f'No folder below {root / "Annotations"} has the name of one of the scenes, '
            'such as b/beach or l/lake/natural.'
        )
    problems.stop()
    splits = {split: select_range(attributes, *part) for split, part in SPLIT_RANGES.items()}
    note = absent(attributes.values())
    if args.check:
        return f'All is there: {counts(splits)} images.{note}'
    for split, images in splits.items():
        write_attributes(
            root / f'attributes_{split}.json',
            ATTRIBUTES,
            ((image, attributes[image]) for image in images),
        )
    return f'Wrote attributes_*.json to {root}: {counts(splits)} images.{note}'


if __name__ == '__main__':
    sys.exit(main(run, __doc__, None))
