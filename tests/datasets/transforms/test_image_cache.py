import multiprocessing
from pathlib import Path

import cv2
import numpy as np
import pytest

from boostgan_plugin.datasets.transforms import image_cache
from boostgan_plugin.datasets.transforms.decoding import decode_reduced
from boostgan_plugin.datasets.transforms.image_cache import ImageCache
from tests.datasets.transforms.photographs import photograph

JPEG = cv2.imencode('.jpg', photograph(300, 400))[1].tobytes()
PNG = cv2.imencode('.png', photograph(300, 400))[1].tobytes()


@pytest.fixture
def decoded(monkeypatch):
    """What the cache had to decode."""
    calls = []

    def decode(data, *args):
        calls.append(data)
        return decode_reduced(data, *args)

    monkeypatch.setattr(image_cache, 'decode_reduced', decode)
    return calls


def entries(folder: Path) -> list[Path]:
    return [path for path in folder.rglob('*') if path.is_file()]


def is_same(one, other) -> bool:
    return np.array_equal(one.pixels, other.pixels) and (one.size, one.factor) == (
        other.size,
        other.factor,
    )


@pytest.mark.parametrize('data', [JPEG, PNG], ids=['jpg', 'png'])
def test_reads_what_decoding_gives(data, tmp_path, decoded):
    cache = ImageCache(tmp_path)
    expected = decode_reduced(data, 70)
    assert expected.factor == 4
    for _ in range(2):
        assert is_same(cache.read(data, 70), expected)
    assert is_same(ImageCache(tmp_path).read(data, 70), expected)
    assert len(decoded) == 1
    [entry] = entries(tmp_path)
    assert entry.stat().st_size == pytest.approx(75 * 100 * 3, abs=50)


def test_other_content_and_other_sizes_are_others(tmp_path, decoded):
    cache = ImageCache(tmp_path)
    for data in (JPEG, PNG, JPEG + b'\0'):
        for short_side in (70, 140):
            assert is_same(cache.read(data, short_side), decode_reduced(data, short_side))
    assert len(entries(tmp_path)) == len(decoded) == 6


def test_what_does_not_get_smaller_is_not_kept(tmp_path):
    assert ImageCache(tmp_path / 'cache').read(JPEG, 200).factor == 1
    assert not (tmp_path / 'cache').exists()


DAMAGES = {
    'empty': lambda entry: b'',
    'shorter': lambda entry: entry[:-1],
    'only the beginning': lambda entry: entry[:10],
    'longer': lambda entry: entry + b'\0',
    'a pixel': lambda entry: entry[:-9] + bytes([entry[-9] ^ 1]) + entry[-8:],
    'zeros': lambda entry: bytes(len(entry)),
}


@pytest.mark.parametrize('damage', DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_entry_is_made_again(damage, tmp_path, decoded):
    cache = ImageCache(tmp_path)
    expected = cache.read(JPEG, 70)
    [entry] = entries(tmp_path)
    good = entry.read_bytes()
    entry.write_bytes(damage(good))
    assert is_same(cache.read(JPEG, 70), expected)
    assert entry.read_bytes() == good
    assert len(decoded) == 2 and len(entries(tmp_path)) == 1


@pytest.mark.parametrize('place', range(28))
def test_no_number_of_the_header_can_be_wrong(place, tmp_path, decoded):
    cache = ImageCache(tmp_path)
    cache.read(JPEG, 70)
    [entry] = entries(tmp_path)
    content = bytearray(entry.read_bytes())
    content[place] ^= 1
    entry.write_bytes(content)
    assert is_same(cache.read(JPEG, 70), decode_reduced(JPEG, 70))
    assert len(decoded) == 2


def test_what_cannot_be_decoded_leaves_nothing(tmp_path):
    with pytest.raises(ValueError, match='image x.jpg cannot be decoded'):
        ImageCache(tmp_path).read(b'broken', 70, 'x.jpg')
    assert not entries(tmp_path)


def _read_often(folder: Path, start) -> None:
    start.wait()
    for short_side in range(20, 70):
        assert is_same(ImageCache(folder).read(JPEG, short_side), decode_reduced(JPEG, short_side))


def test_processes_share_a_folder(tmp_path):
    context = multiprocessing.get_context('fork')
    start = context.Event()
    processes = [context.Process(target=_read_often, args=(tmp_path, start)) for _ in range(4)]
    for process in processes:
        process.start()
    start.set()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4
    assert len(entries(tmp_path)) == 50
