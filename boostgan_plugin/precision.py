"""Which precision a machine is fast in."""

from functools import lru_cache
import time

from mmengine.logging import print_log
import torch
from torch import nn

#: So much faster has bfloat16 to be, as casts and copies come on top of convolutions. With AMX it
#: is five times as fast, with AVX-512's dot products two to three, on other CPUs slower.
_WORTHWHILE = 1.5
_ROUNDS = 8


@lru_cache
def bfloat16_is_faster(device_type: str = 'cpu') -> bool:
    """Whether to train in bfloat16 rather than float32.

    On CPU this is measured once a process, with a convolution forwards and backwards in both, in
    turn, in about a tenth of a second; the fastest of some rounds counts, as other work on the
    machine only ever adds time. Elsewhere the device says whether it has bfloat16.
    """
    if device_type == 'cuda':
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device_type != 'cpu':
        return False
    with torch.random.fork_rng(devices=[]), torch.inference_mode(False), torch.enable_grad():
        gain = _gain()
    faster = gain > _WORTHWHILE
    print_log(
        f'precision: convolutions are {gain:.1f} times as fast in bfloat16 as in float32; '
        f'training in {"bfloat16" if faster else "float32"}',
        logger='current',
    )
    return faster


def _gain() -> float:
    """Time of float32 by time of bfloat16."""
    convolution = nn.Conv2d(64, 64, 3, padding=1).to(memory_format=torch.channels_last)
    images = torch.randn(1, 64, 64, 64).to(memory_format=torch.channels_last).requires_grad_()
    times = {False: [], True: []}
    for _ in range(_ROUNDS + 1):  # The first builds the kernels.
        for enabled, taken in times.items():
            with torch.autocast('cpu', torch.bfloat16, enabled=enabled):
                start = time.perf_counter()
                convolution(images).sum().backward()
                taken.append(time.perf_counter() - start)
    return min(times[False][1:]) / min(times[True][1:])
