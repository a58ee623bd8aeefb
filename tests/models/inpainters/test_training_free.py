import subprocess
import sys
from types import SimpleNamespace

import cv2
from mmengine.structures import BaseDataElement
import numpy as np
import pytest
import torch

from boostgan_plugin.registry import MODELS
from tests.conftest import ROOT, make_batch


@pytest.fixture
def build():
    return lambda name: MODELS.build(dict(type='TrainingFree', generator=dict(type=name)))


def test_mean_colour_is_the_mean_of_the_known_pixels(build):
    data = make_batch(2)
    originals = [image.flip(0).float() for image in data['inputs']]
    for sample, original in zip(build('MeanFill').test_step(data), originals, strict=True):
        hole = sample.mask[0].bool()
        expected = original[:, ~hole].mean(dim=1)
        assert torch.allclose(sample.restored[:, hole].float(), expected[:, None], atol=0.51)


@pytest.mark.parametrize(
    ('name', 'method'), [('Telea', cv2.INPAINT_TELEA), ('NavierStokes', cv2.INPAINT_NS)]
)
def test_methods_are_opencvs(build, name, method):
    data = make_batch(1)
    bgr = data['inputs'][0].permute(1, 2, 0).numpy().copy()
    sample = build(name).test_step(data)[0]
    hole = sample.mask[0].numpy()
    rgb = np.ascontiguousarray(bgr[..., ::-1])
    rgb[hole > 0] = 128
    expected = cv2.inpaint(rgb, hole, 3, method)
    restored = sample.restored.permute(1, 2, 0).numpy()
    assert np.array_equal(restored[hole > 0], expected[hole > 0])


def texture(size=64, period=8):
    """Stripes down, stripes across and along the diagonal, each in a channel, (H, W, 3)."""
    y, x = np.mgrid[:size, :size]
    return np.stack(
        [x // (period // 2) % 2 * 200, y // (period // 2) % 2 * 150, (x + y) % period * 20], axis=-1
    ).astype(np.uint8)


def fill_texture(method, **options):
    """The filled hole in a texture, and what was there."""
    image, hole = texture(), np.zeros((64, 64), bool)
    hole[16:32, 16:32] = True
    sample = BaseDataElement(mask=torch.from_numpy(hole[None].astype(np.uint8)))
    data = dict(inputs=[torch.from_numpy(image).permute(2, 0, 1).flip(0)], data_samples=[sample])
    model = MODELS.build(dict(type='TrainingFree', generator=dict(type=method, **options)))
    restored = model.test_step(data)[0].restored.permute(1, 2, 0).numpy()
    assert np.array_equal(restored[~hole], image[~hole])
    return restored[hole].astype(int), image[hole]


def test_patchmatch_continues_a_texture():
    pytest.importorskip('patchmatch')
    error = {}
    for method in ('PatchMatch', 'Telea'):
        filled, true = fill_texture(method)
        error[method] = np.abs(filled - true).mean()
    assert error['PatchMatch'] < 0.6 * error['Telea']


def test_patchmatch_is_that_of_the_package_and_seeded():
    patchmatch = pytest.importorskip('patchmatch')
    filled, _ = fill_texture('PatchMatch', radius=2, seed=3)
    patchmatch.set_random_seed(4)
    assert np.array_equal(fill_texture('PatchMatch', radius=2, seed=3)[0], filled)
    assert not np.array_equal(fill_texture('PatchMatch', radius=2, seed=4)[0], filled)
    image, hole = texture(), np.zeros((64, 64), np.uint8)
    hole[16:32, 16:32] = 1
    patchmatch.set_random_seed(3)
    expected = patchmatch.inpaint(image, hole, patch_size=2)[hole > 0]
    assert np.array_equal(filled, expected), 'what the hole held plays no part'


@pytest.mark.parametrize(
    ('module', 'command'),
    [
        (None, r'pip install "\.\[patchmatch\]"'),
        (SimpleNamespace(patchmatch_available=False), 'pip install --force-reinstall'),
    ],
)
def test_without_the_package_the_command_is_told(build, monkeypatch, module, command):
    monkeypatch.setitem(sys.modules, 'patchmatch', module)
    with pytest.raises(ImportError, match=command):
        build('PatchMatch')


def test_the_package_does_not_import_it():
    code = 'import sys, boostgan_plugin.apis, boostgan_plugin.models; print(*sys.modules)'
    modules = subprocess.run(
        [sys.executable, '-c', code], check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout.split()
    assert 'boostgan_plugin.models.generators.classical' in modules
    assert 'patchmatch' not in modules


def test_training_it_is_refused(build):
    model = build('MeanFill')
    with pytest.raises(TypeError, match='MeanFill needs no training'):
        model.discriminator_loss(None, None)


def test_leaving_the_hole_leaves_it_grey(build):
    data = make_batch(2)
    originals = [image.flip(0) for image in data['inputs']]
    for sample, original in zip(build('MaskedBaseline').test_step(data), originals, strict=True):
        hole = sample.mask.bool().expand_as(original)
        assert (sample.restored[hole] == 128).all()
        assert torch.equal(sample.restored[~hole], original[~hole])
