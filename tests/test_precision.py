import os
from pathlib import Path
import subprocess
import sys

import pytest

from tests.conftest import ROOT

ASK = 'from boostgan_plugin.precision import bfloat16_is_faster; print(bfloat16_is_faster())'


def measured(**environment) -> bool:
    """In a process of its own: a processor's instructions can be hidden at its start only."""
    done = subprocess.run(
        [sys.executable, '-c', ASK],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, 'OMP_NUM_THREADS': '1', **environment},
        check=True,
    )
    assert 'times as fast in bfloat16' in done.stdout
    return done.stdout.splitlines()[-1] == 'True'


def test_without_instructions_for_bfloat16_float32_is_faster():
    assert not measured(ONEDNN_MAX_CPU_ISA='AVX2')


@pytest.mark.skipif('amx_bf16' not in Path('/proc/cpuinfo').read_text(), reason='CPU without AMX')
def test_with_matrix_units_bfloat16_is_faster():
    assert measured()
