import cv2
import numpy as np
import pytest
import torch

from boostgan_plugin.registry import MODELS
from tests.conftest import make_batch


@pytest.fixture
def build():
    return lambda name: MODELS.build(dict(type='TrainingFree', generator=dict(type=name)))


def test_mean_colour_is_the_mean_of_the_known_pixels(build):
    data = make_batch(2)
    originals = [image.flip(0).float() for image in data['inputs']]
    for sample, original in zip(build('MeanColour').test_step(data), originals, strict=True):
        hole = sample.mask[0].bool()
        expected = original[:, ~hole].mean(dim=1)
        assert torch.allclose(sample.restored[:, hole].float(), expected[:, None], atol=0.51)


@pytest.mark.parametrize(('name', 'method'), [
    ('Telea', cv2.INPAINT_TELEA), ('NavierStokes', cv2.INPAINT_NS)])
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


def test_training_it_is_refused(build):
    model = build('MeanColour')
    with pytest.raises(TypeError, match='MeanColour needs no training'):
        model.discriminator_loss(None, None)


def test_leaving_the_hole_leaves_it_grey(build):
    data = make_batch(2)
    originals = [image.flip(0) for image in data['inputs']]
    for sample, original in zip(build('LeaveHole').test_step(data), originals, strict=True):
        hole = sample.mask.bool().expand_as(original)
        assert (sample.restored[hole] == 128).all()
        assert torch.equal(sample.restored[~hole], original[~hole])
