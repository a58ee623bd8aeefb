from pathlib import Path

import cv2
import numpy as np
import pytest

from boostgan_plugin.datasets.transforms import decoding
from boostgan_plugin.datasets.transforms.decoding import decode_reduced, jpeg_size, read_image
from tests.datasets.transforms.photographs import photograph, write


def block_means(image: np.ndarray, side: int) -> np.ndarray:
    """The slow way: a loop over blocks, those at the border cut off."""
    height, width = (-(-length // side) for length in image.shape[:2])
    return np.array(
        [
            [
                image[side * y : side * (y + 1), side * x : side * (x + 1)].mean((0, 1))
                for x in range(width)
            ]
            for y in range(height)
        ]
    )


@pytest.mark.parametrize('options', [[], [cv2.IMWRITE_JPEG_PROGRESSIVE, 1]])
def test_size_of_a_jpeg(options):
    data = cv2.imencode('.jpg', photograph(30, 50), options)[1].tobytes()
    assert jpeg_size(data) == (30, 50)
    # Fill bytes, and a preview in the metadata.
    preview = cv2.imencode('.jpg', photograph(8, 8))[1].tobytes()
    block = b'\xff\xff\xff\xe2' + (len(preview) + 2).to_bytes(2) + preview
    assert jpeg_size(data[:2] + block + data[2:]) == (30, 50)


def test_no_size_without_a_whole_jpeg_header():
    data = cv2.imencode('.jpg', photograph(30, 50))[1].tobytes()
    assert [jpeg_size(data[:length]) for length in range(60)] == [None] * 60
    assert jpeg_size(cv2.imencode('.png', photograph(30, 50))[1].tobytes()) is None


@pytest.mark.parametrize('extension', ['jpg', 'png'])
@pytest.mark.parametrize(
    ('short_side', 'factor'),
    [
        (301, 1),
        (300, 1),
        (151, 1),
        (150, 2),
        (100, 3),
        (99, 3),
        (60, 5),
        (37, 8),
        (20, 15),
        (18, 16),
    ],
)
def test_means_of_blocks(tmp_path, extension, short_side, factor):
    path = Path(write(tmp_path / f'x.{extension}', photograph(300, 401)))
    whole = read_image(str(path), cv2.IMREAD_COLOR)
    reduced = decode_reduced(path.read_bytes(), short_side)
    in_jpeg = max(ratio for ratio in (1, 2, 4, 8) if ratio <= factor)
    done = in_jpeg * (factor // in_jpeg) if extension == 'jpg' else factor
    assert reduced.size == (300, 401) and reduced.factor == done
    expected = block_means(whole.astype(float), done)
    assert reduced.pixels.shape == expected.shape
    assert min(reduced.pixels.shape[:2]) >= min(short_side, 300)
    inside = np.s_[: 300 // done, : 401 // done]  # Border blocks look like what is beyond it.
    difference = np.abs(reduced.pixels[inside] - expected[inside])
    assert difference.mean() < (2 if extension == 'jpg' else 0.3)


def test_a_small_image_stays_as_it_is(tmp_path):
    path = Path(write(tmp_path / 'x.jpg', photograph(30, 41)))
    reduced = decode_reduced(path.read_bytes(), 16)
    assert reduced.factor == 1
    assert np.array_equal(reduced.pixels, read_image(str(path), cv2.IMREAD_COLOR))


@pytest.mark.parametrize('orientation', range(1, 9))
def test_turned_as_the_camera_says(tmp_path, orientation):
    image = photograph(160, 240)
    path = write(tmp_path / 'x.jpg', image, orientation)
    whole = read_image(path, cv2.IMREAD_COLOR)
    assert whole.shape[:2] == ((160, 240) if orientation <= 4 else (240, 160))
    for short_side in (160, 80, 20):
        reduced = decode_reduced(Path(path).read_bytes(), short_side)
        assert reduced.size == whole.shape[:2]
        assert reduced.factor == 160 // short_side
        assert np.abs(reduced.pixels - block_means(whole, reduced.factor)).mean() < 2


def test_what_cannot_be_decoded_is_named():
    for data in (b'', b'\xff\xd8', b'\xff\xd8broken', b'text'):
        with pytest.raises(ValueError, match='image x.jpg cannot be decoded'):
            decode_reduced(data, 20, 'x.jpg')
    cut = cv2.imencode('.jpg', photograph(30, 50))[1].tobytes()[:200]
    with pytest.raises(ValueError, match='image x.jpg cannot be decoded'):
        decode_reduced(cut, 20, 'x.jpg')


@pytest.mark.parametrize('options', [[], [cv2.IMWRITE_JPEG_PROGRESSIVE, 1]])
def test_a_photo_without_its_end_is_not_filled_up_with_grey(options):
    whole = cv2.imencode('.jpg', photograph(60, 90), options)[1].tobytes()
    # A preview has an end of its own.
    preview = cv2.imencode('.jpg', photograph(8, 8))[1].tobytes()
    whole = whole[:2] + b'\xff\xe2' + (len(preview) + 2).to_bytes(2) + preview + whole[2:]
    for kept in (whole, whole + b'padding'):
        assert decode_reduced(kept, 20, 'x.jpg').size == (60, 90)
    for ratio in (0.5, 0.8, 0.99):
        with pytest.raises(ValueError, match='image x.jpg cannot be decoded: its end is missing'):
            decode_reduced(whole[: int(ratio * len(whole))], 20, 'x.jpg')


@pytest.mark.parametrize('extension', ['png', 'jpg', 'bmp'])
def test_too_many_pixels_are_refused_before_they_are_decoded(extension, monkeypatch):
    data = cv2.imencode(f'.{extension}', photograph(30, 50))[1].tobytes()
    monkeypatch.setattr(decoding, 'MAX_PIXELS', 1500)
    assert decode_reduced(data, 20).size == (30, 50)
    monkeypatch.setattr(decoding, 'MAX_PIXELS', 1499)
    monkeypatch.setattr(cv2, 'imdecode', None)
    with pytest.raises(ValueError, match=f'image x.{extension} has more than'):
        decode_reduced(data, 20, f'x.{extension}')
