"""Measure what happens when a person tells attributes and regions; writes tables, JSON, images.

The judges are other networks than those that guide the restoration; train them first, e.g. with
tools/train.py configs/embedders/attribute_faces_judge.py and segmentation_faces_regions_judge.py.
Started again, it goes on where it was interrupted.
"""

from __future__ import annotations

import argparse
from pathlib import Path
import sys

from boostgan_plugin.apis.command_line import exit_status
from boostgan_plugin.resources import prepare_process


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='such as configs/benchmarks/edits_faces.py')
    parser.add_argument(
        '--model', default='faces', help='as of tools/inpaint.py (default: %(default)s)'
    )
    parser.add_argument('--weights', help='of a config: checkpoint or work directory')
    parser.add_argument(
        '--judge', help='of attributes: checkpoint or work directory (default: of the config)'
    )
    parser.add_argument('--region-judge', help='the same, of regions')
    parser.add_argument('--out', type=Path, default=Path('docs/results/edits'))
    return parser.parse_args(argv)


def measure(args: argparse.Namespace) -> None:
    """Measure what is left; what is done is on disk."""
    from boostgan_plugin.apis import load_config
    from boostgan_plugin.apis.edit_study import run_edit_study

    config = load_config(args.config)
    for judge, checkpoint in ((config.judge, args.judge), (config.region_judge, args.region_judge)):
        judge.checkpoint = checkpoint or judge.checkpoint
    print(run_edit_study(config, args.model, args.weights, args.out))


def main(argv: list[str] | None = None) -> int:
    args = parse_args(argv)
    prepare_process()
    return exit_status(lambda: measure(args))


if __name__ == '__main__':
    sys.exit(main())
