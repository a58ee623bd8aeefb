"""A folder of images with labels of one's own, as a person writes them.

::

    my/images/*            any format, in folders or not
    my/attributes.csv      image, then a column for each attribute; 0 or 1
    my/regions/*.png       class numbers, named and sized as their images
    my/regions.txt         the names of the classes, one a line, number 0 first
    my/train.txt           images of a split, one a line; also val.txt, test.txt (all or none)
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
import csv
from dataclasses import dataclass
from pathlib import Path
import zlib

from PIL import Image

from .path_list import PathList

SPLITS = ('train', 'val', 'test')
LAYOUT = 'expected images/, attributes.csv, regions/ and regions.txt in it, see docs/own_data.md'
#: Fraction of the images for validation, and for testing.
_SHARE = 0.1
#: EXIF's orientation, and those of its values that exchange width and height.
_ORIENTATION, _LYING = 274, (5, 6, 7, 8)


@dataclass(frozen=True)
class LabelledFolder:
    """What is in a folder of one's own.

    Attributes:
        root: the folder.
        attributes: their names, N1 of them.
        regions: names of the classes, in the order of their numbers.
        scores: by image, 0 or 1 for each attribute.
        maps: by image, the label map's path below ``root``.
        splits: images of each of :data:`SPLITS`, sorted; paths below ``images``.
    """

    root: Path
    attributes: tuple[str, ...]
    regions: tuple[str, ...]
    scores: Mapping[str, tuple[int, ...]]
    maps: Mapping[str, str]
    splits: Mapping[str, tuple[str, ...]]

    def labelled(self, split: str, labels: str | None) -> tuple[str, ...]:
        """The images of a split that have ``labels``: 'attributes', 'regions', None for all."""
        known = dict(attributes=self.scores, regions=self.maps).get(labels)
        return tuple(image for image in self.splits[split] if known is None or image in known)


def read_labelled_folder(root: str | Path) -> LabelledFolder:
    """Read and look through what a person has written; images are listed, not opened.

    Raises:
        FileNotFoundError: something is missing.
        ValueError: something is written otherwise than expected; names the file, the line and
            what is allowed.
    """
    root = Path(root)
    for name in ('images', 'attributes.csv', 'regions', 'regions.txt'):
        if not (root / name).exists():
            raise FileNotFoundError(f'{root / name} does not exist: {LAYOUT}')
    paths = PathList.from_folder(root / 'images')
    images = tuple(paths[index] for index in range(len(paths)))
    if not images:
        raise FileNotFoundError(
            f'{root / "images"} holds no image: expected files such as .jpg, .png, .webp, .tif'
        )
    regions = _region_names(root / 'regions.txt')
    attributes, scores = _read_attributes(root / 'attributes.csv', images)
    maps = dict(_pair_maps(root, images))
    splits = _read_splits(root, images) or _split(images, scores, maps)
    folder = LabelledFolder(root, attributes, regions, scores, maps, splits)
    _check_splits(folder)
    return folder


# Labels -----------------------------------------------------------------------------------------


def _region_names(path: Path) -> tuple[str, ...]:
    names = _lines(path)
    if len(names) < 2:
        raise ValueError(
            f'{path} names {len(names)} classes; expected two or more, one a line, '
            'the first for the number 0'
        )
    if len(names) > 255:
        raise ValueError(
            f'{path} names {len(names)} classes; at most 255 are possible, as 255 is '
            'for unknown places'
        )
    _refuse_twice(names, path)
    return names


def _read_attributes(
    path: Path, images: Sequence[str]
) -> tuple[tuple[str, ...], dict[str, tuple[int, ...]]]:
    with path.open(newline='', encoding='utf-8-sig') as file:
        rows = csv.reader(file, skipinitialspace=True)
        first, *names = [cell.strip() for cell in next(rows, [''])]
        if first != 'image' or not names or not all(names):
            raise ValueError(
                f'{path}, line 1: expected "image", then the name of each attribute, '
                'separated by commas'
            )
        _refuse_twice(names, path)
        known, scores = set(images), {}
        for row in rows:
            place = f'{path}, line {rows.line_num}'
            if not row:
                continue
            image, *cells = [cell.strip() for cell in row]
            if image not in known:
                raise ValueError(
                    f'{place}: there is no image {image!r} in {path.parent / "images"}'
                )
            if image in scores:
                raise ValueError(f'{place}: {image} has a row before')
            scores[image] = _scores(cells, names, place)
    if not scores:
        raise ValueError(
            f'{path} has no row below its names: expected one for each image whose '
            'attributes are known'
        )
    return tuple(names), scores


def _scores(cells: Sequence[str], names: Sequence[str], place: str) -> tuple[int, ...]:
    if len(cells) != len(names):
        raise ValueError(f'{place}: {len(cells)} values for {len(names)} attributes')
    for name, cell in zip(names, cells):
        if cell not in ('0', '1'):
            what = f'is {cell!r}' if cell else 'is empty'
            raise ValueError(
                f'{place}: {name} {what}; allowed are 0 and 1. Where not all '
                'attributes of an image are known, leave its row out'
            )
    return tuple(map(int, cells))


def _pair_maps(root: Path, images: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Images, and the label maps that have their names."""
    stems: dict[str, str] = {}
    for image in images:
        stem = str(Path(image).with_suffix(''))
        path = root / 'regions' / f'{stem}.png'
        if path.is_file():
            if stem in stems:
                raise ValueError(
                    f'{path} belongs to both {stems[stem]} and {image}: give one of '
                    'them another name'
                )
            stems[stem] = image
            yield image, str(path.relative_to(root))
    for path in sorted((root / 'regions').rglob('*')):
        stem = str(path.relative_to(root / 'regions').with_suffix(''))
        if (
            path.is_file()
            and not path.name.startswith('.')
            and (stem not in stems or path.suffix != '.png')
        ):
            raise ValueError(
                f'{path} belongs to no image: expected .png files, named as those in '
                f'{root / "images"}'
            )
    if not stems:
        raise FileNotFoundError(
            f'{root / "regions"} holds no label map: expected .png files, '
            f'named as their images in {root / "images"}'
        )


# Splits -----------------------------------------------------------------------------------------


def _read_splits(root: Path, images: Sequence[str]) -> dict[str, tuple[str, ...]] | None:
    paths = {split: root / f'{split}.txt' for split in SPLITS}
    there = [path for path in paths.values() if path.is_file()]
    if not there:
        return None
    known, split_of = set(images), {}
    for split, path in paths.items():
        if not path.is_file():
            raise FileNotFoundError(
                f'{path} does not exist, although {there[0]} does: write all three, or none'
            )
        for image in _lines(path):
            if image not in known:
                raise ValueError(f'{path}: there is no image {image!r} in {root / "images"}')
            if image in split_of:
                raise ValueError(f'{path}: {image} is in {split_of[image]}.txt, too')
            split_of[image] = split
    return {
        split: tuple(sorted(image for image in split_of if split_of[image] == split))
        for split in SPLITS
    }


def _split(images: Sequence[str], scores: Mapping, maps: Mapping) -> dict[str, tuple[str, ...]]:
    """About 80 : 10 : 10 by a checksum of the names, each kind of label alike; one at least."""
    kinds: dict[tuple[bool, bool], list[str]] = {}
    for image in sorted(images, key=lambda image: (zlib.crc32(image.encode()), image)):
        kinds.setdefault((image in scores, image in maps), []).append(image)
    found = {split: [] for split in SPLITS}
    for group in kinds.values():
        few = max(1, round(_SHARE * len(group))) if len(group) > len(SPLITS) else 0
        found['val'] += group[:few]
        found['test'] += group[few : 2 * few]
        found['train'] += group[2 * few :]
    return {split: tuple(sorted(group)) for split, group in found.items()}


def _check_splits(folder: LabelledFolder) -> None:
    for split in SPLITS:
        for labels, source in (
            (None, 'images'),
            ('attributes', 'attributes.csv'),
            ('regions', 'regions'),
        ):
            if not folder.labelled(split, labels):
                raise ValueError(
                    f'{folder.root / source}: no image of the split {split!r} is there. Label '
                    f'more images, or write {", ".join(f"{name}.txt" for name in SPLITS)} in '
                    f'{folder.root}'
                )


# Facts ------------------------------------------------------------------------------------------

#: Sides of images that are trained on, and how many images each is worth having.
_SIZES = {64: 0, 128: 2_000, 256: 10_000}
#: So many images are opened to see their sizes.
_OPENED = 1000


def facts_of(root: str | Path, wanted: Mapping[str, int] | None = None) -> dict:
    """What a config can take from a folder, see :func:`~boostgan_plugin.blanks.fill`.

    Args:
        wanted: of ``size`` and ``iters``, what a person wants otherwise.

    Raises:
        FileNotFoundError, ValueError: see :func:`read_labelled_folder`; or images are too small.
    """
    folder = read_labelled_folder(root)
    wanted = dict(wanted or {})
    images = sum(map(len, folder.splits.values()))
    size = wanted.get('size') or _size(folder, images)
    counts = {
        labels: len(folder.labelled('train', labels)) for labels in (None, 'attributes', 'regions')
    }
    facts = dict(
        attributes=list(folder.attributes),
        num_attributes=len(folder.attributes),
        regions=list(folder.regions),
        num_regions=len(folder.regions),
        size=size,
        # The attributes join at 16 x 16.
        downsample_factor=size // 16,
    )
    # Few steps for few images: with more, they would be learned by heart.
    for name, (count, least, most) in dict(
        iters=(2 * counts[None], 600, 200_000),
        attribute_iters=(counts['attributes'] // 2, 400, 20_000),
        region_iters=(counts['regions'], 400, 40_000),
    ).items():
        facts[name] = wanted.get('iters') or min(least + count, most)
        facts[name.replace('iters', 'warm_up')] = max(1, facts[name] // 20)
    return facts


def _size(folder: LabelledFolder, images: int) -> int:
    least = min(_short_sides(folder))
    fitting = [size for size, worth in _SIZES.items() if size <= least and worth <= images]
    if not fitting:
        raise ValueError(
            f'{folder.root / "images"}: an image has a short side of {least} px; '
            f'expected {min(_SIZES)} or more'
        )
    return max(fitting)


def _short_sides(folder: LabelledFolder) -> Iterator[int]:
    every = [image for split in SPLITS for image in folder.splits[split]]
    for image in every[:: -(-len(every) // _OPENED)]:
        path = folder.root / 'images' / image
        size = _size_of(path)
        if image in folder.maps and _size_of(folder.root / folder.maps[image]) != size:
            width, height = _size_of(folder.root / folder.maps[image])
            raise ValueError(
                f'{folder.root / folder.maps[image]} is {width} x {height}, its image '
                f'{size[0]} x {size[1]}: they must be of one size'
            )
        yield min(size)


def _size_of(path: Path) -> tuple[int, int]:
    """Width and height as seen."""
    try:
        with Image.open(path) as image:
            size = image.size
            return size[::-1] if image.getexif().get(_ORIENTATION) in _LYING else size
    except OSError as error:
        raise ValueError(f'{path} is no image that can be read: {error}') from error


# Helpers ----------------------------------------------------------------------------------------


def _lines(path: Path) -> tuple[str, ...]:
    lines = path.read_text(encoding='utf-8-sig').splitlines()
    return tuple(line.strip() for line in lines if line.strip())


def _refuse_twice(names: Sequence[str], path: Path) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f'{path}: {name!r} is there twice')
