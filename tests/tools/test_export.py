import json
import runpy

import numpy as np
import pytest
import torch

from boostgan_plugin.apis.loading import load_backend
from boostgan_plugin.inference.photo_inpainter import PhotoInpainter
from boostgan_plugin.inference.pretrained import load_pretrained
from tests.conftest import ATTRIBUTES, ROOT, SIZE


@pytest.fixture
def config(inference_config, tmp_path):
    path = tmp_path / 'small.py'
    path.write_text(inference_config.pretty_text)
    return path


@pytest.fixture
def export(capsys):
    """Run the tool; gives its exit code, output and errors."""

    def run(*arguments):
        code = runpy.run_path(str(ROOT / 'tools/export.py'))['main'](list(map(str, arguments)))
        return code, *capsys.readouterr()

    return run


def test_one_file_with_a_card(export, config, boostgan_weights, tmp_path):
    content = torch.load(boostgan_weights, weights_only=True)
    made_with = dict(versions=dict(torch='2.0'), revision=None, data={})
    meta = dict(iter=70, seed=4, provenance=made_with, cfg="load_from = '/home/ada/old.pth'\n")
    torch.save({**content, 'meta': meta}, boostgan_weights)
    (tmp_path / 'metrics.json').write_text(json.dumps(dict(psnr=20.5)))
    out = tmp_path / 'new/face.safetensors'
    code, said, errors = export(
        config, boostgan_weights, '--out', out, '--metrics', tmp_path / 'metrics.json'
    )
    assert (code, str(out) in said) == (0, True), errors
    inpainter, info = load_pretrained(out)
    assert (info.name, info.attributes, info.window.image_size) == ('face', ATTRIBUTES, SIZE)
    card = (tmp_path / 'new/face.md').read_text()
    assert 'psnr' in card and '`tools/train.py small.py`, 70 iterations, going on from' in card
    assert 'ada' not in card
    assert '| seed | 4 |' in card and '| versions | torch 2.0 |' in card
    assert not [path for path in out.parent.iterdir() if bytes(tmp_path) in path.read_bytes()]
    assert sorted(path.name for path in out.parent.iterdir()) == ['face.md', 'face.safetensors']


def test_who_made_the_images_goes_with_the_weights(export, config, boostgan_weights, tmp_path):
    (tmp_path / 'LICENSES.md').write_text('# Ada drew all')
    command = (
        config,
        boostgan_weights,
        '--out',
        tmp_path / 'new/face.safetensors',
        '--licence',
        'CC-BY-SA-4.0',
        '--training-images',
    )
    code, _, errors = export(*command, tmp_path / 'LICENCES.md')
    assert code != 0 and 'LICENCES.md' in errors
    assert export(*command, tmp_path / 'LICENSES.md')[0] == 0
    card = (tmp_path / 'new/face.md').read_text()
    assert '| licence | CC-BY-SA-4.0 |' in card and '(face.images.md)' in card
    assert (tmp_path / 'new/face.images.md').read_text() == '# Ada drew all'


@pytest.mark.slow
def test_a_file_becomes_a_graph(export, config, boostgan_weights, tmp_path):
    pytest.importorskip('onnxruntime')
    release, graph = tmp_path / 'face.safetensors', tmp_path / 'graph/other.onnx'
    export(config, boostgan_weights, '--out', release)
    code, said, errors = export(release, '--out', graph)
    assert (code, 'differs from PyTorch by at most' in said) == (0, True), errors
    assert load_backend(graph).info.name == 'face'


@pytest.mark.slow
def test_both_formats_with_the_same_weights(export, config, boostgan_weights, tmp_path):
    pytest.importorskip('onnxruntime')
    graph, release = tmp_path / 'face.onnx', tmp_path / 'face.safetensors'
    code, said, errors = export(
        config, boostgan_weights, '--out', graph, release, '--share-weights'
    )
    assert (code, 'weights in face.safetensors' in said) == (0, True), errors
    assert b'site-packages' not in graph.read_bytes() and bytes(ROOT) not in graph.read_bytes()
    assert np.abs(restored(graph) - restored(release)).max() <= 1

    with_white_output(release)  # Other values in the same places are the weights from now on.
    assert restored(graph)[15:24, 15:24].min() > 250

    release.write_bytes(release.read_bytes().replace(b'"name":', b'"Name":', 1))
    with pytest.raises(ValueError, match='face.onnx was written for another face.safetensors'):
        load_backend(graph)
    release.unlink()
    with pytest.raises(ValueError, match='(?s)face.onnx is broken.*face.safetensors'):
        load_backend(graph)


def restored(model):
    """The same image, restored with a model."""
    pixels = np.random.default_rng(3).integers(0, 256, (40, 50, 3), np.uint8)
    photos = PhotoInpainter(load_backend(model, device='cpu'))
    (done,) = photos.restore(list(photos.requests([pixels], (9, 9, 30, 30))))
    return done.image.pixels.astype(int)


def with_white_output(release):
    """Change the bias of the last layer in a file of weights, and nothing else."""
    data = bytearray(release.read_bytes())
    start = 8 + int.from_bytes(data[:8], 'little')
    begin, end = json.loads(data[8:start])['generator.to_image.bias']['data_offsets']
    data[start + begin : start + end] = np.full(3, 10, np.float16).tobytes()
    release.write_bytes(data)


def test_mistakes_are_said_without_a_traceback(export, config, boostgan_weights, tmp_path):
    (tmp_path / 'wrong.json').write_text('["psnr"]')
    out = tmp_path / 'x.safetensors'
    for arguments, words in [
        (
            (config, boostgan_weights, '--out', tmp_path / 'x.pth'),
            'the ending says the format: .safetensors or .onnx',
        ),
        ((tmp_path / 'none.py', boostgan_weights, '--out', out), 'none.py does not exist'),
        ((config, tmp_path / 'none.pth', '--out', out), 'none.pth does not exist'),
        ((config, '--out', out), 'BoostGAN has weights: give a checkpoint'),
        (
            (config, boostgan_weights, '--out', out, '--metrics', tmp_path / 'wrong.json'),
            'expected numbers by name',
        ),
        (
            ('faces', '--out', tmp_path / 'x.onnx', '--share-weights'),
            'x.safetensors does not exist, so',
        ),
        (('faces', '--out', out), 'it can be written as .onnx'),
        (('telea', '--out', out), 'nothing to export'),
        (('photo', '--out', out), 'photo does not exist: give a training config'),
        ((boostgan_weights, '--out', out), 'expected a training config'),
    ]:
        code, _, errors = export(*arguments)
        last = errors.strip().splitlines()[-1]
        assert (code, last.startswith('error: '), 'Traceback' in errors) == (2, True, False)
        assert words in last
    assert not out.exists()
