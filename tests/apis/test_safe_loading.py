"""No file that a training loads runs what it holds, by whichever way it is loaded."""

from copy import deepcopy
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
import os
from pathlib import Path
import pickle
import threading

from mmengine.runner import CheckpointLoader
import pytest
import torch

from boostgan_plugin.apis import train
from boostgan_plugin.checkpoint import only_weights
from boostgan_plugin.registry import MODELS
from tests.conftest import CLASSIFIER, COMPLETER, SEGMENTOR
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
@pytest.mark.parametrize('config, scope', [(CLASSIFIER, 'mmpretrain'), (SEGMENTOR, 'mmseg'),
                                           (COMPLETER, 'mmseg')])
def test_pretrained_parts(part, config, scope, hostile):
    config = deepcopy(config)
    (config[part] if part else config)['init_cfg'] = pretrained(hostile)
    with only_weights(), pytest.raises(ValueError, match='hostile.pth is broken or holds more'):
        initialise(config, scope)
    assert not hostile.with_name('ran').exists()


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


def test_weights_with_fewer_channels_are_still_taken(checkpoints, tmp_path):
    """As segmentation_faces_told.py starts; from a work directory, too."""
    (tmp_path / 'iter_3.pth').write_bytes(checkpoints['completer'].read_bytes())
    stored = torch.load(checkpoints['completer'])['state_dict']['backbone.stem.conv.weight']
    config = dict(COMPLETER, backbone=dict(COMPLETER['backbone'], num_attributes=3))
    for source in (checkpoints['completer'], tmp_path):
        with only_weights():
            network = initialise(dict(config, init_cfg=pretrained(source)), 'mmseg')
        stem = network.backbone.stem.conv.weight
        assert torch.equal(stem[:, :-3], stored) and not stem[:, -3:].any()
