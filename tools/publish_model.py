"""Write a checkpoint without what only goes on training, named after its content."""

import argparse
from pathlib import Path
import sys

from boostgan_plugin.apis.command_line import exit_status
from boostgan_plugin.resources import prepare_process


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('checkpoint', help='file or work directory')
    parser.add_argument('out_folder', type=Path)
    return parser.parse_args(argv)


def publish(args: argparse.Namespace) -> None:
    """Write the file and tell its name."""
    from boostgan_plugin.apis.publishing import publish

    print(publish(args.checkpoint, args.out_folder))


def main(argv: list[str] | None = None) -> int:
    args = parse_args(argv)
    prepare_process()
    return exit_status(lambda: publish(args))


if __name__ == '__main__':
    sys.exit(main())
