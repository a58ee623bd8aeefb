"""Restore many small images, with the inferencer and at the page, and watch the memory.

Writes memory.json, again after each ten, and memory.png. Linux only.
"""

import argparse
from collections.abc import Callable, Iterator
import json
import os
from pathlib import Path
import sys
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from boostgan_plugin.resources import prepare_process

ROOT = Path(__file__).parents[1]
#: Memory is looked at before and after each so many restorations.
_EVERY = 10
#: Restorations of one visitor.
_STAY = 2


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        '--restorations', type=int, default=1000, help='with each of the two (default: %(default)s)'
    )
    parser.add_argument(
        '--minutes',
        type=float,
        default=float('inf'),
        help='with each of the two at most; fewer are restored then (default: as long as it takes)',
    )
    parser.add_argument(
        '--side', type=int, default=96, help='of the images, in pixels (default: %(default)s)'
    )
    parser.add_argument('--model', default='faces', help='default: %(default)s')
    parser.add_argument(
        '--out',
        type=Path,
        default=ROOT / 'docs/results/reliability',
        help='a folder (default: docs/results/reliability)',
    )
    return parser.parse_args(argv)


def watched(
    restore: Callable[[int], None], memory: Callable[[], int], args: argparse.Namespace
) -> Iterator[tuple[int, float]]:
    """Restorations that are done, and MiB that are held then."""
    end = monotonic() + 60 * args.minutes
    yield 0, memory() / 2**20
    for number in range(1, args.restorations + 1):
        restore(number)
        is_over = number == args.restorations or monotonic() > end
        if is_over or number % _EVERY == 0:
            yield number, memory() / 2**20
        if is_over:
            return


def inferencer_soak(args: argparse.Namespace) -> Iterator[tuple[int, float]]:
    """In this process."""
    from boostgan_plugin.apis import InpaintingInferencer
    from boostgan_plugin.web.running import resident_bytes

    inferencer = InpaintingInferencer(args.model, device='cpu')
    yield from watched(
        lambda number: inferencer(*example(number, args.side)),
        lambda: resident_bytes(os.getpid()),
        args,
    )


def page_soak(args: argparse.Namespace) -> Iterator[tuple[int, float]]:
    """At a page with its processes; a new visitor comes after every few restorations."""
    import numpy as np

    from boostgan_plugin.inference.restoration import nearest
    from boostgan_plugin.web.client import PageClient
    from boostgan_plugin.web.running import running_page
    from boostgan_plugin.web.session import SHOWN_SIDE

    with (
        TemporaryDirectory() as folder,
        running_page(
            ROOT / 'tools/webui.py',
            Path(folder) / 'log',
            ['--model', args.model, '--device', 'cpu'],
            patience=600,
        ) as page,
    ):
        client = PageClient(page.address, patience=600)

        def restore(number: int) -> None:
            nonlocal client
            if number % _STAY == 0:
                client = PageClient(page.address, patience=600)
            image, hole = example(number, args.side)
            client.restore(
                np.ascontiguousarray(image[..., ::-1]),
                nearest(hole, (SHOWN_SIDE, SHOWN_SIDE)),
                Path(args.model).stem,
            )

        yield from watched(restore, page.memory, args)


def example(number: int, side: int):
    """A drawn face, and a hole of another size and place each time."""
    import numpy as np

    from boostgan_plugin.datasets.face_renderer import render_face

    image = np.ascontiguousarray(render_face(number, side).image[..., ::-1])
    dice = np.random.default_rng(number)
    height, width = dice.integers(side // 8, side // 2, 2)
    top, left = dice.integers(0, (side - height, side - width))
    hole = np.zeros((side, side), bool)
    hole[top : top + height, left : left + width] = True
    return image, hole


def summary(rows: list[tuple[int, float]]) -> dict[str, Any]:
    """What is told of one of the two; ``settled`` is after a quarter of the restorations."""
    memory = [held for _, held in rows]
    settled = memory[len(memory) // 4]
    return dict(
        restorations=rows[-1][0],
        MiB=dict(start=memory[0], settled=settled, end=memory[-1], most=max(memory)),
        rows=rows,
    )


def draw(told: dict[str, dict[str, Any]], path: Path) -> None:
    """Memory over restorations, a line for each."""
    import matplotlib

    matplotlib.use('Agg')
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 3.2), layout='constrained')
    for name, one in told.items():
        axes.plot(*zip(*one['rows']), label=name)
    axes.set(xlabel='restorations', ylabel='memory (MiB)', ylim=(0, None))
    axes.legend(loc='lower right')
    figure.savefig(path, dpi=100)


def main(argv: list[str] | None = None) -> None:
    args = parse_args(argv)
    prepare_process()
    from boostgan_plugin.provenance import revision

    args.out.mkdir(parents=True, exist_ok=True)
    made = dict(
        model=args.model, side=args.side, restorations_of_a_visitor=_STAY, revision=revision()
    )
    told: dict[str, dict[str, Any]] = {}
    for name, soak in (('page', page_soak), ('inferencer', inferencer_soak)):
        rows: list[tuple[int, float]] = []
        for number, memory in soak(args):
            rows.append((number, round(memory, 1)))
            told[name] = summary(rows)
            (args.out / 'memory.json').write_text(json.dumps({**made, **told}) + '\n')
            print(f'{name}: {number} of {args.restorations}, {memory:.0f} MiB', flush=True)
        draw(told, args.out / 'memory.png')
    print(f'written to {args.out}')


if __name__ == '__main__':
    if sys.platform != 'linux':
        sys.exit('error: memory is counted by Linux alone')
    main()
