"""Small copies of the published data sets, in their true layouts, converted by our tools."""

from pathlib import Path
import sys

import cv2
from mmengine.config import Config
import numpy as np

from tests.conftest import ROOT, run_script

TOOLS = ROOT / 'tools/dataset_converters'
COUNT = 12
_RNG = np.random.default_rng(0)


def write_image(path: Path, width: int = 320, height: int = 300) -> None:
    """Coloured noise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    small = _RNG.integers(0, 256, (8, 10, 3), dtype=np.uint8)
    assert cv2.imwrite(str(path), cv2.resize(small, (width, height)))


def write_labels(path: Path, classes: int, width: int = 320, height: int = 300) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    small = _RNG.integers(0, classes, (8, 10), dtype=np.uint8)
    labels = cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST)
    assert cv2.imwrite(str(path), labels)


def write_text(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(''.join(f'{line}\n' for line in lines))


def convert(name: str, root: Path, *arguments: str) -> None:
    assert run_script(TOOLS / f'{name}.py', '--root', root, *arguments) == 0


def photographs(root: Path) -> None:
    """A folder of images that is split already."""
    for split in ('train', 'val', 'test'):
        for index in range(3):
            write_image(root / split / f'{index}.png')


def celeba(root: Path) -> None:
    names = [f'{index:06}.jpg' for index in range(1, COUNT + 1)]
    attributes = Config.fromfile(ROOT / 'configs/_base_/names/faces.py').attributes
    rows = [' '.join([name, *_RNG.choice(['1', '-1'], len(attributes))]) for name in names]
    write_text(root / 'Anno/list_attr_celeba.txt', [str(COUNT), ' '.join(attributes), *rows])
    write_text(root / 'Eval/list_eval_partition.txt', _partition(names))
    for name in names:
        write_image(root / 'Img/img_align_celeba' / name, 178, 218)
    convert('celeba', root)


def celebahq(root: Path) -> None:
    write_text(
        root / 'CelebA-HQ-to-CelebA-mapping.txt',
        ['idx orig_idx orig_file', *(f'{i} {i} {i + 1:06}.jpg' for i in range(COUNT))],
    )
    write_text(
        root / 'list_eval_partition.txt',
        _partition([f'{index:06}.jpg' for index in range(1, COUNT + 1)]),
    )
    for index in range(COUNT):
        write_image(root / f'CelebA-HQ-img/{index}.jpg')
        for part, left in dict(skin=0, l_eye=20, r_eye=200, hair=100).items():
            mask = np.zeros((512, 512, 3), np.uint8)
            mask[100:200, left : left + 80] = 255
            path = root / f'CelebAMask-HQ-mask-anno/0/{index:05}_{part}.png'
            path.parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(path), mask)
    convert('celebahq', root)


def helen(root: Path) -> None:
    for name, begin in dict(exemplars=0, tuning=4, testing=8).items():
        stems = [f'{index}_1' for index in range(begin, begin + 4)]
        write_text(root / f'{name}.txt', [f'{i} , {stem}' for i, stem in enumerate(stems, 1)])
        for stem in stems:
            write_image(root / f'images/{stem}.jpg', 200, 240)
            for part in range(11):
                write_labels(root / f'labels/{stem}/{stem}_lbl{part:02}.png', 256, 200, 240)
    convert('helen', root)


def places365(root: Path) -> None:
    categories = [f'c{index}' for index in range(2)]
    write_text(root / 'wanted.txt', categories)
    for category in categories:
        for index in range(200):
            # One in a hundred is set aside for validation; only few are ever read.
            path = root / f'train/{category}/{index:08}.jpg'
            if index:
                path.symlink_to(root / f'train/{category}/{0:08}.jpg')
            else:
                write_image(path, 256, 256)
        write_image(root / f'val/{category}/Places365_val_00000001.jpg', 256, 256)
    convert('places365', root, '--categories', str(root / 'wanted.txt'))


def sun(root: Path) -> None:
    for index in range(60):
        stem = f'b/beach/sun_{index:03}'
        write_image(root / f'Images/{stem}.jpg', 230, 200)
        write_text(
            root / f'Annotations/{stem}.xml',
            ['<annotation><object><name>sky</name></object></annotation>'],
        )
    convert('sun', root)


def ade20k(root: Path) -> None:
    for split, name in dict(training='train', validation='val').items():
        for index in range(4):
            stem = f'ADE_{name}_{index:08}'
            write_image(root / f'images/{split}/{stem}.jpg', 300, 200)
            write_labels(root / f'annotations/{split}/{stem}.png', 151, 300, 200)
    convert('ade20k', root)


def photo_scenes(root: Path) -> None:
    """Noise and squares in place of photographs and cut-outs."""
    sys.path.insert(0, str(TOOLS))
    try:
        import photo_scenes as converter
    finally:
        sys.path.remove(str(TOOLS))
    backgrounds = [
        converter.Background(
            _RNG.integers(0, 256, (280, 300, 3), dtype=np.uint8), frozenset({'sky'})
        )
    ]
    cut_outs = [
        converter.CutOut(np.full((90, 80, 4), 255, np.uint8), category)
        for category in range(1, len(converter.REGIONS))
    ]
    for name in converter.SETS:
        converter.write_set(name, backgrounds, cut_outs, root, 4, 256)


def own(root: Path) -> None:
    """Labels as docs/own_data.md has them."""
    rows = ['image,round,bright']
    for index in range(20):
        stem = f'{"ab"[index % 2]}/{index:02}'
        write_image(root / f'images/{stem}.jpg', 96, 80)
        if index < 14:
            rows.append(f'{stem}.jpg,{int(index % 5 == 3)},{int(index % 4 == 1)}')
        if index > 5:
            write_labels(root / f'regions/{stem}.png', 3, 96, 80)
    write_text(root / 'attributes.csv', rows)
    write_text(root / 'regions.txt', ['ground', 'thing', 'sky'])


def _partition(names: list[str]) -> list[str]:
    return [f'{name} {index % 3}' for index, name in enumerate(names)]


#: By the place where a config looks for them.
DATA = {
    'data/photographs': photographs,
    'data/photographs_open': photographs,
    'data/celeba': celeba,
    'data/celebahq': celebahq,
    'data/helen': helen,
    'data/places365': places365,
    'data/sun2012': sun,
    'data/ADEChallengeData2016': ade20k,
    'data/photo_scenes': photo_scenes,
    'data/own': own,
}
