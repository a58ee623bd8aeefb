"""Restore the same holes by several models and draw them side by side."""

import argparse
from pathlib import Path
import sys

from boostgan_plugin.apis.command_line import exit_status
from boostgan_plugin.resources import prepare_process


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'cases',
        type=Path,
        help='a JSON list of {"image": FILE, "hole": [[[X, Y], ...], ...]}, such '
        'as docs/results/photos/removals.json; with "region": NAME for what '
        'the hole shall be',
    )
    parser.add_argument('--root', type=Path, default=Path(), help='where the files are')
    parser.add_argument(
        '--model',
        nargs='+',
        default=['telea', 'photos'],
        help='names of tools/inpaint.py --list-models, or files of weights',
    )
    parser.add_argument('--out', type=Path, required=True, help='.png or .jpg')
    return parser.parse_args(argv)


def draw(args: argparse.Namespace) -> None:
    """Write the sheet and say where."""
    from boostgan_plugin.apis.comparison import write_comparison

    print(write_comparison(args.cases, args.root, args.model, args.out))


def main(argv: list[str] | None = None) -> int:
    args = parse_args(argv)
    prepare_process()
    return exit_status(lambda: draw(args))


if __name__ == '__main__':
    sys.exit(main())
