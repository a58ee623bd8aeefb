import hashlib
import json
from pathlib import Path
import runpy

from mmengine.logging import HistoryBuffer
import numpy as np
import pytest
import torch

from boostgan_plugin.apis.publishing import publish
from boostgan_plugin.apis.trained import build_trained
from tests.conftest import ROOT
from tests.test_checkpoint import Hostile

MADE_WITH = dict(
    versions=dict(torch='2.0'), revision=None, data=dict(train=dict(files=3, sha256='ab12'))
)


@pytest.fixture
def checkpoint(boostgan_weights, tmp_path):
    """As the Runner leaves it."""
    history = HistoryBuffer()
    history.update(np.float64(1.5))
    content = torch.load(boostgan_weights, weights_only=True)
    content.update(
        meta=dict(
            iter=7,
            epoch=0,
            seed=np.int64(3),
            time='now',
            cfg='work_dir = "/home/me"',
            provenance=MADE_WITH,
            dataset_meta=dict(classes=('sky', 'sea'), palette=np.zeros(3)),
        ),
        optimizer=dict(generator={}),
        param_schedulers=[],
        ema_state_dict=content['state_dict'],
        message_hub=dict(log_scalars=dict(loss=history)),
    )
    torch.save(content, tmp_path / 'iter_7.pth')
    return tmp_path / 'iter_7.pth'


@pytest.fixture
def run(capsys):
    """Run the tool; gives its exit code, output and errors."""

    def publish_model(*arguments):
        tool = runpy.run_path(str(ROOT / 'tools/publish_model.py'))
        capsys.readouterr()  # What the making of the checkpoint logged.
        return tool['main'](list(map(str, arguments))), *capsys.readouterr()

    return publish_model


def test_weights_alone_are_published(run, checkpoint, inference_config, tmp_path):
    _, said, _ = run(checkpoint, tmp_path / 'published')
    path = Path(said.strip())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert (path.parent, path.name) == (tmp_path / 'published', f'iter_7-{digest[:8]}.pth')
    content = torch.load(path, weights_only=True)
    assert content['meta'] == dict(
        iter=7, epoch=0, dataset_meta=dict(classes=['sky', 'sea']), provenance=MADE_WITH
    )
    assert b'/home' not in path.read_bytes() and bytes(tmp_path) not in path.read_bytes()
    assert content.keys() == {'meta', 'state_dict'}
    inpainter, _ = build_trained(inference_config, path)
    before = torch.load(checkpoint, weights_only=False)['state_dict']
    for name, value in inpainter.state_dict().items():
        assert torch.equal(value, before[name])


def test_the_same_checkpoint_gives_the_same_file(checkpoint, tmp_path):
    first, second = (publish(checkpoint, tmp_path / name) for name in 'ab')
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    'content', [dict(weights=1), [1], dict(state_dict=dict(w='text')), dict(state_dict={})]
)
def test_what_is_no_checkpoint(content, tmp_path):
    torch.save(content, tmp_path / 'x.pth')
    with pytest.raises(ValueError, match='x.pth holds no state_dict of weights'):
        publish(tmp_path / 'x.pth', tmp_path / 'out')
    assert not (tmp_path / 'out').exists()


def test_mistakes_are_said_without_a_traceback(run, tmp_path):
    torch.save(dict(state_dict={}, extra=Hostile(tmp_path / 'ran')), tmp_path / 'hostile.pth')
    (tmp_path / 'metrics.json').write_text(json.dumps(dict(psnr=1)))
    for name, words in [
        ('hostile.pth', 'holds more than weights'),
        ('none.pth', 'does not exist'),
        ('metrics.json', 'is broken or holds more'),
    ]:
        code, _, errors = run(tmp_path / name, tmp_path)
        assert (code, errors.startswith('error: '), words in errors) == (2, True, True)
    assert not (tmp_path / 'ran').exists()
