"""Open every file that a config trains on or evaluates with, and tell which are broken.

With an inpainter also what its networks learn from, if that lies in the same place. Trainings do
the same when they start. Exit status: 0 all is whole, 1 some files would be left out,
2 labels are wrong, or more files are broken than may be left out.
"""

import argparse
import sys

from mmengine.config import DictAction

from boostgan_plugin.apis.command_line import exit_status
from boostgan_plugin.resources import prepare_process


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('config')
    parser.add_argument(
        '--splits',
        nargs='+',
        choices=('train', 'val', 'test'),
        default=('train', 'val', 'test'),
        help='which to look at (default: all)',
    )
    parser.add_argument('--work-dir', help='default: work_dirs/<name of the config>')
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        metavar='KEY=VALUE',
        help='override entries of the config, e.g. data_root=my/photos',
    )
    return parser.parse_args(argv)


def check(args: argparse.Namespace) -> int:
    """Print what is broken; the exit status."""
    from boostgan_plugin.apis import load_config
    from boostgan_plugin.apis.data_check import check_data
    from boostgan_plugin.apis.stages import networks_beside

    options = args.cfg_options or {}
    config = load_config(args.config, options, args.work_dir)
    left_out = {}
    for part in (config, *networks_beside(config, options)):
        left_out |= check_data(part, args.splits)
    for path, reason in left_out.items():
        print(f'{path} {reason}')
    return 1 if left_out else 0


def main(argv: list[str] | None = None) -> int:
    args = parse_args(argv)
    prepare_process()
    return exit_status(lambda: check(args))


if __name__ == '__main__':
    sys.exit(main())
