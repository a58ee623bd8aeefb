"""Draw a sheet of restorations of random test images: input, restored, original."""

import argparse
from pathlib import Path
import sys

from boostgan_plugin.apis.command_line import exit_status
from boostgan_plugin.resources import prepare_process


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'config', help='whose test images are taken, such as configs/benchmarks/edits_faces.py'
    )
    parser.add_argument(
        '--model', default='faces', help='as of tools/inpaint.py (default: %(default)s)'
    )
    parser.add_argument('--weights', help='of a config: checkpoint or work directory')
    parser.add_argument('--count', type=int, default=48)
    parser.add_argument('--columns', type=int, default=4)
    parser.add_argument('--seed', type=int, default=0, help='says which images are taken')
    parser.add_argument('--out', type=Path, required=True, help='.png or .jpg')
    return parser.parse_args(argv)


def draw(args: argparse.Namespace) -> None:
    """Write the sheet and say where."""
    from boostgan_plugin.apis import InpaintingInferencer, load_config
    from boostgan_plugin.apis.montage import write_montage

    inferencer = InpaintingInferencer(args.model, args.weights)
    print(
        write_montage(
            load_config(args.config), inferencer, args.out, args.count, args.columns, args.seed
        )
    )


def main(argv: list[str] | None = None) -> int:
    args = parse_args(argv)
    prepare_process()
    return exit_status(lambda: draw(args))


if __name__ == '__main__':
    sys.exit(main())
