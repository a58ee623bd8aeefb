"""Measure what happens when a person tells attributes; writes a table, JSON and pictures.

The judge is another network than the one that guides the restoration; train it first, e.g. with
tools/train.py configs/embedders/attribute_faces_judge.py.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
import sys
from typing import TYPE_CHECKING

from boostgan_plugin.apis.command_line import exit_status
from boostgan_plugin.resources import prepare_process

if TYPE_CHECKING:
    from boostgan_plugin.apis.edit_study import EditEffect


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='such as configs/benchmarks/edits_faces.py')
    parser.add_argument('--model', default='faces',
                        help='as of tools/inpaint.py (default: %(default)s)')
    parser.add_argument('--weights', help='of a config: checkpoint or work directory')
    parser.add_argument('--judge', help='checkpoint or work directory (default: of the config)')
    parser.add_argument('--out', type=Path, default=Path('docs/results/edits'))
    return parser.parse_args(argv)


def write(out: Path, effects: list[EditEffect]) -> None:
    """Table and numbers of what is measured so far."""
    from boostgan_plugin.apis.edit_study import effect_rows
    from boostgan_plugin.apis.tables import markdown_table
    out.mkdir(parents=True, exist_ok=True)
    lines = markdown_table(effect_rows(effects))
    (out / 'edits.md').write_text('\n'.join(lines) + '\n')
    numbers = {effect.attribute: dict(faces=len(effect.without), **effect.rates(),
                                      shifts=effect.shifts()) for effect in effects}
    (out / 'edits.json').write_text(json.dumps(numbers, indent=1) + '\n')


def measure(args: argparse.Namespace) -> None:
    """Measure attribute by attribute; what is done is on disk."""
    from boostgan_plugin.apis import InpaintingInferencer, load_config
    from boostgan_plugin.apis.edit_study import (
        edit_pictures,
        effect_rows,
        measure_edits,
        read_cases,
    )
    from boostgan_plugin.visualization import write_picture
    config = load_config(args.config)
    if args.judge:
        config.judge.checkpoint = args.judge
    inferencer = InpaintingInferencer(args.model, args.weights)
    cases, effects = read_cases(config), []
    for effect in measure_edits(config, inferencer, cases):
        effects.append(effect)
        print(*effect_rows([effect])[1], sep='  ', flush=True)
        write(args.out, effects)
    pictures = edit_pictures(inferencer, cases, config.pictured)
    write_picture(args.out / 'edits.png', pictures[..., ::-1].copy())


def main(argv: list[str] | None = None) -> int:
    args = parse_args(argv)
    prepare_process()
    return exit_status(lambda: measure(args))


if __name__ == '__main__':
    sys.exit(main())
