import os
import subprocess
import sys

import pytest

from boostgan_plugin.resources import choose_threads, usable_cores
from tests.conftest import ROOT

FAULTS = """
import resource
from boostgan_plugin.resources import prepare_process
prepare_process()
import torch
def step():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        torch.ones(8 << 20)  # 32 MB
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
step()
print(step())
"""
IMAGES = """
from collections import deque
import os
from threading import Thread
import numpy as np
from boostgan_plugin import resources
from boostgan_plugin.web.running import resident_bytes
resources.prepare_server()
dice, held = np.random.default_rng(0), deque(maxlen=50)
def visit():
    for _ in range(5):
        images = [np.ones(int(size), np.uint8) for size in dice.integers(200_000, 2_000_000, 4)]
        held.append((images[1], images[3].copy()))
before = resident_bytes(os.getpid())
for number in range(60):
    threads = [Thread(target=visit) for _ in range(1 + number % 3)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
kept = sum(part.nbytes for parts in held for part in parts)
print((resident_bytes(os.getpid()) - before) / kept)
"""
THREADS = """
from boostgan_plugin.resources import choose_threads, prepare_process, usable_cores
prepare_process()
import torch
print(choose_threads(), torch.get_num_threads(), usable_cores())
"""


def run(code: str, **environment) -> str:
    given = {
        key: value
        for key, value in os.environ.items()
        if key not in ('OMP_NUM_THREADS', 'MALLOC_TRIM_THRESHOLD_')
    }
    done = subprocess.run(
        [sys.executable, '-c', code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**given, **environment},
        check=True,
    )
    return done.stdout.splitlines()[-1]


@pytest.mark.skipif(not sys.platform.startswith('linux'), reason='mallopt is of the GNU C library')
def test_freed_tensors_stay_with_the_process_unless_the_user_says_otherwise():
    assert int(run(FAULTS)) < 100
    assert int(run(FAULTS, MALLOC_TRIM_THRESHOLD_='100000')) > 1000


@pytest.mark.skipif(not sys.platform.startswith('linux'), reason='mallopt is of the GNU C library')
def test_a_server_holds_what_it_has_to_hold_and_no_more():
    assert float(run(IMAGES)) < 1.2


def test_threads_are_those_of_the_user_or_at_most_all_cores():
    chosen, used, cores = map(int, run(THREADS).split())
    assert 1 <= chosen == used <= cores
    assert run(THREADS, OMP_NUM_THREADS='1').startswith('1 1 ')


def test_one_core_is_one_thread():
    available = sorted(os.sched_getaffinity(0))
    code = f'import os; os.sched_setaffinity(0, [{available[0]}])\n' + THREADS
    assert run(code) == '1 1 1'


def test_at_most_as_many_as_asked_for(monkeypatch, capsys):
    import torch

    before = torch.get_num_threads()
    monkeypatch.delenv('OMP_NUM_THREADS', raising=False)
    assert choose_threads(1) == 1 == torch.get_num_threads()
    assert 'threads: 1 of 1 cores' in capsys.readouterr().out
    torch.set_num_threads(before)


def test_a_quota_of_time_counts_as_so_many_cores(monkeypatch):
    from boostgan_plugin import resources

    monkeypatch.setattr(os, 'sched_getaffinity', lambda _: range(8))
    for quota, cores in ((None, 8), (2.5, 2), (0.3, 1), (64.0, 8)):
        monkeypatch.setattr(resources, '_control_group_quota', lambda quota=quota: quota)
        assert usable_cores() == cores
