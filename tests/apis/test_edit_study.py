from copy import deepcopy
from dataclasses import replace
from itertools import combinations
import json
from pathlib import Path

from mmengine.config import Config
import numpy as np
import pytest

from boostgan_plugin.apis import InpaintingInferencer, load_config
from boostgan_plugin.apis.edit_study import (
    Compared,
    EditSample,
    EditStudy,
    leakage,
    pixel_leakage,
    read_cases,
    run_edit_study,
    success,
)
from boostgan_plugin.apis.edit_tables import READ_IN, Findings, Followed, read_findings
from boostgan_plugin.datasets.face_renderer import REGIONS, draw_face, sample_face
from boostgan_plugin.inference.backends import ModelInfo, ModelOutputs
from boostgan_plugin.inference.windows import WindowConfig
from tests.conftest import ATTRIBUTES, CLASSIFIER, ROOT, SEGMENTOR, SIZE, run_script, save_random

CONFIG = ROOT / 'configs/benchmarks/edits_faces.py'
TEST_FACES = 4_000_000
READS_REGIONS = deepcopy(SEGMENTOR)
READS_REGIONS['decode_head']['num_classes'] = len(REGIONS)


@pytest.fixture(scope='session')
def segmentor(tmp_path_factory):
    """Random weights of a segmentor that reads the parts of faces."""
    return save_random(READS_REGIONS, 'mmseg', tmp_path_factory.mktemp('parts') / 'segmentor.pth')


@pytest.fixture
def config(checkpoints, segmentor) -> Config:
    """The study cut down to 12 small faces and three attributes."""
    full = load_config(
        CONFIG, {'test_dataloader.dataset.length': 12, 'test_dataloader.dataset.size': SIZE}
    )
    small = Config(
        {
            **full,
            'cases': 3,
            'judge_size': SIZE,
            'attributes': list(ATTRIBUTES),
            'pictured': ['Eyeglasses', 'Smiling'],
        }
    )
    small.attribute_regions = {name: full.attribute_regions[name] for name in ATTRIBUTES}
    for part in small.whole_parts.values():
        part.attributes = [name for name in part.attributes if name in ATTRIBUTES]
    small.judge = dict(
        type='AttributeEmbedder',
        config=CLASSIFIER,
        checkpoint=str(checkpoints['classifier']),
        attributes=ATTRIBUTES,
    )
    small.region_judge = dict(
        type='SegmentationEmbedder',
        config=READS_REGIONS,
        checkpoint=str(segmentor),
        classes=REGIONS,
    )
    return small


@pytest.fixture
def faces_model(boostgan_config, segmentor, tmp_path) -> tuple[Config, str]:
    """A small BoostGAN that is told parts of faces, and a checkpoint of random weights."""
    model = boostgan_config
    model.generator.num_classes = model.discriminator.segmentation.num_classes = len(REGIONS)
    model.segmentation_embedder.update(
        config=READS_REGIONS, checkpoint=str(segmentor), classes=REGIONS
    )
    path = save_random(model, 'boostgan', tmp_path / 'faces.pth')
    return Config(dict(model=model, inference=dict(image_size=SIZE, context=8))), str(path)


class Obedient:
    """Paints the number of the class that is told, 20 grey levels each, and 51 more where any
    attribute is told to be there."""

    info = ModelInfo('obedient', WindowConfig(SIZE, 8), ATTRIBUTES, REGIONS)

    def __call__(self, inputs):
        grey = 20.0 * np.maximum(inputs.segmentation, 0)
        grey += 51 * (inputs.attributes == 1).any(1)[:, None, None, None]
        return ModelOutputs(
            np.repeat(grey / 127.5 - 1, 3, axis=1).astype(np.float32),
            inputs.attributes,
            inputs.segmentation[:, 0],
        )


@pytest.fixture
def obedient(faces_model) -> InpaintingInferencer:
    inferencer = InpaintingInferencer(*faces_model, device='cpu')
    inferencer.model = Obedient()
    return inferencer


def _findings(folder: Path) -> Findings:
    path = folder / 'edits.json'
    return read_findings(path, json.loads(path.read_text())['key'])


def test_success_by_hand():
    told = Compared(
        without=np.array([0.9, 0.2, 0.4, 0.1]),
        present=np.array([0.9, 0.6, 0.8, 0.1]),
        absent=np.array([0.1, 0.2, 0.6, 0.1]),
    )
    drawn_present, drawn_absent = np.array([1, 1, 1, 0]), np.array([0, 1, 1, 1])
    present, absent = success(told, drawn_present, drawn_absent)
    towards = np.array([0, 0.4, 0.4, 0])
    error = 100 * towards.std(ddof=1) / 2
    assert present == Followed(25, 75, 75, pytest.approx(20), pytest.approx(error))
    error = pytest.approx(22.17, abs=0.01)
    assert absent == Followed(75, 75, 25, pytest.approx(15), error)


def test_leakage_by_hand():
    names, tied = ('Bangs', 'Hat', 'Male', 'Young'), [['Bangs', 'Hat'], ['Male', 'Young']]
    without = np.full((2, 4), 0.5)
    present = without + [[0.5, -0.4, 0.1, 0.3], [0.5, 0, -0.1, 0.1]]
    absent = without + [[-0.5, 0.4, 0, 0], [0, 0, 0, 0]]
    found = leakage(Compared(without, present, absent), names, 'Bangs', tied)
    assert found['changes'] == pytest.approx(dict(Hat=0.2, Male=0.05, Young=0.1))
    assert found['leakage'] == pytest.approx(0.075)
    assert found['leakage_with_tied'] == pytest.approx(0.35 / 3)
    alone = leakage(Compared(without, present, absent), names, 'Bangs', [names])
    assert np.isnan(alone['leakage']) and alone['changes'] == found['changes']


def test_pixel_leakage_by_hand():
    without = np.full((1, 2, 2, 3), 100, np.uint8)
    present, absent = without.copy(), without.copy()
    present[0, 0, 0], present[0, 1, 1] = (49, 100, 151), 255
    absent[0, 0, 1] = 49
    elsewhere = np.array([[[True, True], [False, False]]])
    # Of six values two change by 51 when told present; three when told absent.
    assert pixel_leakage(Compared(without, present, absent), elsewhere) == pytest.approx(
        (0.2 * 2 / 6 + 0.2 * 3 / 6) / 2
    )
    assert np.isnan(pixel_leakage(Compared(without, present, absent), elsewhere & False))


def test_tied_are_those_of_which_a_combination_is_never_drawn():
    config = load_config(CONFIG)
    drawn = np.array([sample_face(index).attribute_vector() for index in range(4000)])
    never = {
        tuple(config.attributes[number] for number in pair)
        for pair in combinations(range(len(config.attributes)), 2)
        if len(np.unique(drawn[:, pair], axis=0)) < 4
    }
    assert never == {pair for group in config.tied for pair in combinations(sorted(group), 2)}


def test_names_of_the_config_are_known():
    config = load_config(CONFIG)
    named = [
        *config.all_over,
        *config.pictured,
        *(name for part in config.whole_parts.values() for name in part.attributes),
    ]
    assert set(named) <= set(config.attributes)


def test_cases_are_test_faces_with_what_their_holes_can_show():
    config = load_config(CONFIG, {'test_dataloader.dataset.length': 30})
    cases = read_cases(config)
    assert len(cases) == 30
    for case in cases:
        assert case.image.shape == (128, 128, 3) and case.hole.shape == (128, 128)
        assert case.regions.shape == (128, 128) and case.regions.max() < len(REGIONS)
        assert 0.05 < case.hole.mean() < 0.45
    shown = np.array([case.shown for case in cases])
    assert shown.any(1).mean() > 0.5 and not shown.all(1).any()
    names = list(config.attributes)
    assert np.array_equal(shown[:, names.index('Smiling')], shown[:, names.index('Mustache')])


@pytest.mark.parametrize(
    ('hole', 'attribute', 'ratio'),
    [
        ('mouth', 'Mustache', 0.99),
        ('mouth', 'Mouth_Slightly_Open', 0.99),
        ('eyes', 'Eyeglasses', 0.97),
        ('eyes', 'Bushy_Eyebrows', 0.99),
        ('hair', 'Wavy_Hair', 0.99),
    ],
)
def test_holes_for_whole_parts_hold_what_is_drawn_there(hole, attribute, ratio):
    config = load_config(CONFIG, {'test_dataloader.dataset.length': 20})
    number = config.attributes.index(attribute)
    inside = everywhere = 0
    for index, case in enumerate(read_cases(config, hole)):
        face = sample_face(TEST_FACES + index)
        other = replace(face, traits=face.traits ^ {attribute})
        change = np.abs(draw_face(face, 128).image - draw_face(other, 128).image.astype(float))
        if case.shown[number]:
            assert case.hole.mean() < 0.6
            inside += change[case.hole].sum()
            everywhere += change.sum()
    assert inside > ratio * everywhere > 0


def test_what_is_told_of_regions_is_what_is_compared(config, obedient):
    rng = np.random.default_rng(0)
    config.judge_size = SIZE // 2
    hole = np.zeros((SIZE, SIZE), bool)
    hole[4:20, 10:28] = True
    cases = []
    for number in range(3):
        labels = np.kron(rng.integers(0, len(REGIONS), (SIZE // 2, SIZE // 2)), np.ones((2, 2)))
        regions = labels.astype(np.uint8)
        image = np.repeat(20 * regions[..., None], 3, axis=2)
        cases.append(EditSample(number, image, regions, hole, np.ones(3, bool)))
    study = EditStudy(config, obedient)
    study.region_judge = lambda images: ((images[:, :1] + 1) * 127.5 / 20).round().byte()
    found = {told: study.measure_regions(cases, told) for told in READ_IN}
    assert found['true']['true'] == found['another']['another'] == 100
    assert found['original'] == found['true'] and found['pasted'] == found['another']
    for told, against in (
        ('true', 'another'),
        ('another', 'true'),
        ('nothing', 'true'),
        ('nothing', 'another'),
    ):
        assert found[told][against] < 12


def test_what_changes_elsewhere_is_seen(config, obedient):
    study, cases = EditStudy(config, obedient), read_cases(config)
    study.judge = lambda images: (images.mean((1, 2, 3))[:, None].expand(-1, 3) + 1) / 2
    effect = study.measure_edit(cases, 'Smiling')
    assert (effect.faces, effect.hole, effect.attribute) == (3, 'random', 'Smiling')
    # Told present every pixel of the hole is 51 grey levels lighter, told absent none is.
    assert effect.pixel_leakage == pytest.approx(0.1)
    ratio = np.mean([case.hole.mean() for case in cases if case.shown[2]][:3])
    assert effect.changes == pytest.approx(dict(Eyeglasses=0.1 * ratio, Male=0.1 * ratio))
    assert effect.leakage == effect.leakage_with_tied == pytest.approx(0.1 * ratio)
    assert effect.present.shift == pytest.approx(20 * ratio) and effect.absent.shift == 0
    assert study.measure_edit(cases[:1], 'Smiling') is None


def test_a_model_of_other_names_is_refused(config, inference_config, boostgan_weights):
    inferencer = InpaintingInferencer(inference_config, boostgan_weights, device='cpu')
    with pytest.raises(ValueError, match='reads the regions background, skin, eye, hair, but told'):
        EditStudy(config, inferencer)


def test_each_attribute_and_map_is_told_and_judged(config, faces_model, tmp_path):
    page = run_edit_study(config, *faces_model, tmp_path)
    text = page.read_text()
    for heading in (
        'Attributes, in short',
        'Regions',
        'Each attribute',
        'How to read it',
        'The run',
    ):
        assert f'\n## {heading}\n' in text
    assert '| Smiling | mouth | 3 |' in text and '| Eyeglasses | eyes | 3 |' in text
    findings = _findings(tmp_path)
    assert [(effect.hole, effect.attribute) for effect in findings.effects] == [
        *(('random', name) for name in ATTRIBUTES),
        ('mouth', 'Smiling'),
        ('eyes', 'Eyeglasses'),
    ]
    assert any(effect.present.shift != -effect.absent.shift for effect in findings.effects)
    assert list(findings.regions) == list(READ_IN)
    assert all(0 <= value <= 100 for each in findings.regions.values() for value in each.values())
    assert (tmp_path / 'edits.png').is_file()


def test_a_study_goes_on_where_it_was_interrupted(config, faces_model, tmp_path, capsys):
    run_edit_study(config, *faces_model, tmp_path)
    path, whole = tmp_path / 'edits.json', _findings(tmp_path)
    content = json.loads(path.read_text())
    kept = content['effects'][0]
    kept['faces'] = 77  # It would be put right if it were measured again.
    path.write_text(json.dumps({**content, 'effects': [kept], 'regions': {}}))
    capsys.readouterr()
    run_edit_study(config, *faces_model, tmp_path)
    assert capsys.readouterr().out.startswith(f'1 of 10 measured before, in {tmp_path}\n[2/10]')
    again = _findings(tmp_path)
    assert again.effects[0].faces == 77
    assert (again.effects[1:], again.regions) == (whole.effects[1:], whole.regions)
    run_edit_study(Config({**config, 'cases': 2}), *faces_model, tmp_path)
    assert [effect.faces for effect in _findings(tmp_path).effects] == [2] * 5


def test_the_tool_measures_what_its_arguments_name(config, faces_model, tmp_path, capsys):
    model, weights = faces_model
    classifier, segmentor = config.judge.checkpoint, config.region_judge.checkpoint
    config.judge.checkpoint = config.region_judge.checkpoint = 'not trained yet'
    config.dump(tmp_path / 'study.py')
    model.dump(tmp_path / 'model.py')
    call = (
        ROOT / 'tools/measure_edits.py',
        tmp_path / 'study.py',
        '--model',
        tmp_path / 'model.py',
        '--weights',
        weights,
        '--out',
        tmp_path / 'out',
    )
    assert run_script(*call, '--judge', classifier) == 2
    assert 'checkpoint not trained yet does not exist: train it first' in capsys.readouterr().err
    assert run_script(*call, '--judge', classifier, '--region-judge', segmentor) == 0
    assert len(_findings(tmp_path / 'out').effects) == 5
