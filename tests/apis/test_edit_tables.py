from dataclasses import asdict, replace
import json

from mmengine.config import Config
import numpy as np
import pytest

from boostgan_plugin.apis.edit_tables import (
    EditEffect,
    Followed,
    effect_rows,
    read_findings,
    region_rows,
    summarize,
    summary_rows,
)

SMILING = EditEffect(
    'random',
    'Smiling',
    200,
    present=Followed(25, 75, drawn=80, shift=20.04, shift_error=11.54),
    absent=Followed(75, 60, drawn=90, shift=-15, shift_error=22.2),
    leakage=0.0312,
    leakage_with_tied=0.04,
    pixel_leakage=0.0126,
    changes=dict(Male=0.0312),
)
CONFIG = Config(
    dict(
        all_over=['Male', 'Young'],
        whole_parts=dict(mouth=dict(attributes=['Smiling']), eyes=dict(attributes=['Eyeglasses'])),
    )
)


def test_a_row_says_how_often_the_wish_came_true_and_what_else_changed():
    heading, row = effect_rows([SMILING])
    assert row == [
        'Smiling',
        'random',
        '200',
        '25 %',
        '75 %',
        '80 %',
        '+20.0 ± 11.5',
        '75 %',
        '60 %',
        '90 %',
        '-15.0 ± 22.2',
        '0.031',
        '0.040',
        '0.013',
    ]
    assert len(heading) == len(row)


def told(attribute: str, present: float, absent: float, **changed) -> EditEffect:
    return replace(
        SMILING,
        attribute=attribute,
        present=replace(SMILING.present, told=present),
        absent=replace(SMILING.absent, told=absent),
        **changed,
    )


def test_means_are_over_the_attributes_that_are_named():
    male = told('Male', 50, 50, leakage=0.01)
    bangs = told('Bangs', 100, 95)
    mouth = told('Smiling', 100, 100, hole='mouth', pixel_leakage=0)
    found = summarize(CONFIG, [SMILING, male, bangs, mouth])
    shown, every, in_parts, parts = found.values()
    assert [group['attributes'] for group in found.values()] == [2, 3, 1, 1]
    assert shown['success'] == pytest.approx((67.5 + 97.5) / 2)
    assert every['success'] == pytest.approx((67.5 + 97.5 + 50) / 3)
    assert every['leakage'] == pytest.approx((2 * 0.0312 + 0.01) / 3)
    assert in_parts['success'] == 67.5
    assert (parts['success'], parts['pixel_leakage']) == (100, 0)
    heading, *rows = summary_rows(found)
    assert rows[0] == [
        'random holes, what a hole can show',
        '2',
        '82.5 %',
        '85.0 %',
        '0.031',
        '0.040',
        '0.013',
    ]
    assert rows[1][0] == 'random holes, Male and Young too' and len(heading) == len(rows[0])


def test_groups_that_are_not_measured_yet_have_no_row():
    assert len(summarize(CONFIG, [SMILING])) == 3 and not summarize(CONFIG, [])


def test_obedience_is_bold():
    agreement = dict(true=71.26, another=30.0)
    _, *rows = region_rows(dict(original=agreement, true=agreement, another=agreement))
    assert [row[1:] for row in rows] == [
        ['**71.3 %**', '30.0 %'],
        ['71.3 %', '**30.0 %**'],
        ['71.3 %', '30.0 %'],
    ]
    assert rows[2][0] == 'the original images'


def test_findings_of_other_settings_are_not_read(tmp_path):
    path = tmp_path / 'edits.json'
    assert not read_findings(path, 'one').effects
    nothing = replace(SMILING, leakage=float('nan'))
    path.write_text(
        json.dumps(
            dict(
                key='one',
                effects=[asdict(SMILING), asdict(nothing)],
                regions=dict(true=dict(true=1.0, another=2.0)),
            )
        )
    )
    found = read_findings(path, 'one')
    assert found.effects[0] == SMILING and np.isnan(found.effects[1].leakage)
    assert found.regions == dict(true=dict(true=1.0, another=2.0))
    other = read_findings(path, 'two')
    assert (other.key, other.effects, other.regions) == ('two', [], {})
    path.write_text(json.dumps(dict(Bangs=dict(faces=200))))
    assert not read_findings(path, 'one').effects
