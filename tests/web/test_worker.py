"""Work in a process of its own, which has so much memory and so much time."""

from functools import partial
import os
import signal
import sys
from time import sleep

import numpy as np
import pytest

from boostgan_plugin.web.limits import RequestLimits
from boostgan_plugin.web.worker import Worker


class Workshop:
    """What a worker holds here."""

    def __init__(self, needs=None):
        if needs is not None:
            raise ValueError(f'there is no {needs}')

    def add(self, one, other):
        return one + other

    def count(self, number, progress):
        for done in range(number):
            progress(done, number)
        return 'counted'

    def take(self, gigabytes):
        return np.ones(int(gigabytes * 2**27)).size

    def wait(self, seconds):
        sleep(seconds)

    def fail(self, kind):
        raise kind('what was wrong')

    def process(self):
        return os.getpid()

    def die(self):
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(scope='module')
def worker():
    worker = Worker(Workshop, RequestLimits(seconds=60, memory_gb=0.5))
    yield worker
    worker.end()


def test_calls_give_what_the_methods_give_and_tell(worker):
    assert worker.call('add', 2, np.arange(3)).tolist() == [2, 3, 4]
    told = []
    assert worker.call('count', 3, progress=lambda *done: told.append(done)) == 'counted'
    assert told == [(0, 3), (1, 3), (2, 3)]


@pytest.mark.parametrize(
    ('kind', 'comes'),
    [
        (ValueError, ValueError),
        (FileNotFoundError, FileNotFoundError),
        (TimeoutError, TimeoutError),
        (UnicodeError, ValueError),
        (KeyError, RuntimeError),
    ],
)
def test_errors_for_people_come_over(worker, kind, comes):
    process = worker.call('process')
    with pytest.raises(comes, match='what was wrong'):
        worker.call('fail', kind)
    assert worker.call('process') == process


@pytest.mark.skipif(sys.platform != 'linux', reason='memory is counted by Linux alone')
def test_too_much_memory_is_told_and_the_next_call_works(worker):
    assert worker.call('take', 0.25)
    with pytest.raises(ValueError, match='needs more memory'):
        worker.call('take', 0.75)
    assert worker.call('take', 0.25)


def test_a_process_that_died_is_replaced(worker):
    first = worker.call('process')
    with pytest.raises(ValueError, match='needs more memory'):
        worker.call('die')
    second = worker.call('process')
    assert second not in (first, os.getpid())
    os.kill(second, signal.SIGKILL)
    while worker._process.is_alive():
        sleep(0.01)
    assert worker.call('process') not in (first, second)


def test_what_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr('boostgan_plugin.web.worker._GRACE', 0.1)
    worker = Worker(Workshop, RequestLimits(seconds=0.4))
    first = worker.call('process')
    with pytest.raises(TimeoutError, match=r'more than 0\.4 seconds'):
        worker.call('wait', 3600)
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert worker.call('add', 1, 1) == 2
    worker.end()


def test_what_cannot_be_built_is_told():
    worker = Worker(partial(Workshop, 'such model'), RequestLimits())
    with pytest.raises(ValueError, match='there is no such model'):
        worker.call('process')
    worker.end()
