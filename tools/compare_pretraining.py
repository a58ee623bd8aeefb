"""Compare embedders pretrained with holes (mask-aware) and without, on test images of both kinds.

Trains what is not trained yet, then writes a table as Markdown and JSON.
"""

import argparse
import json
from pathlib import Path

from boostgan_plugin.resources import prepare_process

CONFIGS = Path(__file__).parent.parent / 'configs/embedders'
NETWORKS = {
    'Wa': ('attribute_faces', 'multi-label/mAP', 'mAP %'),
    'Ws': ('segmentation_faces', 'mIoU', 'mIoU %'),
}
#: What is chosen in the config.
TRAININGS = {'with holes': {}, 'on whole images': dict(images='whole')}
#: Fraction of the test images with a hole.
TESTS = {'test images with a hole': 1, 'whole test images': 0}


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--work-dir', type=Path, default=Path('work_dirs'))
    parser.add_argument('--out', type=Path, default=Path('docs/results/pretraining'))
    return parser.parse_args(argv)


def measure(name: str, options: dict[str, str], work_dir: Path, metric: str) -> dict[str, float]:
    """Train one network if need be, and test it on both kinds of images."""
    from boostgan_plugin.apis import load_config, test
    from boostgan_plugin.apis.runs import training_name
    from boostgan_plugin.apis.stages import Stage, run_stage

    config_path = CONFIGS / f'{name}.py'
    training = training_name(config_path, options)
    folder = work_dir / training
    run_stage(training, Stage(training, str(config_path), str(folder)), options)
    values = {}
    for title, probability in TESTS.items():
        config = load_config(config_path, options, folder / f'test_{probability}')
        config.test_dataloader.dataset.pipeline[0].probability = probability
        values[title] = test(config, folder)[metric]
    return values


def main(argv: list[str] | None = None) -> None:
    args = parse_args(argv)
    prepare_process()
    rows = {}
    for network, (stem, metric, heading) in NETWORKS.items():
        for training, options in TRAININGS.items():
            label = f'{network}, trained {training} ({heading})'
            rows[label] = measure(stem, options, args.work_dir, metric)
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / 'pretraining.json').write_text(json.dumps(rows, indent=1) + '\n')
    lines = ['| network | ' + ' | '.join(TESTS) + ' |', '|---' * (len(TESTS) + 1) + '|']
    lines += [
        f'| {label} | ' + ' | '.join(f'{row[title]:.1f}' for title in TESTS) + ' |'
        for label, row in rows.items()
    ]
    (args.out / 'pretraining.md').write_text('\n'.join(lines) + '\n')
    print('\n'.join(lines))


if __name__ == '__main__':
    main()
