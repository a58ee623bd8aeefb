"""Masks of any size by any options, and on their way through a pipeline."""

import cv2
from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest

from boostgan_plugin.datasets import (
    ApplyMask,
    BlobMask,
    CenterMask,
    CenterSquareCrop,
    FreeFormMask,
    LoadMask,
    PackInpaintingInputs,
    PartMask,
    RandomFlip,
    RandomRectangleMask,
    RandomSquareCrop,
)

SIDE = st.integers(1, 90)
SEED = st.integers(0, 2**32)
RATIO = st.floats(0, 1)


def rising(values):
    return st.tuples(values, values).map(sorted).map(tuple)


DRAWN = st.one_of(
    st.builds(RandomRectangleMask, sides=rising(st.floats(1e-6, 1)), probability=RATIO, seed=SEED),
    st.builds(
        FreeFormMask,
        strokes=rising(st.integers(1, 5)),
        bends=rising(st.integers(1, 9)),
        length=rising(RATIO),
        thickness=rising(RATIO),
        seed=SEED,
    ),
    st.builds(BlobMask, sides=rising(RATIO), bulge=RATIO, seed=SEED),
    st.builds(CenterMask, side=st.floats(1e-6, 1)),
)


def sample(height, width, index=0, seed=0):
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    return dict(img=pixels, img_path='a.png', sample_idx=index)


def speckled(height, width, seed):
    return (np.random.default_rng(seed).random((height, width)) < 0.3).astype(np.uint8)


@settings(max_examples=150)
@given(DRAWN, SIDE, SIDE, st.integers(0, 2**31))
def test_a_drawn_mask_is_of_zeros_and_ones_and_the_same_again(transform, height, width, index):
    mask = transform(sample(height, width, index))['mask']
    assert mask.dtype == np.uint8 and mask.shape == (height, width) and mask.max() <= 1
    assert np.array_equal(mask, transform(sample(height, width, index, seed=1))['mask'])


@settings(max_examples=60)
@given(rising(st.floats(1e-6, 1)), SIDE, SIDE, SEED)
def test_a_rectangle_is_one_of_its_sides(sides, height, width, seed):
    mask = RandomRectangleMask(sides, seed=seed)(sample(height, width))['mask']
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    assert mask.sum() == len(rows) * len(columns)
    low, high = (max(1, round(ratio * min(height, width))) for ratio in sides)
    for line in (rows, columns):
        assert low <= len(line) <= high and line[-1] - line[0] == len(line) - 1


@settings(max_examples=60)
@given(SIDE, SIDE, SEED, st.floats(0, 0.5), st.sampled_from(['box', 'region']))
def test_all_of_the_parts_is_masked(height, width, seed, margin, shape):
    parts = speckled(height, width, seed)
    results = dict(sample(height, width), gt_seg_map=parts)
    mask = PartMask(['b'], ['a', 'b'], margin, shape)(results)['mask']
    assert mask.shape == parts.shape and mask.max(initial=0) <= 1
    assert mask[parts == 1].all() and mask.any() == parts.any()


@settings(max_examples=60)
@given(
    SIDE,
    SIDE,
    SEED,
    st.sampled_from([0.0, 1.0]),
    st.sampled_from(['horizontal', 'vertical', 'diagonal']),
)
def test_a_mask_is_flipped_with_its_image(height, width, seed, prob, direction):
    mask = speckled(height, width, seed)
    image = np.dstack([255 * mask] * 3)
    flip = RandomFlip(prob=prob, direction=direction)
    results = PackInpaintingInputs()(flip(dict(img=image, mask=mask, mask_flip=None)))
    assert np.array_equal(results['inputs'][0].numpy(), 255 * results['data_samples'].mask[0])


@settings(max_examples=80)
@given(SIDE, SIDE, st.integers(1, 90), rising(RATIO), st.booleans(), SEED)
def test_a_mask_is_cropped_with_its_image_or_the_image_is_too_small(
    height, width, size, scale, is_random, seed
):
    crop = RandomSquareCrop(size, scale) if is_random else CenterSquareCrop(size)
    mask = speckled(height, width, seed)
    results = dict(sample(height, width), mask=mask, mask_flip=None)
    np.random.seed(seed % 2**32)
    if size > min(height, width):
        with pytest.raises(ValueError, match=f'{width} x {height}, smaller than the crop'):
            crop(results)
        return
    results = crop(results)
    assert results['img'].shape == (size, size, 3) and results['mask'].shape == (size, size)
    assert set(np.unique(results['mask'])) <= {0, 1}


@settings(max_examples=60)
@given(SIDE, SIDE, SEED)
def test_what_is_known_is_not_erased(height, width, seed):
    mask, before = speckled(height, width, seed), sample(height, width, seed=seed)['img']
    erased = ApplyMask()(dict(img=before.copy(), mask=mask, mask_flip=None))['img']
    assert np.array_equal(erased[mask == 0], before[mask == 0])
    assert (erased[mask == 1] == 127.5).all()


@settings(max_examples=40)
@given(SIDE, SIDE, SEED, st.sampled_from([1, 255, 65535]), st.sampled_from(['png', 'tiff']))
def test_a_mask_file_says_what_was_written(tmp_path_factory, height, width, seed, white, extension):
    mask = speckled(height, width, seed)
    folder = tmp_path_factory.mktemp('masks')
    written = (mask.astype(np.uint16) * white).astype(np.uint16 if white > 255 else np.uint8)
    cv2.imwrite(str(folder / f'a.{extension}'), written)
    assert np.array_equal(LoadMask(str(folder))(sample(height, width))['mask'], mask)
