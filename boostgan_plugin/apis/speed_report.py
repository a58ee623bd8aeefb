"""What is measured of the package's speed, and the page that shows it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from boostgan_plugin.inference.packaged import packaged_weights

from .machine import describe_machine
from .speed import WITHOUT_MATRIX_UNITS, Case, median_of, ratio_rows, run_cases
from .tables import Rows, markdown_table

PAPER = "BoostGAN, networks of the paper's size"
OURS = {
    'BoostGAN': 'boostgan_celebahq',
    'BoostGAN, 150 classes': 'boostgan_places2',
    PAPER: 'boostgan_celebahq',
}
BASELINES = {
    'GL of this package': 'global_local',
    'CE': 'context_encoder',
    'PConv': 'partial_conv',
    'GntIpt': 'contextual_attention',
}
MMAGIC = {
    "MMagic's GL": ('gl', 'train_step'),
    "MMagic's DeepFillv1": ('deepfillv1', 'train_step_D+G(disc_step=1)'),
}
PLAIN = ', without matrix units'
#: What grows, and its values; the config's own is among them.
GROWTH = {
    'size': (64, 128, 256, 512),
    'batch': (1, 2, 4, 8),
    'classes': (2, 11, 50, 150),
    'attributes': (2, 18, 60, 200),
}


def report(
    configs: Path, out: Path, page: Path, rounds: int = 3, mmagic: str | None = None
) -> Path:
    """Measure all that is not measured yet and write the page.

    Args:
        configs: folder of the configs.
        out: folder of the figures and the plot.
        page: Markdown file to write.
        rounds: processes for each case that is compared; growth is measured in one.
        mmagic: a script that times MMagic's own inpainters and takes ``--models``, ``--threads``,
            ``--iters`` and ``--json``.
    """
    compared = run_cases(_compared(configs, mmagic), out / 'compared.json', rounds)
    restoring = run_cases(_restoring(configs), out / 'restoring.json', rounds)
    growth = run_cases(_growth(configs), out / 'growth.json', 1)
    plot_growth(growth, out / 'growth.png')
    page.write_text(_page(compared, restoring, growth, out.relative_to(page.parent)))
    return page


def _compared(configs: Path, mmagic: str | None) -> list[Case]:
    cases = [
        Case(
            title,
            dict(
                kind='step',
                config=str(configs / f'{name}.py'),
                flops=True,
                **(dict(options=dict(networks='paper')) if title == PAPER else {}),
            ),
        )
        for title, name in OURS.items()
    ]
    cases += [
        Case(title, dict(kind='step', config=str(configs / f'{name}/{name}_folder.py')))
        for title, name in BASELINES.items()
    ]
    for title, (model, step) in MMAGIC.items() if mmagic else ():
        cases.append(
            Case(
                title,
                dict(
                    kind='script',
                    path=mmagic,
                    arguments=['--models', model, '--threads', '1', '--iters', '3', '--json'],
                    pick=dict(
                        seconds=[model, step, 'median_s'],
                        generator_seconds=[model, 'generator_forward_b1', 'median_s'],
                    ),
                ),
            )
        )
    plain = [case for case in cases if case.title in ('BoostGAN', *MMAGIC)]
    return cases + [Case(case.title + PLAIN, case.request, WITHOUT_MATRIX_UNITS) for case in plain]


def _restoring(configs: Path) -> list[Case]:
    config = str(configs / 'boostgan_celebahq.py')
    cases = [
        Case(f'PyTorch, {precision}', dict(kind='restore', config=config, precision=precision))
        for precision in ('bfloat16', 'float32')
    ]
    cases.append(
        Case(
            'PyTorch, float32, generator compiled',
            dict(kind='restore', config=config, precision='float32', compiled=True),
        )
    )
    faces = dict(kind='onnx', weights=str(Path(packaged_weights()['faces']).with_suffix('.onnx')))
    return [*cases, Case('onnxruntime, packaged faces, 128 px', faces)]


def _growth(configs: Path) -> list[Case]:
    request = dict(kind='step', config=str(configs / 'boostgan_celebahq.py'), rounds=3)
    cases = [
        Case(f'{what} {value}', dict(request, **{what: value}))
        for what, values in GROWTH.items()
        for value in values
    ]
    return cases + [
        Case(f'ranks {ranks}', dict(request, size=128), ranks=ranks) for ranks in (1, 2)
    ]


def plot_growth(growth: Mapping[str, list[dict]], path: Path) -> None:
    """Seconds of a step over each thing that grows."""
    # matplotlib is slow to import and needed here only.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3 * len(GROWTH), 2.8), layout='constrained')
    FigureCanvasAgg(figure)
    for index, (what, values) in enumerate(GROWTH.items(), 1):
        axes = figure.add_subplot(1, len(GROWTH), index)
        seconds = [median_of(growth, f'{what} {value}') for value in values]
        axes.plot(values, seconds, 'o-')
        axes.set(xlabel=what, ylim=(0, 1.1 * max(seconds)))
        axes.grid(alpha=0.3)
    figure.axes[0].set_ylabel('seconds a step')
    figure.savefig(path, dpi=90)


def _page(
    compared: Mapping[str, list[dict]],
    restoring: Mapping[str, list[dict]],
    growth: Mapping[str, list[dict]],
    folder: Path,
) -> str:
    machine = '; '.join(f'{key}: {value}' for key, value in describe_machine().items())
    ours = compared['BoostGAN'][-1]
    titles = [*OURS, *BASELINES, *MMAGIC]
    plain = [title + PLAIN for title in ('BoostGAN', *MMAGIC)]
    lines = [
        '# How fast it is',
        '',
        'Written by `tools/benchmark_speed.py`, which measures on your machine. Each case runs in '
        'a process of its own on one thread, in turn with the others; the times are of the '
        'process (median), so that other work counts little. 256 px, batch 2, random weights. '
        "GntIpt updates its critics five times a step; MMagic's DeepFillv1 is timed with one.",
        '',
        f'{machine}.',
        '',
        '## A training step',
        '',
        'Discriminators and generator, data preprocessing to update.',
        '',
        *markdown_table(ratio_rows(compared, titles, MMAGIC)),
        '',
        'On a processor without matrix units (hidden here from the same one), where float32 is '
        'faster and therefore chosen:',
        '',
        *markdown_table(ratio_rows(compared, plain, plain[1:])),
        '',
        '## Where the time goes',
        '',
        *markdown_table(_part_rows(ours)),
        '',
        f'{ours["flops"] / 1e9:.0f} GFLOP a step, {ours["images_per_second"]:.2f} images a second, '
        f'{ours["peak_bytes"] / 2**30:.2f} GiB. A convolution that suits the machine reaches '
        f'{ours["peak_flops_per_second"] / 1e12:.2f} TFLOP/s forwards; the whole step reaches '
        f'{100 * ours["share_of_peak"]:.0f} % of that.',
        '',
        '## Restoring one image',
        '',
        *markdown_table(_restoring_rows(restoring, compared)),
        '',
        '## Growth',
        '',
        f'![Seconds a step over size, batch, classes, attributes]({folder}/growth.png)',
        '',
        'Two processes (gloo, a core each), images a second at 128 px: '
        f'{growth["ranks 1"][0]["images_per_second"]:.1f} with one, '
        f'{growth["ranks 2"][0]["images_per_second"]:.1f} with two.',
        '',
    ]
    return '\n'.join(lines)


def _part_rows(figures: Mapping) -> Rows:
    whole = figures['seconds']
    # What is part of another comes after those that make up the whole.
    parts = sorted(figures['parts'].items(), key=lambda part: part[0].startswith('of these'))
    return [
        ['part', 'seconds', '% of the step'],
        *([name, f'{seconds:.3f}', f'{100 * seconds / whole:.0f}'] for name, seconds in parts),
    ]


def _restoring_rows(
    restoring: Mapping[str, list[dict]], compared: Mapping[str, list[dict]]
) -> Rows:
    rows: Rows = [['', 'Wa, Ws and G', 'G alone']]
    for title in restoring:
        rows.append([title, f'{median_of(restoring, title):.3f}', *_generator(restoring, title)])
    return rows + [
        [title, '', *_generator(compared, title)]
        for title in (*MMAGIC, *(name + PLAIN for name in MMAGIC))
        if title in compared
    ]


def _generator(found: Mapping[str, list[dict]], title: str) -> Sequence[str]:
    if 'generator_seconds' not in found[title][0]:
        return ['']
    return [f'{median_of(found, title, "generator_seconds"):.3f}']
