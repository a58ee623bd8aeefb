from mmengine.config import Config
import numpy as np
import pytest

from boostgan_plugin.apis import InpaintingInferencer, load_config
from boostgan_plugin.apis.edit_study import (
    EditEffect,
    edit_pictures,
    effect_rows,
    measure_edits,
    read_cases,
)
from tests.conftest import ATTRIBUTES, CLASSIFIER, ROOT


def test_rates_and_shifts_by_hand():
    effect = EditEffect('Smiling', without=np.array([0.9, 0.2, 0.4, 0.1]),
                        told_present=np.array([0.9, 0.6, 0.8, 0.1]),
                        told_absent=np.array([0.1, 0.2, 0.6, 0.1]))
    assert effect.rates() == dict(present_without=25, present_told=75, absent_without=75,
                                  absent_told=75)
    shifts = effect.shifts()
    towards = np.array([0, 0.4, 0.4, 0])
    assert shifts['present'] == pytest.approx((20, 100 * towards.std(ddof=1) / 2))
    assert shifts['absent'][0] == pytest.approx(100 * (0.8 + 0 - 0.2 + 0) / 4)
    heading, row = effect_rows([effect])
    assert row == ['Smiling', '4', '25 %', '75 %', '+20.0 ± 11.5', '75 %', '75 %', '+15.0 ± 22.2']
    assert len(heading) == len(row)


def test_cases_are_test_faces_with_what_their_holes_can_show():
    config = load_config(ROOT / 'configs/benchmarks/edits_faces.py',
                         {'test_dataloader.dataset.length': 30})
    cases = read_cases(config)
    assert len(cases) == 30
    for case in cases:
        assert case.image.shape == (128, 128, 3) and case.hole.shape == (128, 128)
        assert 0.05 < case.hole.mean() < 0.45
    shown = np.array([case.shown for case in cases])
    assert shown.any(1).mean() > 0.5 and not shown.all(1).any()
    names = list(config.attributes)
    assert np.array_equal(shown[:, names.index('Smiling')], shown[:, names.index('Mustache')])


def test_each_attribute_is_told_and_judged(inference_config, boostgan_weights, checkpoints):
    inferencer = InpaintingInferencer(inference_config, boostgan_weights, device='cpu')
    config = load_config(ROOT / 'configs/benchmarks/edits_faces.py', {
        'test_dataloader.dataset.length': 12, 'test_dataloader.dataset.size': 32})
    config = Config({**config, 'cases': 3, 'judge_size': 32, 'attributes': ATTRIBUTES})
    config.judge = dict(type='AttributeEmbedder', config=CLASSIFIER,
                        checkpoint=str(checkpoints['classifier']), attributes=ATTRIBUTES)
    config.attribute_regions = {name: config.attribute_regions[name] for name in ATTRIBUTES}
    cases = read_cases(config)
    effects = list(measure_edits(config, inferencer, cases))
    assert [effect.attribute for effect in effects] == list(ATTRIBUTES)
    assert all(len(effect.without) == 3 for effect in effects)
    assert any(not np.array_equal(effect.told_present, effect.told_absent) for effect in effects)
    assert edit_pictures(inferencer, cases, ['Eyeglasses', 'Smiling']).shape[2] == 3
