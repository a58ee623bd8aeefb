import json
import runpy

import pytest
import torch

from boostgan_plugin.apis.loading import load_restorer
from boostgan_plugin.inference.release import load_release
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
    torch.save({**content, 'meta': dict(iter=70)}, boostgan_weights)
    (tmp_path / 'metrics.json').write_text(json.dumps(dict(psnr=20.5)))
    out = tmp_path / 'new/face.safetensors'
    code, said, errors = export(config, boostgan_weights, '--out', out,
                                '--metrics', tmp_path / 'metrics.json')
    assert (code, str(out) in said) == (0, True), errors
    inpainter, traits = load_release(out)
    assert (traits.name, traits.attributes, traits.scale.image_size) == ('face', ATTRIBUTES, SIZE)
    card = (tmp_path / 'new/face.md').read_text()
    assert 'psnr' in card and '70 iterations' in card
    assert sorted(path.name for path in out.parent.iterdir()) == ['face.md', 'face.safetensors']


@pytest.mark.slow
def test_both_formats(export, config, boostgan_weights, tmp_path):
    pytest.importorskip('onnxruntime')
    outs = [tmp_path / 'face.safetensors', tmp_path / 'face.onnx']
    code, said, errors = export(config, boostgan_weights, '--out', *outs)
    assert (code, 'differs from PyTorch by at most' in said) == (0, True), errors
    assert {load_restorer(out).traits.name for out in outs} == {'face'}


def test_mistakes_are_said_without_a_traceback(export, config, boostgan_weights, tmp_path):
    (tmp_path / 'wrong.json').write_text('["psnr"]')
    out = tmp_path / 'x.safetensors'
    for arguments, words in [
            ((config, boostgan_weights, '--out', tmp_path / 'x.pth'),
             'the ending says the format: .safetensors or .onnx'),
            ((tmp_path / 'none.py', boostgan_weights, '--out', out), 'none.py does not exist'),
            ((config, tmp_path / 'none.pth', '--out', out), 'none.pth does not exist'),
            ((config, '--out', out), 'BoostGAN has weights: give a checkpoint'),
            ((config, boostgan_weights, '--out', out, '--metrics', tmp_path / 'wrong.json'),
             'expected numbers by name')]:
        code, _, errors = export(*arguments)
        last = errors.strip().splitlines()[-1]
        assert (code, last.startswith('error: '), 'Traceback' in errors) == (2, True, False)
        assert words in last
    assert not out.exists()
