"""Reading weights from disk: no code is ever run, and nothing is left at random."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
import os
from pathlib import Path
import pickle
import re
from typing import IO, Any, NoReturn
import zipfile

from mmengine.fileio import BaseFileHandler
from mmengine.fileio.handlers.registry_utils import file_handlers
from mmengine.logging import HistoryBuffer
import numpy as np
import torch
from torch import Tensor, nn


def _method_of_history(owner: type, name: str) -> Callable:
    """All that a checkpoint may use ``getattr`` for; the real one can reach anything."""
    if owner is not HistoryBuffer:
        raise pickle.UnpicklingError(f'refused to look up {name!r} of {owner!r}')
    return getattr(owner, name)


#: What a checkpoint of the Runner holds beside tensors and plain values: its log.
_LOG_TYPES = [
    HistoryBuffer,
    (_method_of_history, 'builtins.getattr'),
    np.ndarray,
    np.dtype,
    np._core.multiarray._reconstruct,
    np._core.multiarray.scalar,
    # as NumPy 1 wrote them
    (np._core.multiarray._reconstruct, 'numpy.core.multiarray._reconstruct'),
    (np._core.multiarray.scalar, 'numpy.core.multiarray.scalar'),
    *(type(np.dtype(kind)) for kind in ('f4', 'f8', 'i4', 'i8', 'u4')),
]


#: How mmengine names checkpoints: the later, the larger the number.
_NUMBERED = re.compile(r'(?:iter|epoch)_(\d+)\.pth')


def checkpoints_in(work_dir: str | Path) -> list[Path]:
    """The checkpoints of the training in a work directory, newest first, whole or not.

    Its note ``last_checkpoint`` may be missing, or older than the newest. A checkpoint beyond the
    noted one that is older than the note is of an earlier training, and left out.
    """
    note = Path(work_dir) / 'last_checkpoint'
    numbers = {
        path: int(match[1])
        for path in note.parent.glob('*.pth')
        if (match := _NUMBERED.fullmatch(path.name))
    }
    found = sorted(numbers, key=numbers.get, reverse=True)
    # The note holds the path at the time of writing; the folder may have moved since.
    text = note.read_text(errors='replace').strip() if note.is_file() else ''
    noted = note.with_name(Path(text).name) if text else None
    if noted not in numbers:
        return [noted, *found] if noted is not None and noted.is_file() else found
    written = note.stat().st_mtime_ns
    return [
        path
        for path in found
        if numbers[path] <= numbers[noted] or path.stat().st_mtime_ns >= written
    ]


def last_checkpoint(work_dir: str | Path) -> Path | None:
    """The newest checkpoint in a work directory, whole or not; None before the first."""
    return next(iter(checkpoints_in(work_dir)), None)


def find_checkpoint(path: str | Path) -> Path:
    """A checkpoint file, or the last one of a work directory.

    Raises:
        FileNotFoundError: neither is there; the message says what to run.
    """
    path = Path(path)
    if path.is_dir():
        last = last_checkpoint(path)
        if last is None:
            raise FileNotFoundError(
                f'{path} holds no checkpoint (iter_N.pth): train it first with tools/train.py'
            )
        path = last
    if not path.is_file():
        raise FileNotFoundError(
            f'checkpoint {path} does not exist: train it first with '
            'tools/train.py, or give the path of a trained one'
        )
    return path


def file_state(path: str | Path) -> str:
    """Path, size and time of change: what tells one content of a file from another."""
    state = Path(path).stat()
    return f'{path} {state.st_size} {state.st_mtime_ns}'


def read_checkpoint(path: str | Path) -> dict:
    """Load a checkpoint with ``weights_only=True`` and without any fallback, onto the CPU.

    The checksums that torch writes into its files are looked at, which torch itself does not.

    Raises:
        ValueError: the file is broken or holds something other than weights and plain values;
            names a whole one beside it.
    """
    path = find_checkpoint(path)
    try:
        return _read(path)
    except ValueError as error:
        raise ValueError(f'{error}{_whole_one_beside(path)}') from error


def damage_of(path: str | Path) -> str | None:
    """What is wrong with the bytes of a checkpoint; None if nothing can be told."""
    if Path(path).stat().st_size == 0:
        return 'is empty'
    try:
        if not zipfile.is_zipfile(path):  # As torch wrote before version 1.6, or none at all.
            return None
        with zipfile.ZipFile(path) as file:
            # torch takes a record that is marked as a folder for an empty one.
            folders = (info.filename for info in file.infolist() if info.external_attr & 0x10)
            record = file.testzip() or next(folders, None)
    except Exception as error:  # What is damaged can fail in any way.
        return f'is broken: {error}'
    return record and f'is broken: its record {record} has changed since it was written'


def _read(path: Path) -> dict:
    damage = damage_of(path)
    if damage:
        raise ValueError(f'{path} {damage}')
    try:
        with torch.serialization.safe_globals(_LOG_TYPES):
            return torch.load(path, map_location='cpu', weights_only=True)
    except OSError:
        raise
    except Exception as error:  # Bytes that are no pickle fail in any way.
        raise ValueError(
            f'{path} is broken or holds more than weights and plain values, so it is '
            'not read (save only its state_dict if you trust it): '
            f'{_unsupported(path) or error}'
        ) from error


def _whole_one_beside(path: Path) -> str:
    """An older checkpoint of the same training, in words."""
    others = checkpoints_in(path.parent)
    older = others[others.index(path) + 1 :] if path in others else []
    whole = next((other for other in older if damage_of(other) is None), None)
    return f'. {whole} beside it is whole' if whole else ''


@dataclass(frozen=True)
class Resumable:
    """A checkpoint to go on from: ``iteration`` steps are done; ``passed_over`` says which newer
    ones cannot be taken, and why."""

    path: Path
    iteration: int
    passed_over: tuple[str, ...] = ()


def newest_whole(work_dir: str | Path) -> Resumable | None:
    """The newest checkpoint in a work directory from which a training can go on; None if there are
    none at all.

    Raises:
        ValueError: there are some, but none is whole, safe and finite; says what each is.
    """
    passed_over = []
    for path in checkpoints_in(work_dir):
        try:
            content = _read(path)
            _check_resumable(path, content)
        except (ValueError, OSError) as error:
            passed_over.append(str(error))
        else:
            return Resumable(path, content['meta']['iter'], tuple(passed_over))
    if passed_over:
        raise ValueError(
            f'{work_dir} holds no checkpoint from which to go on; train without '
            '--resume to start anew, or in another folder:\n' + '\n'.join(passed_over)
        )
    return None


def _check_resumable(path: Path, content: Any) -> None:
    meta = content.get('meta') if isinstance(content, dict) else None
    if not isinstance(meta, dict) or not isinstance(meta.get('iter'), int):
        raise ValueError(f'{path} holds no training to go on with')
    name = first_not_finite(
        {key: content.get(key) for key in ('state_dict', 'ema_state_dict', 'optimizer')}
    )
    if name is not None:
        raise ValueError(f'{path} holds a training that diverged: {name} is not finite')


def first_not_finite(values: Mapping, prefix: str = '') -> str | None:
    """The dotted name of the first tensor with a NaN or an infinity, in nested mappings.

    Each look at a tensor waits for its device.
    """
    for key, value in values.items():
        name = f'{prefix}{key}'
        if isinstance(value, Mapping):
            found = first_not_finite(value, f'{name}.')
        else:
            found = name if isinstance(value, Tensor) and not value.isfinite().all() else None
        # The memories of mismatched pairs come and go with the batches.
        if found is not None and not found.endswith('.memory'):
            return found
    return None


#: torch's own switches, for every ``torch.load`` and whatever its caller asks for.
_ALWAYS, _NEVER = 'TORCH_FORCE_WEIGHTS_ONLY_LOAD', 'TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD'


class _NoPickles(BaseFileHandler):
    """In the place of mmengine's, for lists of samples or weights of classes as .pkl files."""

    str_like = False

    def load_from_fileobj(self, file: IO, **_) -> NoReturn:
        raise ValueError(
            f'{getattr(file, "name", "a pickle")} is refused, as a pickle can run '
            'anything: write what it holds as .json'
        )

    dump_to_fileobj = dump_to_str = load_from_fileobj


@contextmanager
def only_weights() -> Iterator[None]:
    """Within, nothing that this process or one that it starts loads with torch or mmengine can run
    code. As a decorator, the same of a function.

    mmengine would fall back to loading anything, as for ``init_cfg=dict(type='Pretrained',
    checkpoint=...)``. Its files are read by :func:`read_checkpoint`, so work directories will do;
    downloads are refused by torch, if they hold more than weights. Lists of samples as .pkl files
    are refused.
    """
    from mmengine.runner import CheckpointLoader  # Slow to import, and needed for training only.

    def load_from_local(filename: str, map_location: Any = None) -> dict:
        return read_checkpoint(Path(filename).expanduser())

    variables = {name: os.environ.pop(name, None) for name in (_ALWAYS, _NEVER)}
    theirs, handlers = CheckpointLoader._schemes[''], dict(file_handlers)
    CheckpointLoader.register_scheme('', load_from_local, force=True)
    file_handlers.update(dict.fromkeys(('pkl', 'pickle'), _NoPickles()))
    os.environ[_ALWAYS] = '1'
    try:
        yield
    finally:
        CheckpointLoader.register_scheme('', theirs, force=True)
        file_handlers.update(handlers)
        del os.environ[_ALWAYS]
        os.environ.update({name: value for name, value in variables.items() if value is not None})


def weights_of(checkpoint: Mapping) -> Mapping[str, Tensor]:
    """The weights in a checkpoint of the Runner, or in a file of weights alone."""
    return checkpoint.get('state_dict', checkpoint)


def _unsupported(path: Path) -> str:
    """The foreign types in a checkpoint, if it can be looked into."""
    try:
        return ', '.join(torch.serialization.get_unsafe_globals_in_checkpoint(path))
    except Exception:  # As above.
        return ''


def load_trained(model: nn.Module, checkpoint: str | Path | None, advice: str) -> None:
    """Load a model's checkpoint, a file or a work directory; None for models without weights.

    Raises:
        ValueError: the checkpoint does not fit, or there is none for a model that has weights;
            ``advice`` says what to give.
    """
    if checkpoint is not None:
        load_strictly(model, weights_of(read_checkpoint(checkpoint)), f'checkpoint {checkpoint}')
    elif any(parameter.requires_grad for parameter in model.parameters()):
        raise ValueError(f'{type(model).__name__} has weights: {advice}')


def load_strictly(network: nn.Module, weights: Mapping[str, Tensor], source: str) -> None:
    """Load weights that have to fit exactly.

    Raises:
        ValueError: keys are missing or left over, or shapes differ; names ``source`` and the
            first few of each.
    """
    try:
        network.load_state_dict(weights, strict=True)
    except RuntimeError as error:
        lines = str(error).splitlines()
        shown = '\n'.join(line[:300] for line in lines[1:7])
        raise ValueError(
            f'{source} does not fit the network of its config (another number of '
            f'attributes or classes, or another architecture?):\n{shown}'
        ) from error
