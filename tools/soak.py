"""Restore many small images, with the inferencer and at the page, and watch the memory.

Writes memory.csv and memory.png. Linux only.
"""

import argparse
from collections.abc import Callable, Iterator
import csv
import os
from pathlib import Path
import sys
from tempfile import TemporaryDirectory

from boostgan_plugin.resources import prepare_process

ROOT = Path(__file__).parents[1]
#: Memory is looked at before and after each so many restorations.
_EVERY = 10


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--restorations', type=int, default=1000,
                        help='with each of the two (default: %(default)s)')
    parser.add_argument('--side', type=int, default=96,
                        help='of the images, in pixels (default: %(default)s)')
    parser.add_argument('--model', default='faces', help='default: %(default)s')
    parser.add_argument('--out', type=Path, default=ROOT / 'docs/results/reliability',
                        help='a folder (default: docs/results/reliability)')
    return parser.parse_args(argv)


def watched(restore: Callable[[int], None], memory: Callable[[], int], count: int
            ) -> Iterator[tuple[int, float]]:
    """Restorations that are done, and MiB that are held then."""
    for number in range(count + 1):
        if number % _EVERY == 0 or number == count:
            yield number, memory() / 2**20
        if number < count:
            restore(number)


def inferencer_soak(args: argparse.Namespace) -> Iterator[tuple[int, float]]:
    """In this process."""
    from boostgan_plugin.apis import InpaintingInferencer
    from boostgan_plugin.web.running import resident_bytes

    inferencer = InpaintingInferencer(args.model, device='cpu')
    yield from watched(lambda number: inferencer(*example(number, args.side)),
                       lambda: resident_bytes(os.getpid()), args.restorations)


def page_soak(args: argparse.Namespace) -> Iterator[tuple[int, float]]:
    """At a page with its processes; each ten restorations are of another visitor."""
    import numpy as np

    from boostgan_plugin.inference.restoration import nearest
    from boostgan_plugin.web.client import PageClient
    from boostgan_plugin.web.running import running_page
    from boostgan_plugin.web.session import SHOWN_SIDE

    with TemporaryDirectory() as folder, running_page(
            ROOT / 'tools/webui.py', Path(folder) / 'log',
            ['--model', args.model, '--device', 'cpu'], patience=600) as page:
        client = PageClient(page.address, patience=600)

        def restore(number: int) -> None:
            nonlocal client
            if number % 10 == 0:
                client = PageClient(page.address, patience=600)
            image, hole = example(number, args.side)
            client.restore(np.ascontiguousarray(image[..., ::-1]),
                           nearest(hole, (SHOWN_SIDE, SHOWN_SIDE)), Path(args.model).stem)

        yield from watched(restore, page.memory, args.restorations)


def example(number: int, side: int):
    """A drawn face, and a hole of another size and place each time."""
    import numpy as np

    from boostgan_plugin.datasets.face_renderer import render_face

    image = np.ascontiguousarray(render_face(number, side).image[..., ::-1])
    dice = np.random.default_rng(number)
    height, width = dice.integers(side // 8, side // 2, 2)
    top, left = dice.integers(0, (side - height, side - width))
    hole = np.zeros((side, side), bool)
    hole[top:top + height, left:left + width] = True
    return image, hole


def draw(rows: list[tuple[str, int, float]], path: Path) -> None:
    """Memory over restorations, a line for each."""
    import matplotlib
    matplotlib.use('Agg')
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 3.2), layout='constrained')
    for name in dict.fromkeys(row[0] for row in rows):
        axes.plot(*zip(*(row[1:] for row in rows if row[0] == name)), label=name)
    axes.set(xlabel='restorations', ylabel='memory (MiB)', ylim=(0, None))
    axes.legend(loc='lower right')
    figure.savefig(path, dpi=100)


def main(argv: list[str] | None = None) -> None:
    args = parse_args(argv)
    prepare_process()
    args.out.mkdir(parents=True, exist_ok=True)
    rows: list[tuple[str, int, float]] = []
    for name, soak in (('page', page_soak), ('inferencer', inferencer_soak)):
        for number, memory in soak(args):
            rows.append((name, number, round(memory, 1)))
            print(f'{name}: {number} of {args.restorations}, {memory:.0f} MiB', flush=True)
    with (args.out / 'memory.csv').open('w', newline='') as file:
        csv.writer(file).writerows([('with', 'restorations', 'MiB'), *rows])
    draw(rows, args.out / 'memory.png')
    print(f'written to {args.out}')


if __name__ == '__main__':
    if sys.platform != 'linux':
        sys.exit('error: memory is counted by Linux alone')
    main()
