"""Every table can be made: its rows are there, and it tests a method on a fixture of its data."""

from itertools import chain
from pathlib import Path

import cv2
import numpy as np
import pytest

from boostgan_plugin.apis import load_config
from boostgan_plugin.apis.benchmark import _check_fairness, _own_options, _tested_model
from boostgan_plugin.apis.evaluation import evaluate
from boostgan_plugin.apis.stages import needed_networks
from boostgan_plugin.models.semantic_sources import SEMANTIC_SOURCES
from tests.conftest import ROOT, save_random

BENCHMARKS = ROOT / 'configs/benchmarks'
PAPERS = [
    *((path, {}) for path in sorted(BENCHMARKS.glob('table*.py'))),
    (BENCHMARKS / 'table2_faces.py', dict(method='plus')),
    *((BENCHMARKS / 'table1_256px.py', dict(data=data)) for data in ('celebahq', 'places2')),
    *(
        (BENCHMARKS / 'table3_retrieval.py', dict(queries=queries))
        for queries in ('paris', 'oxford', 'caltech256')
    ),
]
TABLES = [*PAPERS, (BENCHMARKS / 'semantics_faces.py', {})]
SCOPES = dict(AttributeEmbedder='mmpretrain', SegmentationEmbedder='mmseg')


def write_image(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    small = np.random.default_rng(seed).integers(0, 256, (8, 10, 3), dtype=np.uint8)
    cv2.imwrite(str(path), cv2.resize(small, (300, 280)))


@pytest.fixture(scope='module')
def data(tmp_path_factory) -> Path:
    """Six images: a split folder, a list, a benchmark of buildings and one of categories."""
    root = tmp_path_factory.mktemp('data')
    for index in range(6):
        write_image(root / f'test/{index}.jpg', index)
        write_image(root / f'256_ObjectCategories/001.ak47/001_{index:04}.jpg', index)
    (root / 'inpainting_test.txt').write_text(''.join(f'test/{index}.jpg\n' for index in range(6)))
    (root / 'hall_1_query.txt').write_text('oxc1_1 0 0 9 9\n')
    return root


def name(value: Path | dict) -> str:
    return value.stem if isinstance(value, Path) else '_'.join(value.values()) or 'as written'


@pytest.mark.parametrize(('path', 'options'), PAPERS, ids=name)
def test_rows_are_trained_alike_and_named_as_in_the_paper(path, options):
    config = load_config(path, options)
    trainings = {
        method.name: load_config(method.config, {**options, **_own_options(method)})
        for method in config.methods
        if 'config' in method
    }
    _check_fairness(trainings)
    systems = 6 if 'faces' in path.stem else 5  # Of the paper, and of faces ours.
    assert len(trainings) == (11 if 'table2' in path.stem else systems)
    assert set(config.paper.rows) <= {method.name for method in config.methods}
    assert all(len(row) == len(config.paper.columns) for row in config.paper.rows.values())


def with_defaults(model: dict) -> dict:
    return dict(semantics='predicted', teacher_forcing_prob=0) | dict(model)


def test_the_rows_of_what_semantics_bring_differ_in_nothing_else():
    rows = load_config(ROOT / 'configs/benchmarks/semantics_faces.py').methods
    trainings = {row.name: load_config(row.config, _own_options(row)) for row in rows}
    _check_fairness(trainings)
    for row in rows:
        name, _, source = row.name.partition(', ')
        expected = with_defaults(trainings[f'{name}, predicted'].model)
        if source == 'none':
            expected.update(semantics='none', teacher_forcing_prob=0)
        assert with_defaults(trainings[row.name].model) == expected
        tested = _tested_model(row, _own_options(row))
        assert with_defaults(tested) == dict(expected, semantics=source)
    assert {row.name.partition(', ')[2] for row in rows} == SEMANTIC_SOURCES.keys()


def test_the_rows_of_what_a_better_ws_brings_differ_in_its_weights_alone():
    rows = load_config(BENCHMARKS / 'semantics_faces.py', dict(method='readers')).methods
    models = [_tested_model(row, _own_options(row)) for row in rows]
    steps = []
    for model in models:
        checkpoint = model.segmentation_embedder.pop('checkpoint')
        steps.append(int(checkpoint.removesuffix('.pth').rpartition('_')[2]))
    assert steps == sorted(set(steps)) and len(steps) > 2
    assert all(model == models[0] for model in models)
    training = load_config(ROOT / 'configs/embedders/segmentation_faces_plus.py')
    assert steps[-1] == training.train_cfg.max_iters


@pytest.mark.parametrize(
    ('data', 'options'), [('faces', {}), ('faces', dict(method='plus')), ('places2', {})], ids=str
)
def test_the_rows_of_table_2_are_what_they_say(data, options):
    for method in load_config(ROOT / f'configs/benchmarks/table2_{data}.py', options).methods:
        loss = load_config(method.config, _own_options(method)).model.loss
        assert method.name == f'λa = {loss.lambda_attribute}, λs = {loss.lambda_segmentation}'


@pytest.mark.parametrize(('path', 'options'), TABLES, ids=name)
def test_a_method_is_tested(path, options, data, tmp_path):
    config = load_config(path, dict(options, data_root=str(data)))
    loader = config.test_dataloader
    loader.update(batch_size=2, num_workers=0)
    if loader.dataset.type == 'RenderedFaces':
        loader.dataset.length = 4
    for evaluator in (
        [config.test_evaluator] if 'type' in config.test_evaluator else config.test_evaluator
    ):
        if 'judge' in evaluator:
            judge = evaluator.judge
            judge.checkpoint = str(
                save_random(
                    load_config(judge.config).model, SCOPES[judge.type], tmp_path / judge.type
                )
            )
        if evaluator.type == 'RetrievalMAP':
            evaluator.update(top_k=2, cache=str(tmp_path / 'cache'))
            evaluator.features = dict(type='EfficientNetLiteFeatures', size=64)
            if evaluator.gallery.type == 'RenderedFaces':
                evaluator.gallery.length = 4
            else:
                evaluator.gallery.data_root = loader.dataset.data_root = str(data)
    assert not needed_networks(config)
    model = dict(type='TrainingFree', generator=dict(type='MeanFill'))
    metrics = evaluate(config, tmp_path, model).metrics
    for column in chain(*config.columns.values()):
        assert column.key in metrics, column.key
    if 'table3' in path.stem:
        assert 0 < metrics['retrieval/mAP'] <= 100
