"""Write a trained model as one file for use: .safetensors (with a model card) or .onnx."""

import argparse
from pathlib import Path
import sys

from boostgan_plugin.apis.command_line import exit_status
from boostgan_plugin.resources import prepare_process


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'model',
        metavar='config',
        help='of the training; for .onnx also a .safetensors file, or the name of '
        'weights that come with the package, such as faces',
    )
    parser.add_argument(
        'checkpoint',
        nargs='?',
        help='file or work directory; leave it out for models without weights',
    )
    parser.add_argument(
        '--out',
        type=Path,
        nargs='+',
        action='extend',
        required=True,
        metavar='FILE',
        help='NAME.safetensors, NAME.onnx, or several',
    )
    parser.add_argument(
        '--metrics',
        type=Path,
        metavar='JSON',
        help='metrics.json of tools/test.py, for the model card',
    )
    parser.add_argument(
        '--share-weights',
        action='store_true',
        help='NAME.onnx takes its weights from NAME.safetensors beside it',
    )
    parser.add_argument(
        '--licence',
        default='Apache-2.0',
        metavar='SPDX',
        help='of the weights, for the model card (default: %(default)s)',
    )
    parser.add_argument(
        '--training-images',
        type=Path,
        metavar='MD',
        help='list of what they were trained on, with authors and licences, which '
        'then goes with them, as tools/dataset_converters write it',
    )
    return parser.parse_args(argv)


def export(args: argparse.Namespace) -> None:
    """Write the files and tell of each."""
    from boostgan_plugin.apis.exporting import export
    from boostgan_plugin.inference.model_card import Licence

    print(
        *export(
            args.model,
            args.checkpoint,
            args.out,
            args.metrics,
            args.share_weights,
            Licence(args.licence, args.training_images),
        ),
        sep='\n',
    )


def main(argv: list[str] | None = None) -> int:
    args = parse_args(argv)
    prepare_process()
    return exit_status(lambda: export(args))


if __name__ == '__main__':
    sys.exit(main())
