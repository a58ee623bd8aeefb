"""Run the whole method of a config: pretrain Wa and Ws, train, evaluate, write a report page.

Stages that are finished are not done again; one that was interrupted goes on.
"""

import argparse

from mmengine.config import DictAction

from boostgan_plugin.resources import prepare_process


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config')
    parser.add_argument('--work-dir', help='of the inpainter; default: work_dirs/<config name>')
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        metavar='KEY=VALUE',
        help='override entries of the config; data_root reaches all stages',
    )
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> None:
    args = parse_args(argv)
    prepare_process()
    from boostgan_plugin.apis.reproduction import reproduce

    page = reproduce(args.config, args.cfg_options, args.work_dir)
    print(f'Report: {page}')


if __name__ == '__main__':
    main()
