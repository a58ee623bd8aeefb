import warnings

import cv2
import numpy as np
import pytest

from boostgan_plugin.inference.masks import match_masks, read_mask, warn_if_inverted

SIZE = (6, 8)
HOLE = np.zeros(SIZE, bool)
HOLE[2:4, 3:7] = True


@pytest.mark.parametrize(
    'mask',
    [
        HOLE,
        HOLE.astype(np.uint8),
        HOLE.astype(np.uint8) * 255,
        HOLE.astype(np.uint16) * 65535,
        HOLE.astype(np.int64),
        HOLE.astype(np.int64) * 255,
        HOLE.astype(np.uint16) * 255,
        HOLE.astype(np.float32),
        HOLE[..., None].astype(np.float64),
        (3, 2, 7, 4),
        [3, 2, 7, 4],
        tuple(np.int64([3, 2, 7, 4])),
    ],
)
def test_every_kind_of_mask_says_the_same(mask):
    assert np.array_equal(read_mask(mask, SIZE), HOLE)


@pytest.mark.parametrize('white, channels', [(255, 1), (255, 3), (255, 4), (65535, 1), (65535, 3)])
def test_in_files_white_is_the_hole(tmp_path, white, channels):
    dtype = np.uint8 if white == 255 else np.uint16
    pixels = np.repeat((HOLE * white).astype(dtype)[..., None], channels, axis=2)
    if channels == 4:
        pixels[..., 3] = 255
    cv2.imwrite(str(tmp_path / 'm.png'), pixels)
    assert np.array_equal(read_mask(tmp_path / 'm.png', SIZE), HOLE)


def test_a_float_image_may_be_a_mask(tmp_path):
    pixels = np.repeat(HOLE.astype(np.float64)[..., None], 3, axis=2)
    cv2.imwrite(str(tmp_path / 'm.tiff'), pixels)
    assert np.array_equal(read_mask(tmp_path / 'm.tiff', SIZE), HOLE)


def test_specks_of_jpeg_are_no_hole(tmp_path):
    cv2.imwrite(str(tmp_path / 'm.jpg'), HOLE.repeat(8, 0).repeat(8, 1).astype(np.uint8) * 255)
    assert np.array_equal(read_mask(tmp_path / 'm.jpg', (48, 64)), HOLE.repeat(8, 0).repeat(8, 1))
    with pytest.warns(UserWarning, match='nothing in it is white'):
        assert read_mask(np.full(SIZE, 127, np.uint8), SIZE).sum() == 0
    assert read_mask(np.full(SIZE, 128, np.uint8), SIZE).all()


@pytest.mark.parametrize(
    'mask, words',
    [
        (np.zeros((8, 6), np.uint8), r'6 x 8 .*but photo is 8 x 6'),
        (np.zeros((6, 8, 3), np.uint8), 'shape'),
        (np.full(SIZE, -1), 'no mask'),
        (np.full(SIZE, 2.0), 'floats outside'),
        (np.full(SIZE, np.nan), 'no mask'),
        (np.zeros(SIZE, complex), 'no mask'),
        ((3, 2, 9, 4), r'box \(3, 2, 9, 4\).*photo, which is 8 x 6'),
        ((3, 2, 3, 4), 'box'),
        ((-1, 0, 3, 4), 'box'),
    ],
)
def test_other_masks_are_refused(mask, words):
    with pytest.raises(ValueError, match=words):
        read_mask(mask, SIZE, 'photo')


@pytest.mark.parametrize('mask', [3, None, (1, 2, 3), (1.0, 2.0, 3.0, 4.0), (True, 0, 3, 4)])
def test_other_things_are_refused(mask):
    with pytest.raises(TypeError, match='the mask of photo'):
        read_mask(mask, SIZE, 'photo')


def test_a_mask_in_the_alpha_channel_is_not_guessed_at(tmp_path):
    pixels = np.zeros((*SIZE, 4), np.uint8)
    pixels[HOLE, 3] = 255
    cv2.imwrite(str(tmp_path / 'm.png'), pixels)
    with pytest.raises(ValueError, match='transparent'):
        read_mask(tmp_path / 'm.png', SIZE)


def test_a_mask_that_seems_inverted_is_remarked_on():
    with pytest.warns(UserWarning, match='invert'):
        warn_if_inverted(~HOLE, 'the mask')
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        for mask in (HOLE, np.ones(SIZE, bool), np.zeros(SIZE, bool), (0, 0, 8, 5)):
            warn_if_inverted(read_mask(mask, SIZE), 'the mask')


@pytest.mark.parametrize('channels', [1, 3])
def test_in_a_file_of_zeros_and_ones_one_is_the_hole(tmp_path, channels):
    pixels = np.repeat(HOLE.astype(np.uint8)[..., None], channels, axis=2)
    cv2.imwrite(str(tmp_path / 'm.png'), pixels)
    assert np.array_equal(read_mask(tmp_path / 'm.png', SIZE), HOLE)


def test_a_mask_that_marks_nothing_though_it_is_not_empty_is_remarked_on(tmp_path):
    cv2.imwrite(str(tmp_path / 'm.png'), HOLE.astype(np.uint8) * 9)
    cv2.imwrite(str(tmp_path / 'm.jpg'), np.ones(SIZE, np.uint8))
    for name in ('m.png', 'm.jpg'):
        with pytest.warns(UserWarning, match='nothing in it is white'):
            assert not read_mask(tmp_path / name, SIZE).any()


def test_masks_are_matched_by_name(tmp_path):
    for name in ('a.png', 'b.jpg', 'notes.txt'):
        (tmp_path / name).touch()
    images = [tmp_path / 'in/b.png', tmp_path / 'in/a.tiff']
    assert [path.name for path in match_masks(tmp_path, images)] == ['b.jpg', 'a.png']
    (tmp_path / 'a.webp').mkdir()
    assert match_masks(tmp_path, images[1:])[0].name == 'a.png'
    (tmp_path / 'b.png').touch()
    with pytest.raises(ValueError, match='masks of one name'):
        match_masks(tmp_path, images)
    (tmp_path / 'b.png').unlink()
    with pytest.raises(FileNotFoundError, match=r'1 of 3 images \(notes\.png\).*notes\.png'):
        match_masks(tmp_path, [*images, tmp_path / 'in/notes.png'])
