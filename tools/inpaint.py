"""Restore a photograph, or a folder of them: what the mask marks white is filled in.

Exit status: 0 all images were restored, 1 some were not, 2 none was; the reasons are at the end.
"""

from __future__ import annotations

import argparse
from pathlib import Path
import sys
from time import perf_counter
from typing import TYPE_CHECKING
import warnings

from boostgan_plugin.apis.command_line import exit_status
from boostgan_plugin.image_files import WRITABLE_EXTENSIONS, list_others
from boostgan_plugin.inference.backends import DETAILS
from boostgan_plugin.resources import prepare_process

if TYPE_CHECKING:
    import numpy as np

    from boostgan_plugin.inference.photo_inpainter import PhotoInpainter
    from boostgan_plugin.inference.restoration import InpaintResult

#: Rows in an image of before and after.
_MOST_ROWS = 24


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--image', type=Path, help='an image or a folder of images')
    parser.add_argument(
        '--mask',
        nargs='+',
        metavar=('MASK', 'NUMBER'),
        help='white = hole: an image for all images, a folder whose files have '
        "the images' names, or a box LEFT TOP RIGHT BOTTOM in pixels",
    )
    parser.add_argument(
        '--out',
        type=Path,
        help='of one image a file or a folder, of a folder a folder; .png keeps '
        'known pixels bit for bit',
    )
    parser.add_argument(
        '--set',
        nargs='+',
        default=[],
        metavar='ATTRIBUTE=VALUE',
        help='what the hole shall show, e.g. --set Eyeglasses=1 Smiling=0',
    )
    parser.add_argument(
        '--region',
        nargs='+',
        default=[],
        metavar='REGION=MASK',
        help='where a region shall be, e.g. --region hair=hair.png',
    )
    parser.add_argument(
        '--segmentation',
        type=Path,
        metavar='LABELS',
        help='an image of region numbers, 255 = as read',
    )
    parser.add_argument(
        '--list-attributes',
        action='store_true',
        help='print the attributes and regions that the model knows, and stop',
    )
    parser.add_argument(
        '--grid',
        type=Path,
        metavar='IMAGE',
        help=f'also write before, regions and after (of the first {_MOST_ROWS})',
    )
    parser.add_argument(
        '--model',
        help='a name of --list-models, a .safetensors or .onnx file, or a config; '
        'default: photos, or faces where --set or --region tell what faces '
        'have',
    )
    parser.add_argument(
        '--list-models',
        action='store_true',
        help='print the models that have a name and what they know, and stop',
    )
    parser.add_argument('--weights', help='of a config: checkpoint or work directory')
    parser.add_argument('--device', help='e.g. cpu, cuda:0 (default: the best there is)')
    parser.add_argument(
        '--context', type=float, help='side of what is looked at, in sides of the hole'
    )
    parser.add_argument(
        '--detail',
        choices=DETAILS,
        help='of large holes: as the model makes them, enlarged (off), or remade '
        'of known patches of the photograph (patches); default as the model '
        'is meant to be used',
    )
    parser.add_argument(
        '--grow',
        type=int,
        default=0,
        metavar='PIXELS',
        help='make holes larger than their masks, for shadows and halos',
    )
    parser.add_argument(
        '--blend',
        type=int,
        default=0,
        metavar='PIXELS',
        help='let what is restored fade into the photograph over so many pixels '
        'outside the hole (default: %(default)s, no pixel outside changes)',
    )
    args = parser.parse_args(argv)
    if args.grid and args.grid.suffix.lower() not in WRITABLE_EXTENSIONS:
        parser.error(f'--grid {args.grid}: give the name of an image, such as grid.png')
    missing = [name for name in ('image', 'mask', 'out') if getattr(args, name) is None]
    if missing and not (args.list_attributes or args.list_models):
        parser.error(f'--{", --".join(missing)} must be given')
    if args.weights and not args.model:
        parser.error('--weights goes with a config: give --model')
    if args.segmentation and not args.model:
        parser.error('--segmentation: whose numbers are these? Give --model')
    return args


def read_options(args: argparse.Namespace) -> dict:
    """What is told: arguments of :meth:`PhotoInpainter.requests`."""
    if args.region and args.segmentation:
        raise ValueError('give --region or --segmentation, not both')
    attributes = dict(_split(text, 'Eyeglasses=1') for text in args.set)
    regions = dict(_split(text, 'hair=hair.png') for text in args.region)
    return dict(attributes=attributes, segmentation=regions or args.segmentation)


def read_mask_argument(parts: list[str]) -> str | tuple[int, ...]:
    """A path, or a box."""
    if len(parts) == 1:
        return parts[0]
    if len(parts) != 4 or not all(part.isdigit() for part in parts):
        raise ValueError(
            f'--mask {" ".join(parts)}: expected one path, or a box of four whole '
            'numbers, LEFT TOP RIGHT BOTTOM'
        )
    return tuple(map(int, parts))


def restore_all(
    photos: PhotoInpainter, args: argparse.Namespace, options: dict
) -> dict[Path, str | None]:
    """Restore image by image; what went wrong with each, None where nothing did.

    Args:
        options: of :func:`read_options`.
    """
    from rich.progress import track

    from boostgan_plugin.inference.images import to_bytes
    from boostgan_plugin.inference.knowledge import knowledge_of
    from boostgan_plugin.inference.photo_inpainter import (
        images_in,
        refuse_overwriting,
        targets_of,
        unread_in,
    )

    is_folder = args.image.is_dir()
    images = images_in(args.image) if is_folder else [args.image]
    if is_folder and args.out.is_file():
        raise ValueError(f'{args.image} is a folder, but {args.out} is a file')
    mask = read_mask_argument(args.mask)
    if args.grid:
        refuse_overwriting([args.grid], (args.image, mask, options['segmentation']))
    photos.check_edits(**options)
    targets = targets_of(images, args.out, is_folder)
    outcomes = dict.fromkeys(
        unread_in(args.image) if is_folder else [],
        'it is of a format that is not read, or a link that leads nowhere; save it as PNG',
    )
    rows, strange = [], []
    knowledge = knowledge_of(args.model)
    for image, out in track(list(zip(images, targets)), 'Restoring', disable=not is_folder):
        start = perf_counter()
        try:
            (done,) = photos.restore(
                list(photos.requests([image], mask, out=out, **options)),
                show_semantics=bool(args.grid),
            )
            rows += [photos.draw(image, done)] if args.grid else []
            outcomes[image] = None
            if knowledge and knowledge.is_strange(to_bytes(done.image.pixels)):
                strange.append(image)
            if not is_folder:
                print(_describe(image, done, args.model, start))
        except (ValueError, OSError, RuntimeError) as error:
            outcomes[image] = str(error)
        del rows[_MOST_ROWS:]
    if is_folder:
        _tell_others(args.image, outcomes)
    if rows:
        write_grid(rows, args.grid)
    if strange:
        print(
            f'unlike all that {args.model} knows: {", ".join(map(str, strange[:3]))}'
            f'{" and others" if len(strange) > 3 else ""}; see --list-models for others',
            file=sys.stderr,
        )
    return outcomes


def _tell_others(folder: Path, outcomes: dict[Path, str | None]) -> None:
    """Name what is in a folder and no image."""
    others = [path.name for path in list_others(folder) if path not in outcomes]
    if others:
        print(f'left out, no images: {", ".join(others)}', file=sys.stderr)


def _describe(image: Path, done: InpaintResult, model: str, start: float) -> str:
    height, width = done.hole.shape
    return (
        f'restored: {image} ({width} x {height}, {done.hole.sum():,} pixels) -> {done.target} '
        f'by {model} in {perf_counter() - start:.1f} s'
    )


def write_grid(rows: list[np.ndarray], path: Path) -> None:
    """Write rows (H, W, 3) uint8 RGB, each with its own size, below each other."""
    import numpy as np

    from boostgan_plugin.inference.images import ImageData, save_image

    width = max(row.shape[1] for row in rows)
    save_image(
        ImageData(
            np.vstack(
                [
                    np.pad(row, ((0, 0), (0, width - row.shape[1]), (0, 0)), constant_values=255)
                    for row in rows
                ]
            )
        ),
        path,
    )


def run(args: argparse.Namespace) -> int:
    """Do what the arguments say; the exit status."""
    from boostgan_plugin.apis.loading import default_model, known_models, load_backend
    from boostgan_plugin.inference.photo_inpainter import Finish, PhotoInpainter

    if args.list_models:
        print(*(f'{name:<16}{summary}' for name, summary in known_models().items()), sep='\n')
        return 0
    options = read_options(args)
    if args.model is None:
        args.model = default_model(options['attributes'], options['segmentation'] or ())
    finish = Finish(args.detail, args.grow, args.blend)
    # Their remarks, made while they are imported and built, are for those who train.
    warnings.filterwarnings('ignore', module=r'(mmcv|mmseg)\.')
    backend = load_backend(args.model, args.weights, args.device, args.context)
    photos = PhotoInpainter(backend, finish)
    if args.list_attributes:
        print('attributes:', *photos.attributes)
        print('regions:', *photos.classes)
        return 0
    start, outcomes = perf_counter(), restore_all(photos, args, options)
    failed = {image: reason for image, reason in outcomes.items() if reason}
    if args.image.is_dir():
        print(
            f'restored: {len(outcomes) - len(failed)} of {len(outcomes)} images -> {args.out} in '
            f'{perf_counter() - start:.1f} s'
        )
    for image, reason in failed.items():
        print(f'not restored: {image}: {reason}', file=sys.stderr)
    return 0 if not failed else 2 if len(failed) == len(outcomes) else 1


def _split(text: str, example: str) -> tuple[str, str]:
    name, equals, value = text.partition('=')
    if not (name and equals and value):
        raise ValueError(f'{text}: expected NAME=VALUE, such as {example}')
    return name, value


def main(argv: list[str] | None = None) -> int:
    args = parse_args(argv)
    prepare_process()
    return exit_status(lambda: run(args))


if __name__ == '__main__':
    sys.exit(main())
