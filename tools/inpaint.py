"""Restore a photograph, or a folder of them: what the mask marks white is filled in.

Exit status: 0 all images were restored, 1 some were not, 2 none was; the reasons are at the end.
"""

import argparse
from pathlib import Path
import sys
import warnings

import numpy as np
from rich.progress import track

# Their remarks, made while they are imported and built, are for those who train.
warnings.filterwarnings('ignore', module=r'(mmcv|mmseg)\.')

from boostgan_plugin.apis import InpaintingInferencer  # noqa: E402
from boostgan_plugin.apis.command_line import exit_status  # noqa: E402
from boostgan_plugin.apis.inferencer import images_in, refuse_overwriting  # noqa: E402
from boostgan_plugin.image_files import IMAGE_EXTENSIONS  # noqa: E402
from boostgan_plugin.inference.pictures import Picture, save_picture  # noqa: E402

#: Rows in a picture of before and after.
_MOST_ROWS = 24


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--image', type=Path, help='a picture or a folder of pictures')
    parser.add_argument('--mask', nargs='+', metavar=('MASK', 'NUMBER'),
                        help='white = hole: a picture for all images, a folder whose files have '
                             "the images' names, or a box LEFT TOP RIGHT BOTTOM in pixels")
    parser.add_argument('--out', type=Path,
                        help='of one image a file or a folder, of a folder a folder; .png keeps '
                             'known pixels bit for bit')
    parser.add_argument('--set', nargs='+', default=[], metavar='ATTRIBUTE=VALUE',
                        help='what the hole shall show, e.g. --set Eyeglasses=1 Smiling=0')
    parser.add_argument('--region', nargs='+', default=[], metavar='REGION=MASK',
                        help='where a region shall be, e.g. --region hair=hair.png')
    parser.add_argument('--segmentation', type=Path, metavar='LABELS',
                        help='a picture of region numbers, 255 = as read')
    parser.add_argument('--list-attributes', action='store_true',
                        help='print the attributes and regions that the model knows, and stop')
    parser.add_argument('--grid', type=Path, metavar='PICTURE',
                        help=f'also write before, regions and after (of the first {_MOST_ROWS})')
    parser.add_argument('--model', default='faces',
                        help='weights that come with the package, a .safetensors or .onnx file, '
                             'or a config (default: %(default)s)')
    parser.add_argument('--weights', help='of a config: checkpoint or work directory')
    parser.add_argument('--device', help='e.g. cpu, cuda:0 (default: the best there is)')
    parser.add_argument('--context', type=float,
                        help='side of what is looked at, in sides of the hole')
    args = parser.parse_args()
    if args.grid and args.grid.suffix.lower() not in IMAGE_EXTENSIONS:
        parser.error(f'--grid {args.grid}: give the name of a picture, such as grid.png')
    missing = [name for name in ('image', 'mask', 'out') if getattr(args, name) is None]
    if missing and not args.list_attributes:
        parser.error(f'--{", --".join(missing)} must be given')
    return args


def read_options(args: argparse.Namespace) -> dict:
    """Arguments of the inferencer's call."""
    if args.region and args.segmentation:
        raise ValueError('give --region or --segmentation, not both')
    attributes = dict(_split(text, 'Eyeglasses=1') for text in args.set)
    regions = dict(_split(text, 'hair=hair.png') for text in args.region)
    return dict(attributes=attributes, segmentation=regions or args.segmentation,
                show_semantics=args.grid is not None, draw=args.grid is not None)


def read_mask_argument(parts: list[str]) -> str | tuple[int, ...]:
    """A path, or a box."""
    if len(parts) == 1:
        return parts[0]
    if len(parts) != 4 or not all(part.isdigit() for part in parts):
        raise ValueError(f'--mask {" ".join(parts)}: expected one path, or a box of four whole '
                         'numbers, LEFT TOP RIGHT BOTTOM')
    return tuple(map(int, parts))


def restore_all(inferencer: InpaintingInferencer, args: argparse.Namespace
                ) -> dict[Path, str | None]:
    """Restore image by image; what went wrong with each, None where nothing did."""
    is_folder = args.image.is_dir()
    images = images_in(args.image) if is_folder else [args.image]
    if is_folder and args.out.is_file():
        raise ValueError(f'{args.image} is a folder, but {args.out} is a file')
    mask, options = read_mask_argument(args.mask), read_options(args)
    if args.grid:
        refuse_overwriting([args.grid], (args.image, mask, options['segmentation']))
    inferencer.check_edits(options['attributes'], options['segmentation'])
    outcomes, rows = {}, []
    for image in track(images, 'Restoring', disable=not is_folder):
        try:
            out = args.out / image.name if is_folder else args.out
            rows += inferencer(image, mask, out=out, **options)['visualization']
            outcomes[image] = None
        except (ValueError, OSError, RuntimeError) as error:
            outcomes[image] = str(error)
        del rows[_MOST_ROWS:]
    if args.grid and rows:
        save_picture(Picture(np.vstack([_widen(row, rows) for row in rows])), args.grid)
    return outcomes


def run(args: argparse.Namespace) -> int:
    """Do what the arguments say; the exit status."""
    inferencer = InpaintingInferencer(args.model, args.weights, args.device, args.context)
    if args.list_attributes:
        print('attributes:', *inferencer.attributes)
        print('regions:', *inferencer.classes)
        return 0
    outcomes = restore_all(inferencer, args)
    failed = {image: reason for image, reason in outcomes.items() if reason}
    for image, reason in failed.items():
        print(f'not restored: {image}: {reason}', file=sys.stderr)
    return 0 if not failed else 2 if len(failed) == len(outcomes) else 1


def _split(text: str, example: str) -> tuple[str, str]:
    name, equals, value = text.partition('=')
    if not (name and equals and value):
        raise ValueError(f'{text}: expected NAME=VALUE, such as {example}')
    return name, value


def _widen(row: np.ndarray, rows: list[np.ndarray]) -> np.ndarray:
    width = max(other.shape[1] for other in rows)
    return np.pad(row, ((0, 0), (0, width - row.shape[1]), (0, 0)), constant_values=255)


if __name__ == '__main__':
    sys.exit(exit_status(lambda: run(parse_args())))
