"""Measure how fast training and restoring are on this machine, and write docs/performance.md.

What is measured lies in the output folder and is not measured again; delete it to start anew.
"""

import argparse
from pathlib import Path

from boostgan_plugin.apis.command_line import exit_status

ROOT = Path(__file__).resolve().parent.parent


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        '--out',
        type=Path,
        default=ROOT / 'docs/results/speed',
        help='folder of the figures (default: %(default)s)',
    )
    parser.add_argument('--page', type=Path, default=ROOT / 'docs/performance.md')
    parser.add_argument('--rounds', type=int, default=3, help='processes for each case')
    parser.add_argument(
        '--mmagic', metavar='SCRIPT', help="a script that times MMagic's inpainters and writes JSON"
    )
    return parser.parse_args(argv)


def run(args: argparse.Namespace) -> None:
    from boostgan_plugin.apis.speed_report import report

    page = report(
        ROOT / 'configs', args.out.resolve(), args.page.resolve(), args.rounds, args.mmagic
    )
    print(f'Page: {page}')


def main(argv: list[str] | None = None) -> int:
    args = parse_args(argv)
    return exit_status(lambda: run(args))


if __name__ == '__main__':
    raise SystemExit(main())
