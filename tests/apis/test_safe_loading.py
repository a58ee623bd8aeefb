"""No file runs what it holds, by whichever way it is loaded."""

import ast
import contextlib
from copy import deepcopy
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
import os
from pathlib import Path
import pickle
import threading

import cv2
from mmengine.config import Config
from mmengine.runner import CheckpointLoader
import numpy as np
import pytest
import torch

from boostgan_plugin.apis import load_config, train
from boostgan_plugin.apis import test as run_test
from boostgan_plugin.apis.benchmark import run_benchmark
from boostgan_plugin.apis.config_tree import mappings
from boostgan_plugin.apis.evaluation import evaluate
from boostgan_plugin.checkpoint import only_weights
from boostgan_plugin.datasets.scan import scan
from boostgan_plugin.registry import MODELS
from tests.conftest import (
    ATTRIBUTES,
    CLASSIFIER,
    COMPLETER,
    ROOT,
    SEGMENTOR,
    SIZE,
    run_script,
    save_random,
)
from tests.end_to_end.small_trainings import resumed, small_training
from tests.test_checkpoint import Hostile


@pytest.fixture
def hostile(tmp_path) -> Path:
    """A checkpoint whose payload would write ``ran`` beside it."""
    path = tmp_path / 'hostile.pth'
    torch.save(dict(state_dict={}, meta={}, extra=Hostile(tmp_path / 'ran')), path)
    return path


def pretrained(path) -> dict:
    return dict(type='Pretrained', checkpoint=str(path))


def initialise(config: dict, scope: str) -> torch.nn.Module:
    network = MODELS.build(dict(deepcopy(config), _scope_=scope))
    network.init_weights()
    return network


@pytest.mark.parametrize('part', [None, 'backbone'])
@pytest.mark.parametrize(
    'config, scope', [(CLASSIFIER, 'mmpretrain'), (SEGMENTOR, 'mmseg'), (COMPLETER, 'mmseg')]
)
def test_pretrained_parts(part, config, scope, hostile):
    config = deepcopy(config)
    (config[part] if part else config)['init_cfg'] = pretrained(hostile)
    with only_weights(), pytest.raises(ValueError, match='hostile.pth is broken or holds more'):
        initialise(config, scope)
    assert not hostile.with_name('ran').exists()


# Routes of one file ------------------------------------------------------------------------------


class Place:
    """A small model, its data, and a hostile file to be put somewhere."""

    def __init__(self, folder: Path, model: Config, weights: Path, hostile: Path) -> None:
        self.folder, self.weights, self.hostile = folder, weights, hostile
        cv2.imwrite(str(folder / 'photo.png'), np.zeros((SIZE, SIZE, 3), np.uint8))
        self.model = folder / 'model.py'
        self.model.write_text(model.pretty_text)

    def tool(self, name: str, *arguments) -> None:
        """Run a tool, which has to fail."""
        assert run_script(ROOT / f'tools/{name}.py', *arguments) != 0

    def copy(self, name: str) -> Path:
        """The hostile file under another name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.hostile.read_bytes())
        return path

    def faces(self) -> Config:
        """Two drawn faces to test with."""
        config = load_config(ROOT / 'configs/boostgan_faces.py', work_dir=self.folder / 'work')
        config.model = Config.fromfile(self.model).model
        config.test_dataloader.update(batch_size=2, num_workers=0)
        config.test_dataloader.dataset.update(length=2, size=SIZE)
        return config

    def pickled(self, name: str) -> Path:
        """A plain pickle, as lists of samples are."""
        path = self.folder / name
        path.write_bytes(pickle.dumps(Hostile(self.folder / 'ran')))
        return path


def by_testing(place):
    run_test(place.faces(), place.hostile)


def by_testing_a_training_whose_embedder_it_is(place):
    config = place.faces()
    config.model.segmentation_embedder.checkpoint = str(place.hostile)
    run_test(config, place.weights)


def by_publishing(place):
    place.tool('publish_model', place.hostile, place.folder / 'out')


def by_exporting_a_checkpoint(place):
    place.tool('export', place.model, place.hostile, '--out', place.folder / 'x.safetensors')


def by_exporting_a_file(place):
    place.tool('export', place.copy('x.safetensors'), '--out', place.folder / 'x.onnx')


def inpaint(place, *arguments):
    place.tool(
        'inpaint',
        '--image',
        place.folder / 'photo.png',
        '--mask',
        place.folder / 'photo.png',
        '--out',
        place.folder / 'out.png',
        *arguments,
    )


def by_restoring_with_a_checkpoint(place):
    inpaint(place, '--model', place.model, '--weights', place.hostile)


def by_restoring_with_a_work_directory(place):
    inpaint(place, '--model', place.model, '--weights', place.copy('work/iter_2.pth').parent)


def by_restoring_with_safetensors(place):
    inpaint(place, '--model', place.copy('x.safetensors'))


def by_restoring_with_a_graph(place):
    pytest.importorskip('onnxruntime')
    inpaint(place, '--model', place.copy('x.onnx'))


def by_drawing_a_montage(place):
    place.tool(
        'montage',
        ROOT / 'configs/benchmarks/edits_faces.py',
        '--model',
        place.model,
        '--weights',
        place.hostile,
        '--out',
        place.folder / 'sheet.png',
    )


def by_measuring_edits(place):
    config = load_config(ROOT / 'configs/benchmarks/edits_faces.py')
    config.judge = dict(
        type='AttributeEmbedder', config=CLASSIFIER, attributes=ATTRIBUTES, checkpoint='not trained'
    )
    config.dump(place.folder / 'study.py')
    place.tool(
        'measure_edits',
        place.folder / 'study.py',
        '--model',
        place.model,
        '--weights',
        place.weights,
        '--judge',
        place.hostile,
        '--region-judge',
        place.hostile,
        '--out',
        place.folder / 'out',
    )


def by_a_table_of_a_finished_training(place):
    name = place.model.stem
    write_table(place)
    place.copy(f'work/{name}/seed_0/iter_1.pth')
    run_benchmark(place.folder / 'table.py', [0], place.folder / 'work', place.folder / 'out')


def write_table(place):
    config = place.faces()
    for loader in (config.train_dataloader, config.val_dataloader):
        loader.update(num_workers=0, persistent_workers=False)
    config.train_cfg.max_iters = 1
    config.pop('work_dir')
    config.dump(place.model)
    table = Config(
        dict(
            _base_=[
                str(ROOT / 'configs/_base_/datasets/faces.py'),
                str(ROOT / 'configs/_base_/runtime.py'),
            ],
            title='A table',
            methods=[dict(name='BoostGAN', config=str(place.model))],
            columns={'Whole': [dict(key='pixel/psnr', title='PSNR', better='larger')]},
            test_dataloader=config.test_dataloader,
            test_cfg=dict(),
        )
    )
    (place.folder / 'table.py').write_text(table.pretty_text)


def by_samples_of_an_earlier_test(place):
    config, model = place.faces(), dict(type='TrainingFree', generator=dict(type='MeanFill'))
    config.test_evaluator = [dict(type='PixelMetrics')]
    evaluate(config, place.folder / 'out', model)
    held = np.array([Hostile(place.folder / 'ran')], dtype=object)
    np.savez(
        place.folder / 'out/samples.npz', target_0=held, mask_0=held, output_0=held, restored_0=held
    )
    evaluate(config, place.folder / 'out', model)


def by_vgg_features(place):
    MODELS.build(dict(type='VGG16Features', checkpoint=str(place.hostile)))


def by_efficientnet_features(place):
    pytest.importorskip('efficientnet_lite_pytorch')
    MODELS.build(dict(type='EfficientNetLiteFeatures', checkpoint=str(place.hostile)))


def labelled_by(path: Path) -> Config:
    config = load_config(
        ROOT / 'configs/embedders/attribute_celeba_fast.py',
        {'data_root': str(path.parent)},
        path.parent / 'work',
    )
    for node in mappings(config._cfg_dict):
        if 'ann_file' in node:
            node['ann_file'] = path.name
        if 'num_workers' in node:
            node.update(num_workers=0, persistent_workers=False)
    return config


def by_labels(place):
    train(labelled_by(place.pickled('labels.pkl')))


def by_labels_that_are_not_checked(place):
    config = labelled_by(place.pickled('labels.pkl'))
    config.data_check = None
    train(config)


def by_labels_of_a_test(place):
    config = labelled_by(place.pickled('labels.pkl'))
    path = save_random(config.model, 'mmpretrain', place.folder / 'network.pth')
    run_test(config, path)


def by_weights_of_classes(place):
    config = place.faces()
    config.model.segmentation_embedder.config.decode_head.loss_decode.class_weight = str(
        place.pickled('weights.pkl')
    )
    run_test(config, place.weights)


#: They say so in their own words.
OF_TOOLS = (
    'by_publishing',
    'by_exporting_a_checkpoint',
    'by_exporting_a_file',
    'by_restoring_with_a_checkpoint',
    'by_restoring_with_a_work_directory',
    'by_restoring_with_safetensors',
    'by_restoring_with_a_graph',
    'by_drawing_a_montage',
    'by_measuring_edits',
)
ROUTES = {name: route for name, route in list(globals().items()) if name.startswith('by_')}


@pytest.mark.parametrize('route', ROUTES)
def test_routes(route, hostile, inference_config, boostgan_weights, tmp_path):
    place = Place(tmp_path, inference_config, boostgan_weights, hostile)
    refused = (
        contextlib.nullcontext()
        if route in OF_TOOLS
        else pytest.raises(ValueError, match='refused|holds more than weights|no JSON|allow_pickle')
    )
    with refused:
        ROUTES[route](place)
    assert not (tmp_path / 'ran').exists()


def test_what_was_remembered_of_files(tmp_path, monkeypatch):
    """It is as if there were nothing."""
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
    note = tmp_path / 'boostgan_plugin/whole_files.npy'
    note.parent.mkdir()
    np.save(note, np.array([Hostile(tmp_path / 'ran')], dtype=object))
    assert scan([__file__], lambda path: None, 'text', 1).opened == 1
    assert not (tmp_path / 'ran').exists()


#: What can run what a file holds, unless it is told not to.
CARELESS = {
    'load',
    'loads',
    'load_url',
    'load_state_dict_from_url',
    'load_checkpoint',
    'read_pickle',
    'Unpickler',
}
#: Those that cannot: where they are, and on what.
CAREFUL = {
    ('checkpoint.py', 'torch.load'),
    ('faults.py', 'image.load'),
    ('images.py', 'opened.load'),
    ('page.py', 'page.load'),
    ('tiff.py', 'exif.load'),
}


def test_no_other_route():
    """Whoever writes one adds it above."""
    found = set()
    for path in [*(ROOT / 'boostgan_plugin').rglob('*.py'), *(ROOT / 'tools').rglob('*.py')]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                name = ast.unparse(node.func)
                options = {option.arg: ast.unparse(option.value) for option in node.keywords}
                careful = name.startswith('json.') or options.get('allow_pickle') == 'False'
                if node.func.attr in CARELESS and not careful:
                    found.add((path.name, name))
    assert found == CAREFUL


# Trainings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize('route', ['init_cfg', 'load_from', 'resume', 'embedder'])
def test_trainings(route, hostile, boostgan_config, tmp_path):
    config = small_training(boostgan_config, tmp_path / 'work')
    if route == 'init_cfg':
        config.model.init_cfg = pretrained(hostile)
    elif route == 'load_from':
        config.load_from = str(hostile)
    elif route == 'embedder':
        config.model.attribute_embedder.checkpoint = str(hostile)
    else:
        config = resumed(config)
        (tmp_path / 'work').mkdir()
        (tmp_path / 'work/iter_2.pth').write_bytes(hostile.read_bytes())
    with pytest.raises(ValueError, match='is broken or holds more than weights'):
        train(config)
    assert not hostile.with_name('ran').exists()


def test_downloads(hostile, tmp_path, monkeypatch):
    monkeypatch.setenv('TORCH_HOME', str(tmp_path / 'torch'))
    monkeypatch.setenv('no_proxy', '127.0.0.1')
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(('127.0.0.1', 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with only_weights(), pytest.raises(pickle.UnpicklingError):
            CheckpointLoader.load_checkpoint(f'http://127.0.0.1:{server.server_port}/hostile.pth')
        server.shutdown()
    assert list((tmp_path / 'torch').rglob('hostile*.pth')) and not (tmp_path / 'ran').exists()


def test_whoever_calls_torch(hostile, monkeypatch):
    monkeypatch.setenv('TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD', '1')
    with only_weights(), pytest.raises(pickle.UnpicklingError):
        torch.load(hostile, weights_only=False)
    assert not hostile.with_name('ran').exists()
    assert os.environ['TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD'] == '1'
    assert 'TORCH_FORCE_WEIGHTS_ONLY_LOAD' not in os.environ
    assert CheckpointLoader._schemes[''].__module__ == 'mmengine.runner.checkpoint'


def test_weights_of_a_network_without_attributes_are_taken(checkpoints, tmp_path):
    """As segmentation_faces_told.py starts; from a work directory, too."""
    (tmp_path / 'iter_3.pth').write_bytes(checkpoints['completer'].read_bytes())
    stored = torch.load(checkpoints['completer'])['state_dict']
    config = dict(COMPLETER, backbone=dict(COMPLETER['backbone'], num_attributes=3))
    for source in (checkpoints['completer'], tmp_path):
        with only_weights():
            network = initialise(dict(config, init_cfg=pretrained(source)), 'mmseg')
        for key, value in network.state_dict().items():
            begins = torch.zeros_like(value) if '.attributes.' in key else stored[key]
            assert torch.equal(value, begins), key
