from dataclasses import replace

import numpy as np
import pytest

from boostgan_plugin.inference.backends import ModelInfo, ModelOutputs
from boostgan_plugin.inference.images import ImageData
from boostgan_plugin.inference.restoration import InpaintRequest, nearest, restore
from boostgan_plugin.inference.windows import WindowConfig


class Painter:
    """A restorer that paints everything one colour and notes what it was given."""

    def __init__(self, colour=(1.0, -1.0, 0.0), image_size=32, context=3.0, classes=('a', 'b')):
        self.info = ModelInfo('painter', WindowConfig(image_size, context), ('x',), classes)
        self.colour = np.float32(colour)[None, :, None, None]
        self.calls = []

    def __call__(self, inputs):
        self.calls.append(inputs)
        count, _, height, width = inputs.images.shape
        return ModelOutputs(
            np.broadcast_to(self.colour, (count, 3, height, width)),
            np.full((count, 1), 0.7, np.float32),
            np.ones((count, height, width), np.uint8),
        )


def request(pixels, hole, **more):
    return InpaintRequest(ImageData(pixels), hole, np.full(1, -1, np.float32), **more)


def image(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def hole(size, top, left, bottom, right):
    mask = np.zeros(size, bool)
    mask[top:bottom, left:right] = True
    return mask


@pytest.mark.parametrize('size', [(32, 32), (20, 50), (300, 200), (5, 400), (1, 1)])
def test_the_hole_gets_the_models_colour_and_the_rest_stays(size):
    before = image(*size)
    mask = hole(size, 0, 0, max(1, size[0] // 3), max(1, size[1] // 4))
    given = before.copy()
    (done,) = restore([request(given, mask)], Painter())
    after = done.image.pixels
    assert np.array_equal(after[~mask], before[~mask])
    assert np.array_equal(given, before), 'the input is left alone'
    inner = mask.copy()
    inner[-1:], inner[:, -1:] = False, False
    if size == (32, 32):
        assert (after[inner] == [255, 0, 128]).all()


def test_the_model_sees_the_surroundings_at_its_scale_and_nothing_of_the_hole():
    pixels = np.full((320, 320, 3), 200, np.uint8)
    mask = hole((320, 320), 100, 100, 200, 200)
    pixels[mask] = 255
    painter = Painter()
    list(restore([request(pixels, mask)], painter))
    (inputs,) = painter.calls
    assert max(inputs.images.shape[2:]) == 32
    known = inputs.masks[0, 0] == 0
    assert np.allclose(inputs.images[0][:, known], 200 / 127.5 - 1, atol=1e-4)
    assert (inputs.images[0][:, ~known] == 0).all() and not known.all()


def test_of_a_speckled_image_the_model_sees_the_known_pixels():
    mask = np.random.default_rng(0).random((320, 320)) < 0.3
    pixels = np.full((320, 320, 3), 200, np.uint8)
    pixels[mask] = 0
    painter = Painter(context=40)
    (done,) = restore([request(pixels, mask)], painter)
    assert painter.calls[0].masks.mean() == 0
    assert np.abs(done.image.pixels.astype(int) - 200)[~mask].max() == 0
    assert np.abs(done.image.pixels.astype(int) - 200)[mask].max() <= 1, 'their mean is used'


def test_what_was_filled_is_known_to_the_next_window():
    mask = hole((400, 400), 0, 0, 120, 120) | hole((400, 400), 0, 330, 110, 400)
    painter = Painter(context=3.2)
    list(restore([request(np.full((400, 400, 3), 90, np.uint8), mask)], painter))
    first, second = painter.calls[:2]
    assert first.masks.any() and second.masks.any()
    known = second.images[0][:, second.masks[0, 0] == 0]
    red = (known[0] > 0.9) & (known[1] < -0.9)
    assert red.any(), 'the second window sees what the first was filled with'
    assert not (first.images[0, 0] > 0.9).any()


def test_images_of_one_size_share_a_batch():
    mask = hole((40, 40), 5, 5, 20, 20)
    painter = Painter()
    requests = [request(image(40, 40, seed), mask) for seed in range(3)]
    requests.append(request(image(50, 20), hole((50, 20), 0, 0, 9, 9)))
    together = [done.image.pixels for done in restore(requests, painter)]
    assert sorted(len(call.images) for call in painter.calls) == [1, 3]
    apart = [next(restore([one], Painter())).image.pixels for one in requests]
    assert all(np.array_equal(*pair) for pair in zip(together, apart))


def test_told_regions_reach_the_model_at_its_scale():
    override = np.full((64, 64), -1, np.int16)
    override[:32] = 1
    painter = Painter()
    mask = hole((64, 64), 10, 10, 50, 50)
    list(restore([request(image(64, 64), mask, segmentation=override)], painter))
    assert np.array_equal(painter.calls[0].segmentation[0, 0, :16], np.ones((16, 32)))
    assert np.array_equal(painter.calls[0].segmentation[0, 0, 16:], -np.ones((16, 32)))
    assert painter.calls[0].segmentation.dtype == np.int16


def test_what_was_read_is_given_only_when_asked_for():
    mask = hole((400, 300), 300, 100, 310, 110)
    (done,) = restore([request(image(400, 300), mask)], Painter())
    assert done.semantics is None
    (done,) = restore([request(image(400, 300), mask)], Painter(), show_semantics=True)
    assert done.semantics.attributes.tolist() == [np.float32(0.7)]
    labels = done.semantics.segmentation
    assert labels.shape == (400, 300) and (labels[300:310, 100:110] == 1).all()
    assert labels[0, 0] == -1 and set(np.unique(labels)) == {-1, 1}


def test_an_image_without_a_hole_is_read_but_not_changed():
    painter, pixels = Painter(), image(40, 70)
    nothing = np.zeros((40, 70), bool)
    (done,) = restore([request(pixels, nothing)], painter, show_semantics=True)
    assert np.array_equal(done.image.pixels, pixels)
    assert (done.semantics.segmentation == 1).all()
    (done,) = restore([request(pixels, nothing)], painter)
    assert done.semantics is None and len(painter.calls) == 1


def test_a_model_that_gives_no_numbers_is_refused():
    with pytest.raises(ValueError, match='no numbers'):
        list(
            restore(
                [request(image(40, 40), hole((40, 40), 1, 1, 9, 9))], Painter(colour=[np.nan] * 3)
            )
        )


def test_a_model_without_semantics_reads_nothing():
    painter = Painter(classes=())
    painter.info = replace(painter.info, attributes=())
    (done,) = restore([request(image(40, 40), hole((40, 40), 1, 1, 9, 9))], painter, True)
    assert done.semantics is None


def test_specks_and_scratches_take_no_windows_unless_something_is_told_or_read():
    mask = hole((300, 400), 100, 0, 104, 400)
    mask[::31, ::37] = True
    pixels = np.full((300, 400, 3), 90, np.uint8)
    damaged = np.where(mask[..., None], np.uint8(255), pixels)
    painter = Painter(image_size=128)
    (done,) = restore([request(damaged, mask)], painter)
    assert not painter.calls and np.array_equal(done.image.pixels, pixels)
    mask[200:260, 200:260] = True
    list(restore([request(damaged, mask)], painter))
    assert len(painter.calls) == 1, 'the wide hole alone'
    override = InpaintRequest(ImageData(damaged), mask, np.ones(1, np.float32))
    for given, read in ((request(damaged, mask), True), (override, False)):
        several = Painter(image_size=128)
        list(restore([given], several, show_semantics=read))
        assert len(several.calls) > 1


def test_nearest_takes_the_middle_of_each_cell():
    labels = np.arange(4).repeat(2)[None].repeat(6, 0)
    assert nearest(labels, (2, 4)).tolist() == [[0, 1, 2, 3]] * 2
    assert nearest(np.array([[1, 2]]), (2, 4)).tolist() == [[1, 1, 2, 2]] * 2
