"""Write a trained model as one file for use: .safetensors (with a model card) or .onnx."""

import argparse
from pathlib import Path
import sys

from boostgan_plugin.apis.command_line import exit_status
from boostgan_plugin.apis.exporting import export


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='of the training')
    parser.add_argument('checkpoint', nargs='?',
                        help='file or work directory; leave it out for models without weights')
    parser.add_argument('--out', type=Path, nargs='+', action='extend', required=True,
                        metavar='FILE', help='NAME.safetensors, NAME.onnx, or several')
    parser.add_argument('--metrics', type=Path, metavar='JSON',
                        help='metrics.json of tools/test.py, for the model card')
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    args = parse_args(argv)
    return exit_status(lambda: print(
        *export(args.config, args.checkpoint, args.out, args.metrics), sep='\n'))


if __name__ == '__main__':
    sys.exit(main())
