"""Trainings that depend on each other: run once, resumed when they were interrupted."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
import fcntl
import io
import json
import multiprocessing
import os
from pathlib import Path
import sys
import threading
import time
from typing import Any, TextIO

from mmengine.config import Config
import torch

from boostgan_plugin import renamed
from boostgan_plugin.engine.divergence_hook import DIVERGED
from boostgan_plugin.files import write_durably
from boostgan_plugin.resources import choose_threads, prepare_process, usable_cores

from .config_tree import mappings
from .passing_signals import SIGNALS
from .runs import is_finished, load_config, train

#: File in a work directory: seconds that its training took.
_SECONDS = 'training_seconds.json'


class DivergedError(RuntimeError):
    """A training ended in values that are no numbers."""


@dataclass(frozen=True)
class Stage:
    """A training of its own."""

    title: str
    config: str
    work_dir: str


def needed_networks(config: Mapping) -> list[Stage]:
    """The trainings that a config's model and metrics need before they can be built.

    These are its parts with a ``config`` and a ``checkpoint``, both paths. If the checkpoint is a
    file, the network is taken as trained; otherwise it names the work directory in which it is
    trained.
    """
    return list(
        dict.fromkeys(
            stage for key in ('model', 'test_evaluator') for stage in _networks_in(config.get(key))
        )
    )


def _networks_in(node: Any) -> Iterator[Stage]:
    for part in mappings(node):
        network, checkpoint = part.get('config'), part.get('checkpoint')
        if (
            isinstance(network, str)
            and isinstance(checkpoint, str)
            and not Path(checkpoint).is_file()
        ):
            yield Stage(Path(network).stem, network, checkpoint)


def networks_beside(config: Config, options: Mapping[str, Any]) -> Iterator[Config]:
    """The configs of the networks that a config needs and that learn from where it does."""
    for stage in needed_networks(config):
        own = options_of_network(options, config, stage) | {
            key: value for key, value in options.items() if key.startswith('data_check')
        }
        network = load_config(stage.config, own, stage.work_dir)
        if network.get('data_root') and network.data_root == config.get('data_root'):
            yield network


def options_of_network(
    options: Mapping[str, Any], config: Config, network: Stage
) -> dict[str, Any]:
    """The overrides of a config that the training of one of its networks takes over.

    Those without a dot in their key; ``data_root`` only where both look for their data in the same
    place, as labelled sets are others.
    """
    shared = {key: value for key, value in options.items() if '.' not in key}
    places = {Config.fromfile(path).get('data_root') for path in (config.filename, network.config)}
    if len(places) > 1:
        shared.pop('data_root', None)
    return shared


def run_stage(
    label: str,
    stage: Stage,
    options: Mapping[str, Any],
    threads: int | None = None,
    label_lines: bool = False,
) -> None:
    """Train a stage in a process of its own, or go on with it, unless it is finished.

    A config whose ``start_from`` has a ``config`` and a ``checkpoint`` goes on from another
    training, which is run first.

    Args:
        label: before what is said of the stage.
        threads: at most so many; default all cores.
        label_lines: also before each line that the training writes, as others write beside it.

    Raises:
        DivergedError: the training diverged, now or before.
        RuntimeError: the training failed, or the work directory holds another one.
        SystemExit: it was told to leave by a signal, and has saved what it had.
    """
    config = load_config(stage.config, options, stage.work_dir)
    for first in _networks_in(config.get('start_from')):
        run_stage(f'{label}, {first.title} first', first, options, threads, label_lines)
    with _locked(stage.work_dir), SIGNALS.passed_on():
        _refuse_other_run(config)
        _refuse_diverged(stage)
        if is_finished(config):
            print(f'{label}: finished before, in {stage.work_dir}', flush=True)
        else:
            _train_in_process(label, stage, options, threads, label if label_lines else None)


def _train_in_process(
    label: str,
    stage: Stage,
    options: Mapping[str, Any],
    threads: int | None,
    line_label: str | None,
) -> None:
    print(f'{label}: training in {stage.work_dir}', flush=True)
    start = time.monotonic()
    # A process of its own: loggers, seeds and default scopes of mmengine are global.
    process = multiprocessing.get_context('spawn').Process(
        target=_train, args=(stage.config, dict(options), stage.work_dir, threads, line_label)
    )
    try:
        status = SIGNALS.run(process)
    finally:
        seconds = time.monotonic() - start
        _note_seconds(stage.work_dir, seconds)
    _refuse_diverged(stage)
    if status:
        raise RuntimeError(
            f'{label} failed with exit code {status}; see the messages above and '
            f'the log in {stage.work_dir}'
        )
    print(f'{label}: done in {seconds:.0f} s', flush=True)


def run_side_by_side(
    stages: Mapping[str, Stage], options: Mapping[Stage, Mapping[str, Any]]
) -> None:
    """Train stages that do not need each other at once, each on its share of the cores.

    On one core or on CUDA, which one training fills, they run one after another.

    Args:
        stages: by label.
        options: of each stage.

    Raises:
        DivergedError, RuntimeError, SystemExit: as :func:`run_stage`, after the others have
            ended.
    """
    cores = usable_cores()
    at_once = 1 if torch.cuda.is_available() else max(1, min(cores, len(stages)))
    with SIGNALS.passed_on(), ThreadPoolExecutor(at_once) as pool:
        jobs = [
            pool.submit(
                run_stage,
                label,
                stage,
                options[stage],
                threads=cores // at_once,
                label_lines=at_once > 1,
            )
            for label, stage in stages.items()
        ]
    for job in jobs:
        job.result()


def seconds_of(work_dir: str | Path) -> float | None:
    """How long a stage took, over interruptions; None where that is not known."""
    path = Path(work_dir) / _SECONDS
    return json.loads(path.read_text()) if path.is_file() else None


@contextmanager
def _locked(work_dir: str) -> Iterator[None]:
    path = Path(work_dir) / 'lock'
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open('w') as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RuntimeError(
                f'another process is training in {work_dir}: wait for it, or work in another folder'
            ) from error
        yield


#: What makes a training another one.
_SETTINGS = (
    'train_dataloader',
    'model',
    'optim_wrapper',
    'param_scheduler',
    'train_cfg',
    'randomness',
)
#: What makes it faster, or slower, and no other one.
_DELIVERY = frozenset(
    {'cache_dir', 'num_workers', 'persistent_workers', 'pin_memory', 'prefetch_factor'}
)


def _refuse_other_run(config: Config) -> None:
    """A training must not be taken for finished, or go on, with other data or settings."""
    path = Path(config.work_dir) / Path(config.filename).name
    if not path.is_file():
        return
    before = Config.fromfile(path)
    for key in _SETTINGS:
        if renamed.same_words(_essence(before.get(key))) != renamed.same_words(
            _essence(config.get(key))
        ):
            raise RuntimeError(
                f'{config.work_dir} holds a training with another {key}: delete it, '
                'or work in another folder'
            )


def _essence(node: Any) -> Any:
    """Absolute paths as names of files: a project that was moved is still the same."""
    if isinstance(node, dict):
        return {key: _essence(value) for key, value in node.items() if key not in _DELIVERY}
    if isinstance(node, (list, tuple)):
        return [_essence(value) for value in node]
    return Path(node).name if isinstance(node, str) and Path(node).is_absolute() else node


def _refuse_diverged(stage: Stage) -> None:
    note = Path(stage.work_dir) / DIVERGED
    if note.is_file():
        stored = json.loads(note.read_text())
        raise DivergedError(
            f'{stage.title} diverged: {stored["what"]} is not finite from '
            f'iteration {stored["iteration"]} on; delete {stage.work_dir} to train '
            'it again'
        )


def _note_seconds(work_dir: str, seconds: float) -> None:
    """Add up how long a stage took, over interruptions."""
    path = Path(work_dir) / _SECONDS
    write_durably(path, json.dumps(round((seconds_of(work_dir) or 0) + seconds, 1)))


def _train(
    config_path: str,
    options: Mapping[str, Any],
    work_dir: str,
    threads: int | None,
    line_label: str | None,
) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare_process()
    if line_label is not None:
        sys.stdout, sys.stderr = (
            _Labelled(stream, line_label) for stream in (sys.stdout, sys.stderr)
        )
    choose_threads(threads)
    config = load_config(config_path, options, work_dir)
    config.resume = True
    train(config)


class _Labelled(io.TextIOBase):
    """A stream that says in each line whose it is: several trainings write at once."""

    def __init__(self, stream: TextIO, label: str) -> None:
        self._stream, self._label, self._line = stream, label, ''

    def write(self, text: str) -> int:
        *lines, self._line = (self._line + text).split('\n')
        self._stream.write(''.join(f'{self._label} | {line}\n' for line in lines))
        return len(text)

    def flush(self) -> None:
        self._stream.flush()


def _end_with_parent() -> None:
    """However the parent ends: two trainings must never work in one folder."""
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(1)
