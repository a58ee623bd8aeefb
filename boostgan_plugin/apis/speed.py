"""How fast the package is on this machine: many cases, each in a process of its own, in turn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
import json
import os
from pathlib import Path
import statistics
import subprocess
import sys
from typing import Any

from boostgan_plugin.files import replacing

from .speed_case import MARK
from .tables import Rows

#: oneDNN's name for a processor without matrix units: what most have.
WITHOUT_MATRIX_UNITS = {'ONEDNN_MAX_CPU_ISA': 'AVX512_CORE_BF16'}


@dataclass(frozen=True)
class Case:
    """What is measured: see :mod:`~boostgan_plugin.apis.speed_case` for the request.

    ``environment`` is added to that of the process; with ``ranks`` > 1 so many share the work.
    """

    title: str
    request: Mapping[str, Any]
    environment: Mapping[str, str] = field(default_factory=dict)
    ranks: int = 1


def run_cases(cases: Iterable[Case], results: Path, rounds: int) -> dict[str, list[dict]]:
    """Measure all in turn, ``rounds`` times over; what is done is on disk and not done again.

    Args:
        results: JSON file, by title a list of figures.

    Raises:
        RuntimeError: a case failed; its last words are in the message.
    """
    results.parent.mkdir(parents=True, exist_ok=True)
    found = json.loads(results.read_text()) if results.is_file() else {}
    cases = list(cases)
    for turn in range(rounds):
        for number, case in enumerate(cases, 1):
            done = found.setdefault(case.title, [])
            if len(done) > turn:
                continue
            done.append(run_case(case))
            with replacing(results) as path:
                path.write_text(json.dumps(found, indent=1) + '\n')
            print(
                f'round {turn + 1} of {rounds}, {number} of {len(cases)}: {case.title}: '
                f'{done[-1].get("seconds", 0):.3f} s',
                flush=True,
            )
    return found


def run_case(case: Case) -> dict[str, Any]:
    """The figures of one case, measured in a new process.

    Raises:
        RuntimeError: it failed.
    """
    module, request = 'boostgan_plugin.apis.speed_case', json.dumps(case.request)
    command = [sys.executable, '-m', module, request]
    if case.ranks > 1:
        command = [
            sys.executable,
            '-m',
            'torch.distributed.run',
            '--standalone',
            f'--nproc_per_node={case.ranks}',
            '-m',
            module,
            request,
        ]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={'OMP_NUM_THREADS': '1', **os.environ, **case.environment},
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    if done.returncode or not lines:
        raise RuntimeError(f'{case.title} failed:\n{done.stderr[-2000:]}')
    return json.loads(lines[-1].removeprefix(MARK))


def median_of(found: Mapping[str, list[dict]], title: str, key: str = 'seconds') -> float:
    """Of the processes that measured a case."""
    return statistics.median(figures[key] for figures in found[title])


def ratio_rows(
    found: Mapping[str, list[dict]], titles: Iterable[str], references: Iterable[str]
) -> Rows:
    """A row for each case: its time, and that by the time of each reference."""
    references = [title for title in references if title in found]
    rows = [['step', 'seconds', *(f'x {title}' for title in references)]]
    for title in titles:
        if title in found:
            seconds = median_of(found, title)
            rows.append(
                [
                    title,
                    f'{seconds:.2f}',
                    *(f'{seconds / median_of(found, other):.2f}' for other in references),
                ]
            )
    return rows
