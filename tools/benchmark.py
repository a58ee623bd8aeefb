"""Make a table of the paper: train every method, test all on the same images and holes.

Finished trainings and tests are not done again; one that was interrupted goes on.
"""

import argparse
from pathlib import Path

from mmengine.config import DictAction

from boostgan_plugin.resources import prepare_process


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='one of configs/benchmarks')
    parser.add_argument('--seeds', type=int, nargs='+', default=[0])
    parser.add_argument('--work-dir', default='work_dirs/benchmark', help='of the trainings')
    parser.add_argument('--out', help='of the tables; default: <work-dir>/<name of the config>')
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        metavar='KEY=VALUE',
        help='override entries of the configs, e.g. data_root=my/photos',
    )
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> None:
    args = parse_args(argv)
    prepare_process()
    from boostgan_plugin.apis.benchmark import run_benchmark
    from boostgan_plugin.apis.runs import training_name

    out = args.out or Path(args.work_dir) / training_name(args.config, args.cfg_options or {})
    page = run_benchmark(args.config, args.seeds, args.work_dir, out, args.cfg_options)
    print(f'Tables: {page}')


if __name__ == '__main__':
    main()
