"""Reading weights from disk: no code is ever run, and nothing is left at random."""

from collections.abc import Callable, Mapping
from pathlib import Path
import pickle

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
    HistoryBuffer, (_method_of_history, 'builtins.getattr'), np.ndarray, np.dtype,
    np._core.multiarray._reconstruct, np._core.multiarray.scalar,
    # as NumPy 1 wrote them
    (np._core.multiarray._reconstruct, 'numpy.core.multiarray._reconstruct'),
    (np._core.multiarray.scalar, 'numpy.core.multiarray.scalar'),
    *(type(np.dtype(kind)) for kind in ('f4', 'f8', 'i4', 'i8', 'u4'))
]


def last_checkpoint(work_dir: str | Path) -> Path | None:
    """The newest checkpoint that a work directory has noted; None before the first."""
    note = Path(work_dir) / 'last_checkpoint'
    # The note holds the path at the time of writing; the folder may have moved since.
    return note.with_name(Path(note.read_text().strip()).name) if note.is_file() else None


def find_checkpoint(path: str | Path) -> Path:
    """A checkpoint file, or the last one of a work directory.

    Raises:
        FileNotFoundError: neither is there; the message says what to run.
    """
    path = Path(path)
    if path.is_dir():
        last = last_checkpoint(path)
        if last is None:
            raise FileNotFoundError(f'{path} holds no finished checkpoint (no last_checkpoint '
                                    'file): train it first with tools/train.py')
        path = last
    if not path.is_file():
        raise FileNotFoundError(f'checkpoint {path} does not exist: train it first with '
                                'tools/train.py, or give the path of a trained one')
    return path


def file_state(path: str | Path) -> str:
    """Path, size and time of change: what tells one content of a file from another."""
    state = Path(path).stat()
    return f'{path} {state.st_size} {state.st_mtime_ns}'


def read_checkpoint(path: str | Path) -> dict:
    """Load a checkpoint with ``weights_only=True`` and without any fallback, onto the CPU.

    Raises:
        ValueError: the file is broken or holds something other than weights and plain values.
    """
    path = find_checkpoint(path)
    try:
        with torch.serialization.safe_globals(_LOG_TYPES):
            return torch.load(path, map_location='cpu', weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        raise ValueError(f'{path} is broken or holds more than weights and plain values, so it is '
                         'not read (save only its state_dict if you trust it): '
                         f'{_unsupported(path) or error}') from error


def weights_of(checkpoint: Mapping) -> Mapping[str, Tensor]:
    """The weights in a checkpoint of the Runner, or in a file of weights alone."""
    return checkpoint.get('state_dict', checkpoint)


def _unsupported(path: Path) -> str:
    """The foreign types in a checkpoint, if it can be looked into."""
    try:
        return ', '.join(torch.serialization.get_unsafe_globals_in_checkpoint(path))
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError):
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
        raise ValueError(f'{source} does not fit the network of its config (another number of '
                         f'attributes or classes, or another architecture?):\n{shown}') from error
