"""The files of people: so many bytes, for so long."""

import os
from time import time

import numpy as np
import pytest

pytest.importorskip('gradio')

from boostgan_plugin.web.storage import Storage  # noqa: E402


@pytest.fixture
def folder(tmp_path):
    (tmp_path / 'example.png').write_bytes(bytes(500))
    return tmp_path


def put(folder, name, size=100, age=0):
    path = folder / name / 'photo.png'
    path.parent.mkdir()
    path.write_bytes(bytes(size))
    os.utime(path, (time() - age, time() - age))
    return path


def test_the_oldest_files_make_room_and_what_was_there_stays(folder):
    storage = Storage(folder, room=350, age=3600)
    old, middle, new = (put(folder, str(age), age=age) for age in (300, 200, 100))
    storage.make_room()
    assert old.exists()
    storage.make_room(100)
    assert not old.parent.exists() and middle.exists() and new.exists()
    assert storage.keep(middle) and not storage.keep(old)
    storage.make_room(200)
    assert middle.exists() and not new.exists()
    storage.make_room(1000)
    assert not middle.exists() and (folder / 'example.png').exists()


def test_old_files_go_with_what_was_left_half_sent(folder):
    storage = Storage(folder, room=10**6, age=3600)
    (folder / 'tmphalf').write_bytes(bytes(10))
    os.utime(folder / 'tmphalf', (0, 0))
    old, new = put(folder, 'old', age=3700), put(folder, 'new', age=3500)
    storage.make_room()
    assert not old.exists() and new.exists() and not (folder / 'tmphalf').exists()


def test_files_of_who_left_stay_ten_minutes(folder):
    storage = Storage(folder, room=10**6, age=3600)
    mine, other = put(folder, 'mine'), put(folder, 'other', age=1000)
    storage.give('me', mine, folder / 'gone' / 'photo.png')
    storage.leave('me')
    storage.leave('nobody')
    left = mine.stat().st_mtime + 3600 - time()
    assert 590 < left <= 600 and time() - other.stat().st_mtime > 990
    storage.make_room()
    assert mine.exists()


def test_who_reads_a_copy_reads_all_of_it_though_another_writes_the_same(tmp_path):
    storage = Storage(tmp_path, room=10**6, age=3600)
    image = np.random.default_rng(0).integers(0, 256, (64, 48, 3), np.uint8)
    copy = storage.write(image)
    with copy.open('rb') as reading:
        begun = reading.read(100)
        assert storage.write(image) == copy
        assert begun + reading.read() == copy.read_bytes()
        assert os.fstat(reading.fileno()).st_ino != copy.stat().st_ino, 'never written into'
    assert list(tmp_path.iterdir()) == [copy.parent]
