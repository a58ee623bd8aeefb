"""Arrays, masks and boxes of any kind: known pixels stay, or what is wrong is told."""

from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest

from boostgan_plugin.inference.classical_backend import ClassicalBackend
from boostgan_plugin.inference.edits import attribute_vector, segmentation_map
from boostgan_plugin.inference.photo_inpainter import Finish, PhotoInpainter

from .anything import ANYTHING

SIDE = st.integers(1, 40)
GOOD, BAD = (
    ('uint8', 'uint16', 'float32', 'float64'),
    ('int8', 'int32', 'uint32', 'int64', 'bool', 'complex64', 'U3', 'object'),
)
TAIL = st.sampled_from([(), (), (1,), (3,), (3,), (4,), (0,), (2,), (5,), (3, 1)])
PHOTOS = PhotoInpainter(ClassicalBackend('telea'))


@st.composite
def images(draw):
    """An image, and whether it is of a kind that is taken."""
    tail, dtype = draw(TAIL), draw(st.sampled_from(GOOD + GOOD + BAD))
    shape = (draw(SIDE), draw(SIDE), *tail)
    random = np.random.default_rng(draw(st.integers(0, 99)))
    white = 1 if dtype.startswith('float') else 65535 if dtype == 'uint16' else 255
    pixels = (random.random(shape) * white).astype(dtype)
    spoilt = draw(st.sampled_from([None] * 6 + [np.nan, np.inf, -1, 255]))
    is_spoilt = dtype.startswith('float') and spoilt is not None and pixels.size > 0
    if is_spoilt:
        pixels[random.random(shape) < 0.5] = spoilt
        is_spoilt = not ((pixels >= 0) & (pixels <= 1)).all()
    return pixels, dtype in GOOD and tail in ((), (1,), (3,), (4,)) and not is_spoilt


@st.composite
def masks(draw, size):
    """A mask, and the hole that it means, None where it means none."""
    hole = np.random.default_rng(draw(st.integers(0, 99))).random(size) < draw(st.floats(0, 1))
    kind = draw(st.sampled_from(['bool', 'uint8', 'int64', 'float32', 'grey', 'deep', 'channel']))
    if kind == 'grey':
        return hole.astype(np.uint8) * 255, hole
    if kind == 'deep':
        return hole.astype(np.uint16) * 65535, hole
    return (hole[..., None], hole) if kind == 'channel' else (hole.astype(kind), hole)


@pytest.mark.filterwarnings('ignore:the mask of')
@settings(max_examples=250)
@given(st.data(), images())
def test_known_pixels_stay_or_the_image_is_refused(data, image):
    pixels, is_fine = image
    mask, hole = data.draw(masks(pixels.shape[:2]))
    before = pixels.copy()
    if not is_fine:
        with pytest.raises(ValueError, match='image 0 (has|is)'):
            restore(pixels, mask)
        return
    result = restore(pixels, mask)
    assert result.dtype == pixels.dtype and result.shape == pixels.shape
    assert np.array_equal(result[~hole], before[~hole]) and np.array_equal(pixels, before)


NUMBER = st.integers(-3, 45) | st.sampled_from([10**30, -(10**30)])
BOXES = st.tuples(NUMBER, NUMBER, NUMBER, NUMBER) | st.lists(NUMBER, min_size=3, max_size=5)


@settings(max_examples=100)
@given(SIDE, SIDE, BOXES)
def test_a_box_is_filled_or_refused(height, width, box):
    pixels = np.full((height, width, 3), 200, np.uint8)
    is_fine = len(box) == 4 and 0 <= box[0] < box[2] <= width and 0 <= box[1] < box[3] <= height
    if not is_fine:
        with pytest.raises((ValueError, TypeError)):
            restore(pixels, box)
        return
    result = restore(pixels, box)
    assert np.array_equal(result, pixels) or result[box[1] : box[3], box[0] : box[2]].any()


@settings(max_examples=100)
@given(ANYTHING, ANYTHING)
def test_something_else_is_refused_in_words(image, mask):
    pixels = np.zeros((5, 6, 3), np.uint8)
    for given_image, given_mask in ((image, np.ones((5, 6))), (pixels, mask)):
        with pytest.raises((ValueError, TypeError, FileNotFoundError)) as error:
            restore(given_image, given_mask)
        assert len(str(error.value)) > 20


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(['Hat', 'hat', '', 'Beard']), ANYTHING) | ANYTHING)
def test_attributes_are_told_or_refused(edits):
    try:
        override = attribute_vector(edits, ('Hat', 'Beard'))
    except ValueError as error:
        assert len(str(error)) > 20
    else:
        assert override.dtype == np.float32
        assert ((override == -1) | ((override >= 0) & (override <= 1))).all()


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(['hair', 'hat']), ANYTHING) | ANYTHING)
def test_regions_are_told_or_refused(edits):
    try:
        override = segmentation_map(edits, ('skin', 'hair'), (5, 6))
    except (ValueError, TypeError, FileNotFoundError) as error:
        assert len(str(error)) > 20
    else:
        assert override is None or override.shape == (5, 6)
        assert override is None or (override.min() >= -1 and override.max() <= 1)


@settings(max_examples=100)
@given(st.sampled_from(['detail', 'grow', 'blend']), ANYTHING)
def test_what_is_done_around_the_hole_is_known_or_named(option, value):
    try:
        finish = Finish(**{option: value})
    except ValueError as error:
        assert str(error).startswith(f'{option}=')
    else:
        assert getattr(finish, option) in (None, 'off', 'patches') or value >= 0


def restore(image, mask):
    (request,) = PHOTOS.requests([image], mask)
    (done,) = PHOTOS.restore([request])
    return done.image.pixels
