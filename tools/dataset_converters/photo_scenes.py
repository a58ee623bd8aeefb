#!/usr/bin/env python
"""Build labelled scenes out of open-licence photographs and cut-outs of Debian packages.

The photographs of places are those of ``debian_photographs.csv`` that are also in
``photo_scenes_backgrounds.csv``; photographed animals, things and plants with exact alpha masks
are in ``photo_scenes_objects.csv``. ``docs/data.md`` tells how to get the packages.

    python tools/dataset_converters/photo_scenes.py --packages DIR --out data/photo_scenes
    python tools/dataset_converters/photo_scenes.py --packages DIR --check
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
import csv
from dataclasses import dataclass
from pathlib import Path
import sys
import tempfile

import cv2
from debian_photographs import (
    LIST,
    SPLITS,
    Packages,
    Photograph,
    PhotographError,
    command,
    explain_missing,
    licences,
    pixels,
    read_list,
)
from layouts import progress, write, write_attributes, write_labels, write_lines
import numpy as np

BACKGROUNDS = Path(__file__).with_name('photo_scenes_backgrounds.csv')
OBJECTS = Path(__file__).with_name('photo_scenes_objects.csv')

#: Region classes; 0 is the photograph behind.
REGIONS = ('scene', 'bird', 'mammal', 'small_animal', 'food', 'flower', 'vehicle', 'object')
#: What a photograph of a place shows, then which objects are in the image.
ATTRIBUTES = ('sky', 'building', 'vegetation', 'rock', 'water', *REGIONS[1:])

#: Number of scenes, and the split of the photographs and cut-outs that they are made of. The
#: training sets d0, d1 and d2 of the paper are different scenes.
SETS = dict(
    d0=(4000, 'train'), d1=(4000, 'train'), d2=(4000, 'train'), val=(200, 'val'), test=(500, 'test')
)
#: Which sets are for inpainting, and which have which labels.
FOR_INPAINTING = ('d0', 'val', 'test')
WITH_ATTRIBUTES, WITH_REGIONS = ('d1', 'val', 'test'), ('d2', 'val', 'test')

#: Fraction of the image that an object has to cover to be in it.
VISIBLE = 0.005


@dataclass(frozen=True)
class Background:
    """A photograph of a place, (H, W, 3) uint8 BGR, and what it shows."""

    image: np.ndarray
    shows: frozenset[str]


@dataclass(frozen=True)
class CutOut:
    """An object, (H, W, 4) uint8 BGRA, and its region class."""

    image: np.ndarray
    category: int


@dataclass(frozen=True)
class Scene:
    """``image`` (S, S, 3) uint8 BGR, ``regions`` (S, S) uint8, ``attributes`` by name."""

    image: np.ndarray
    regions: np.ndarray
    attributes: frozenset[str]


def read_backgrounds() -> dict[Photograph, frozenset[str]]:
    """The photographs of places, and what each shows."""
    by_name = {photograph.name: photograph for photograph in read_list(LIST)}
    with BACKGROUNDS.open(newline='', encoding='utf-8') as file:
        return {
            by_name[row['name']]: frozenset(row['shows'].split()) for row in csv.DictReader(file)
        }


def read_objects() -> dict[Photograph, int]:
    """The cut-outs, and the region class of each."""
    with OBJECTS.open(newline='', encoding='utf-8') as file:
        return {_cut_out_of(row): REGIONS.index(row['category']) for row in csv.DictReader(file)}


def _cut_out_of(row: dict[str, str]) -> Photograph:
    """The package names one author and one licence for all its images."""
    return Photograph(
        name=row['name'],
        split=row['split'],
        package='tuxpaint-stamps-default',
        archive='',
        path=row['path'],
        author='Bill Kendrick and the contributors of Tux Paint Stamps',
        licence='GPL-2.0-or-later',
        title=row['name'].replace('_', ' '),
        source='https://tuxpaint.org/',
        sha256=row['sha256'],
    )


def compose(
    background: Background, cut_outs: Sequence[CutOut], size: int, rng: np.random.Generator
) -> Scene:
    """Paste one to three objects of different classes on a square of a photograph."""
    image = _square(background.image, size, rng).astype(np.float32)
    regions = np.zeros((size, size), np.uint8)
    for category in rng.permutation(range(1, len(REGIONS)))[: rng.choice((1, 2, 3))]:
        choices = [cut_out for cut_out in cut_outs if cut_out.category == category]
        _paste(choices[rng.integers(len(choices))], image, regions, rng)
    cover = np.bincount(regions.ravel(), minlength=len(REGIONS)) / regions.size
    visible = {name for name, ratio in zip(REGIONS[1:], cover[1:]) if ratio >= VISIBLE}
    return Scene(image.round().astype(np.uint8), regions, background.shows | visible)


def _square(image: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """A random square of nearly the short side, possibly mirrored."""
    height, width = image.shape[:2]
    side = round(min(height, width) * rng.uniform(0.9, 1))
    top, left = rng.integers(height - side + 1), rng.integers(width - side + 1)
    square = cv2.resize(
        image[top : top + side, left : left + side], (size, size), interpolation=cv2.INTER_AREA
    )
    return square[:, :: rng.choice((-1, 1))]


def _paste(
    cut_out: CutOut, image: np.ndarray, regions: np.ndarray, rng: np.random.Generator
) -> None:
    """Blend in place by the alpha mask; a pixel belongs to what makes most of it."""
    size = len(regions)
    patch = _scaled(cut_out.image, size, rng)[:, :: rng.choice((-1, 1))].astype(np.float32)
    height, width = patch.shape[:2]
    # Things stand in the lower part of an image more often than in the sky.
    top = round((size - height) * np.sqrt(rng.random()))
    left = rng.integers(size - width + 1)
    area = slice(top, top + height), slice(left, left + width)
    alpha = patch[..., 3:] / 255
    image[area] = np.clip(patch[..., :3] * rng.uniform(0.85, 1.1), 0, 255) * alpha + (
        image[area] * (1 - alpha)
    )
    regions[area][alpha[..., 0] > 0.5] = cut_out.category


def _scaled(image: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """The longer side a third to two thirds of the scene, if the cut-out is large enough.

    Colours are weighted by alpha, so that none bleeds in from where nothing is seen.
    """
    scale = min(rng.uniform(0.33, 0.67) * size / max(image.shape[:2]), 1.6 * size / 256)
    height, width = (max(1, round(side * scale)) for side in image.shape[:2])
    weighted = image.astype(np.float32)
    weighted[..., :3] *= weighted[..., 3:] / 255
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = cv2.resize(weighted, (width, height), interpolation=interpolation).clip(0, 255)
    alpha = scaled[..., 3:]
    scaled[..., :3] = np.divide(
        scaled[..., :3] * 255, alpha, where=alpha > 0, out=np.zeros_like(scaled[..., :3])
    )
    return scaled.clip(0, 255).round().astype(np.uint8)


def write_set(
    name: str,
    backgrounds: Sequence[Background],
    cut_outs: Sequence[CutOut],
    out: Path,
    count: int,
    size: int,
) -> None:
    """Write the scenes of one set, and the lists and labels of its split that it makes."""
    labels = {}
    for index in progress(range(count), f'Scenes of {name}', 1000):
        # Sets differ by the seed; so does each scene.
        rng = np.random.default_rng([list(SETS).index(name), index])
        scene = compose(backgrounds[rng.integers(len(backgrounds))], cut_outs, size, rng)
        stem = f'{name}/{index:05d}'
        jpeg = cv2.imencode('.jpg', scene.image, [cv2.IMWRITE_JPEG_QUALITY, 95])[1]
        write(out / f'images/{stem}.jpg', jpeg.tobytes())
        if name in WITH_REGIONS:
            write_labels(out / f'annotations/{stem}.png', scene.regions)
        labels[stem] = [
            number for number, attribute in enumerate(ATTRIBUTES) if attribute in scene.attributes
        ]
    split = SETS[name][1]
    images = {f'images/{stem}.jpg': numbers for stem, numbers in labels.items()}
    if name in FOR_INPAINTING:
        write_lines(out / f'inpainting_{split}.txt', images)
    if name in WITH_REGIONS:
        write_lines(out / f'segmentation_{split}.txt', labels)
    if name in WITH_ATTRIBUTES:
        write_attributes(out / f'attributes_{split}.json', ATTRIBUTES, images.items())


def _decoded(packages: Packages, photograph: Photograph, flags: int) -> np.ndarray:
    data = np.frombuffer(packages.read(photograph), np.uint8)
    image = cv2.imdecode(data, flags)
    if image is None or (flags == cv2.IMREAD_UNCHANGED and image.shape[2:] != (4,)):
        raise PhotographError(
            f'{photograph.name} of {photograph.package} cannot be decoded as '
            'the image that it should be.'
        )
    return image


def _cropped(image: np.ndarray) -> np.ndarray:
    """Without the empty border around a cut-out."""
    left, top, width, height = cv2.boundingRect((image[..., 3] > 127).astype(np.uint8))
    return image[top : top + height, left : left + width]


def build(packages: Packages, out: Path, size: int, ratio: float) -> None:
    """Write all sets.

    Args:
        size: side of the scenes in pixels.
        ratio: of the number of scenes of each set.
    """
    if (out / 'images').exists():
        raise PhotographError(f'{out} holds scenes already: remove it or name another folder.')
    places, objects = read_backgrounds(), read_objects()
    for split in SPLITS:
        backgrounds = [
            Background(_decoded(packages, photograph, cv2.IMREAD_COLOR), shows)
            for photograph, shows in places.items()
            if photograph.split == split
        ]
        cut_outs = [
            CutOut(_cropped(_decoded(packages, photograph, cv2.IMREAD_UNCHANGED)), category)
            for photograph, category in objects.items()
            if photograph.split == split
        ]
        for name, (count, of) in SETS.items():
            if of == split:
                write_set(name, backgrounds, cut_outs, out, max(1, round(count * ratio)), size)
    parts = {f'{part.name}, in {part.split} scenes': part for part in (*places, *objects)}
    text = licences(
        parts,
        'Each scene joins a photograph with cut-outs, all scaled, and is under '
        'the GPL, version 3, which the licences of all parts allow.',
    )
    (out / 'LICENSES.md').write_text(text, encoding='utf-8')


def run(args: argparse.Namespace) -> str:
    """Do what the arguments ask and return what to tell."""
    wanted = [*read_backgrounds(), *read_objects()]
    with tempfile.TemporaryDirectory() as scratch:
        packages = Packages(args.packages, Path(scratch))
        missing = explain_missing(packages, wanted)
        if missing:
            raise PhotographError(missing)
        if args.check:
            return f'All {len(wanted)} images are there.'
        build(packages, args.out, args.size, args.ratio)
    return f'Wrote the scenes to {args.out}.'


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    return command(
        run,
        __doc__,
        argv,
        {
            '--size': dict(type=pixels, default=256, help='side in pixels (default 256)'),
            '--ratio': dict(type=float, default=1.0, help='of the number of scenes'),
            # The old name, for one release.
            '--share': dict(
                type=float, dest='ratio', default=argparse.SUPPRESS, help=argparse.SUPPRESS
            ),
        },
    )


if __name__ == '__main__':
    sys.exit(main())
