"""What an edit study found, as JSON and as tables."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
import json
from pathlib import Path

from mmengine.config import Config
import numpy as np

from boostgan_plugin.files import replacing

from .machine import describe_machine
from .tables import Rows, markdown_table

#: The kind of hole that the test data have.
RANDOM = 'random'
#: Where regions were read, and what was told for the hole there.
READ_IN = dict(
    nothing='nothing told',
    true='told: the true regions',
    another='told: the regions of another face',
    original='the original images',
    pasted='the original images, and the other face itself in the hole',
)


@dataclass(frozen=True)
class Followed:
    """How an attribute is read that is told to be there, or told not to be.

    In percent of the faces, how often it is read as told: before anything is told, when it is
    told, and where the hole is drawn so, which is what there is to reach. ``shift`` is how far its
    probability moves that way when told, in percentage points, with its standard error.
    """

    before: float
    told: float
    drawn: float
    shift: float
    shift_error: float


@dataclass(frozen=True)
class EditEffect:
    """What comes of telling one attribute for one kind of hole, as an independent network reads it.

    In 0..1: ``changes``, the mean absolute change of the probability of each other attribute, told
    against not told; ``leakage``, their mean over the attributes that are not tied to the told
    one, and over all; ``pixel_leakage``, the mean absolute change of the pixels in the hole where
    the attribute does not show. A mean over nothing is NaN.
    """

    hole: str
    attribute: str
    faces: int
    present: Followed
    absent: Followed
    leakage: float
    leakage_with_tied: float
    pixel_leakage: float
    changes: dict[str, float]

    @property
    def success(self) -> float:
        """How often what is told is read, in percent, there and not there alike; 50 by chance."""
        return (self.present.told + self.absent.told) / 2

    @property
    def drawn(self) -> float:
        """The same where the hole is drawn as told."""
        return (self.present.drawn + self.absent.drawn) / 2


@dataclass
class Findings:
    """What is measured so far.

    ``key`` names what it depends on; ``regions``: by what was told, as in ``READ_IN``, the mean
    IoU in percent of what is read in the holes with the ``true`` regions and with those of
    ``another`` face.
    """

    key: str
    effects: list[EditEffect] = field(default_factory=list)
    regions: dict[str, dict[str, float]] = field(default_factory=dict)


def read_findings(path: Path, key: str) -> Findings:
    """Those of an ``edits.json``; none if there is no such file, or it has another key."""
    content = json.loads(path.read_text()) if path.is_file() else {}
    if content.get('key') != key:
        return Findings(key)
    return Findings(key, [_effect(**each) for each in content['effects']], content['regions'])


def _effect(present: dict, absent: dict, **rest) -> EditEffect:
    return EditEffect(present=Followed(**present), absent=Followed(**absent), **rest)


def write_findings(out: Path, config: Config, findings: Findings, run: Mapping[str, str]) -> Path:
    """Write ``edits.json`` and ``edits.md`` into the folder ``out``.

    Args:
        config: see :func:`~boostgan_plugin.apis.edit_study.run_edit_study`.
        run: what has to be known to do it again.

    Returns:
        Path of ``edits.md``.
    """
    summary = summarize(config, findings.effects)
    content = dict(
        key=findings.key,
        summary=summary,
        regions=findings.regions,
        effects=list(map(asdict, findings.effects)),
    )
    data = config.test_dataloader.dataset
    run = (
        dict(run)
        | {'test data': ', '.join(str(data[name]) for name in ('type', 'split', 'length', 'size'))}
        | describe_machine()
    )
    lines = [f'# {config.title}']
    for heading, rows in {
        'Attributes, in short': summary_rows(summary),
        'Regions': region_rows(findings.regions),
        'Each attribute': effect_rows(
            sorted(findings.effects, key=lambda effect: config.attributes.index(effect.attribute))
        ),
    }.items():
        lines += ['', f'## {heading}', '', *markdown_table(rows)]
    lines += ['', '## How to read it', '', *(f'- {note}' for note in config.notes)]
    lines += ['', '## The run', '', *markdown_table([['', ''], *map(list, run.items())])]
    for path, text in (
        (out / 'edits.json', json.dumps(content, indent=1)),
        (out / 'edits.md', '\n'.join(lines)),
    ):
        with replacing(path) as part:
            part.write_text(f'{text}\n')
    return out / 'edits.md'


def summarize(config: Config, effects: Sequence[EditEffect]) -> dict[str, dict[str, float]]:
    """Means over attributes, for each kind of hole and choice of attributes that is measured."""
    random = [effect for effect in effects if effect.hole == RANDOM]
    parts = [effect for effect in effects if effect.hole != RANDOM]
    in_parts = {name for part in config.whole_parts.values() for name in part.attributes}
    groups = {
        'random holes, what a hole can show': [
            effect for effect in random if effect.attribute not in config.all_over
        ],
        f'random holes, {" and ".join(config.all_over)} too': random,
        'random holes, what shows in whole parts': [
            effect for effect in random if effect.attribute in in_parts
        ],
        'holes for whole parts': parts,
    }
    return {
        title: dict(
            attributes=len(group),
            **{
                name: float(np.mean([getattr(effect, name) for effect in group]))
                for name in ('success', 'drawn', 'leakage', 'leakage_with_tied', 'pixel_leakage')
            },
        )
        for title, group in groups.items()
        if group
    }


def summary_rows(summary: Mapping[str, Mapping[str, float]]) -> Rows:
    """A row for each mean of :func:`summarize`."""
    rows = [
        [
            '',
            'attributes',
            'told and read so ↑',
            'drawn and read so',
            'leakage: other attributes ↓',
            'with tied ones ↓',
            'pixels elsewhere ↓',
        ]
    ]
    return rows + [
        [
            title,
            str(means['attributes']),
            *(f'{means[name]:.1f} %' for name in ('success', 'drawn')),
            *(f'{means[name]:.3f}' for name in ('leakage', 'leakage_with_tied', 'pixel_leakage')),
        ]
        for title, means in summary.items()
    ]


def effect_rows(effects: Sequence[EditEffect]) -> Rows:
    """For each attribute and kind of hole how often it is read as told, and what else changes."""
    return [
        [
            'attribute',
            'hole',
            'faces',
            'read as present: before',
            'told so',
            'drawn so',
            'shift',
            'read as absent: before',
            'told so',
            'drawn so',
            'shift',
            'leakage: other attributes',
            'with tied ones',
            'pixels elsewhere',
        ],
        *map(effect_cells, effects),
    ]


def effect_cells(effect: EditEffect) -> list[str]:
    """A row of :func:`effect_rows`."""
    return [
        effect.attribute,
        effect.hole,
        str(effect.faces),
        *_followed_cells(effect.present),
        *_followed_cells(effect.absent),
        f'{effect.leakage:.3f}',
        f'{effect.leakage_with_tied:.3f}',
        f'{effect.pixel_leakage:.3f}',
    ]


def _followed_cells(followed: Followed) -> list[str]:
    read = [f'{share:.0f} %' for share in (followed.before, followed.told, followed.drawn)]
    return [*read, f'{followed.shift:+.1f} ± {followed.shift_error:.1f}']


def region_rows(regions: Mapping[str, Mapping[str, float]]) -> Rows:
    """For each map that was told how far what is read agrees; obedience is bold."""
    return [
        ['read in the holes of', 'mIoU with the true regions', 'with those of another face'],
        *(region_cells(edited, regions[edited]) for edited in READ_IN if edited in regions),
    ]


def region_cells(edited: str, agreement: Mapping[str, float]) -> list[str]:
    """A row of :func:`region_rows`."""
    cells = {name: f'{agreement[name]:.1f} %' for name in ('true', 'another')}
    return [
        READ_IN[edited],
        *(f'**{cell}**' if name == edited else cell for name, cell in cells.items()),
    ]
