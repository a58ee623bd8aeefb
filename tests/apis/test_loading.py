"""Which of the ways to restore is taken, and that all give the same images."""

import sys

import mmengine.device
import numpy as np
import pytest

from boostgan_plugin.apis.loading import best_device, default_model, load_backend
from boostgan_plugin.datasets.face_renderer import render_face
from boostgan_plugin.inference.onnx_backend import OnnxBackend
from boostgan_plugin.inference.packaged import packaged_weights
from boostgan_plugin.inference.photo_inpainter import Finish, PhotoInpainter
from boostgan_plugin.inference.torch_backend import TorchBackend


@pytest.mark.parametrize('name', packaged_weights())
def test_packaged_weights_restore_the_same_with_and_without_pytorch(name):
    pytest.importorskip('onnxruntime')
    kinds = [load_backend(name, device='cpu'), load_backend(packaged_weights()[name], device='cpu')]
    assert [type(kind) for kind in kinds] == [OnnxBackend, TorchBackend]
    assert kinds[0].info == kinds[1].info
    face = np.ascontiguousarray(render_face(40_000_003, 128).image[..., ::-1])
    large = face.repeat(3, 0).repeat(2, 1)
    told = dict(
        attributes={kinds[0].info.attributes[0]: 1},
        segmentation={kinds[0].info.classes[1]: (0, 0, 60, 60)},
    )
    for edits in ({}, told):
        results = [
            photos.restore(
                list(
                    photos.requests([face, large], [(40, 30, 90, 80), (30, 90, 130, 300)], **edits)
                ),
                show_semantics=True,
            )
            for photos in (PhotoInpainter(kind, Finish('off')) for kind in kinds)
        ]
        for one, other in zip(*results, strict=True):
            assert np.abs(one.image.pixels.astype(int) - other.image.pixels).max() <= 1
            np.testing.assert_allclose(
                one.semantics.attributes, other.semantics.attributes, atol=1e-3
            )
            assert (one.semantics.segmentation != other.semantics.segmentation).mean() < 1e-3


def test_the_fastest_precision_changes_little(monkeypatch):
    monkeypatch.setattr(
        'boostgan_plugin.inference.torch_backend.bfloat16_is_faster', lambda kind: True
    )
    face = np.ascontiguousarray(render_face(40_000_003, 128).image[..., ::-1])
    results = []
    for precision in ('float32', 'fastest'):
        photos = PhotoInpainter(
            load_backend(packaged_weights()['faces'], device='cpu', precision=precision)
        )
        (restored,) = photos.restore(list(photos.requests([face], [(40, 30, 90, 80)])))
        results.append(restored.image.pixels[30:80, 40:90].astype(int))
    difference = np.abs(results[0] - results[1])
    assert 0 < difference.mean() < 1 and difference.max() < 16
    with pytest.raises(ValueError, match="precision='half' is unknown"):
        load_backend(packaged_weights()['faces'], device='cpu', precision='half')


def test_without_onnxruntime_pytorch_restores(monkeypatch):
    monkeypatch.setitem(sys.modules, 'onnxruntime', None)
    assert isinstance(load_backend('faces', device='cpu'), TorchBackend)


def test_pytorch_is_asked_where_a_device_may_be(monkeypatch, tmp_path):
    monkeypatch.setattr(mmengine.device, 'get_device', lambda: 'cuda')
    monkeypatch.setattr(sys, 'platform', 'linux')
    (tmp_path / 'nvme0').touch()
    assert best_device(tmp_path) == 'cpu'
    (tmp_path / 'nvidiactl').touch()
    assert best_device(tmp_path) == 'cuda'
    (tmp_path / 'nvidiactl').unlink()
    monkeypatch.setattr(sys, 'platform', 'darwin')
    assert best_device(tmp_path) == 'cuda'


def test_without_a_name_the_model_that_knows_what_is_told():
    assert default_model() == 'photos' == default_model(regions=['blue'])
    assert default_model(['Eyeglasses']) == 'faces' == default_model(['Smiling'], ['hair'])
    with pytest.raises(ValueError, match='none of faces, photos knows all of Smiling, blue'):
        default_model(['Smiling'], ['blue'])
