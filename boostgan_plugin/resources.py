"""What this process takes of the machine: memory from the C library, threads, patience.

:func:`prepare_process`, or :func:`prepare_server`, comes first in every tool, before torch is
imported. They only set what the user has not set; what a started process inherits, its children
inherit too.
"""

import ctypes
import math
import os
from pathlib import Path
import sys
import time

#: Blocks below this size stay with the process instead of going back to the kernel, which would
#: fill them with zeros, page by page, at the next step. Larger than any tensor of a training.
_KEPT_BYTES = 1 << 30
#: Of a server, blocks from this size on go back to the kernel at once.
_RETURNED_BYTES = 128 << 10
#: Of mallopt: see malloc.h of the GNU C library.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_ALLOCATOR_VARIABLES = (
    'MALLOC_TRIM_THRESHOLD_',
    'MALLOC_MMAP_THRESHOLD_',
    'GLIBC_TUNABLES',
    'LD_PRELOAD',
)
#: Turns an OpenMP thread waits for the others before it sleeps. Long enough for a quiet machine's
#: short waits; by default it is 300 000, in which a busy machine's cores do nothing else.
_SPINS = 10_000
#: So much faster must more threads be to be worth it.
_WORTHWHILE = 1.2


def prepare_process() -> None:
    """Settle what has to be settled before torch is imported."""
    _spin_less()
    keep_memory()


def prepare_server() -> None:
    """As :func:`prepare_process`, for a process that computes little and holds images of many
    people."""
    _spin_less()
    return_memory()


def keep_memory() -> bool:
    """Let freed memory stay with this process; whether that was possible.

    Each large tensor would otherwise be given back to the kernel and asked for again: tens of
    thousands of page faults a training step.
    """
    return _keep_below(_KEPT_BYTES)


def return_memory() -> bool:
    """Let freed images go back to the kernel; whether that was possible.

    Threads that come and go would otherwise put them between what lasts, in heaps of their own,
    where holes stay that nothing new fits into.
    """
    return _keep_below(_RETURNED_BYTES)


def _spin_less() -> None:
    if not {'OMP_WAIT_POLICY', 'GOMP_SPINCOUNT'} & os.environ.keys():
        os.environ['GOMP_SPINCOUNT'] = str(_SPINS)


def _keep_below(size: int) -> bool:
    if not sys.platform.startswith('linux') or set(_ALLOCATOR_VARIABLES) & os.environ.keys():
        return False
    mallopt = getattr(ctypes.CDLL(None), 'mallopt', None)  # musl has none.
    if mallopt is None:
        return False
    return all([mallopt(_MMAP_THRESHOLD, size), mallopt(_TRIM_THRESHOLD, size)])


def usable_cores() -> int:
    """Cores that this process may use: its affinity, and the quota of its control group."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()
    quota = _control_group_quota()
    return max(1, min(allowed or 1, math.floor(quota) if quota else allowed or 1))


def choose_threads(most: int | None = None) -> int:
    """Set how many threads torch computes with, and say it; a number the user has set stays.

    On a machine with other work several threads wait for each other, spinning, and are slower than
    one. So it is measured: the number at which convolutions are clearly fastest now.

    Args:
        most: at most so many; default all usable cores.
    """
    import torch  # What has to be set before it is imported is set by this module, too.

    if 'OMP_NUM_THREADS' in os.environ:
        return torch.get_num_threads()
    cores = usable_cores()
    most = min(most or cores, cores)
    chosen, seconds = 1, _seconds_of_convolutions(1)
    for count in _halvings(most):
        tried = _seconds_of_convolutions(count)
        if tried * _WORTHWHILE < seconds:
            chosen, seconds = count, tried
            break
    torch.set_num_threads(chosen)
    busy = ' (more were not faster: the machine has other work)' if chosen < most else ''
    print(f'threads: {chosen} of {most} cores{busy}', flush=True)
    return chosen


def _halvings(most: int) -> list[int]:
    """From many to two."""
    counts = []
    while most > 1:
        counts.append(most)
        most //= 2
    return counts


def _seconds_of_convolutions(threads: int, rounds: int = 6) -> float:
    """Median time of a convolution forwards and backwards."""
    import torch

    torch.set_num_threads(threads)
    with torch.random.fork_rng(devices=[]):
        convolution = torch.nn.Conv2d(32, 32, 3, padding=1)
        images = torch.randn(2, 32, 64, 64, requires_grad=True)
    times = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        with torch.enable_grad():
            convolution(images).sum().backward()
        times.append(time.perf_counter() - start)
    return sorted(times[1:])[rounds // 2]


def _control_group_quota() -> float | None:
    """Cores' worth of time that the control group grants; None without a limit."""
    try:
        quota, period = Path('/sys/fs/cgroup/cpu.max').read_text().split()
    except (OSError, ValueError):
        return None
    return None if quota == 'max' else int(quota) / int(period)
