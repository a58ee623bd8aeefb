"""Train any config of this project: an inpainter, or one of its embedders."""

import argparse

from mmengine.config import DictAction

from boostgan_plugin.apis.choices import LAUNCHERS, PRECISIONS
from boostgan_plugin.resources import choose_threads, prepare_process


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config')
    parser.add_argument('--work-dir', help='default: work_dirs/<name of the config>')
    parser.add_argument(
        '--resume', action='store_true', help='go on from the last checkpoint of the work directory'
    )
    parser.add_argument(
        '--amp',
        nargs='?',
        choices=PRECISIONS,
        const='bfloat16',
        help='the precision to train in; bfloat16 if none is named',
    )
    parser.add_argument(
        '--launcher',
        choices=LAUNCHERS,
        default='none',
        help='what started this process as one of several',
    )
    # torch.distributed.launch and mim give it.
    parser.add_argument('--local-rank', '--local_rank', help=argparse.SUPPRESS)
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        metavar='KEY=VALUE',
        help='override entries of the config, e.g. data_root=my/photos',
    )
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> None:
    args = parse_args(argv)
    prepare_process()
    from boostgan_plugin.apis import load_config, train
    from boostgan_plugin.apis.distributed import launched
    from boostgan_plugin.apis.runs import set_precision

    config = load_config(args.config, args.cfg_options, args.work_dir)
    config.resume = args.resume or config.get('resume', False)
    if args.amp:
        set_precision(config, args.amp)
    choose_threads()
    with launched(config, args.launcher):
        train(config)


if __name__ == '__main__':
    main()
