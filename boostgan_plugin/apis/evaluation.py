"""One test of one inpainter, which is not done again as long as nothing changes."""

from copy import deepcopy
from dataclasses import dataclass
import hashlib
import json
from pathlib import Path

from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.structures import BaseDataElement
import numpy as np
import torch

from boostgan_plugin.checkpoint import find_checkpoint

from .runs import METRICS_FILE, test

#: Files beside the metrics: what they are of, and the first restored samples.
_KEY = 'evaluated.txt'
_SAMPLES = 'samples.npz'
_KEPT = 8
#: Entries of a config that a test has no use for, beside those of train_* and val_*.
_TRAINING = ('optim_wrapper', 'param_scheduler')


@dataclass(frozen=True)
class Evaluation:
    """Metrics by name, and the first restored samples."""
    metrics: dict[str, float]
    samples: list[BaseDataElement]


def evaluate(config: Config, folder: str | Path, model: dict | None = None,
             checkpoint: str | Path | None = None) -> Evaluation:
    """Test with a config's test data and metrics; files go to ``folder``.

    Args:
        model: replaces the config's.
        checkpoint: file or work directory; None for models without weights.
    """
    own = deepcopy(config)
    for name in [name for name in own if name in _TRAINING or name.startswith(('train_', 'val_'))]:
        own.pop(name)
    own.work_dir = str(folder)
    if model is not None:
        own.model = model
    folder, key = Path(folder), _key(own, checkpoint)
    note = folder / _KEY
    if not (note.is_file() and note.read_text() == key):
        keeper = _Keeper(_KEPT)
        test(own, checkpoint, hooks=[keeper])
        _write_samples(folder / _SAMPLES, keeper.samples)
        note.write_text(key)
    return Evaluation(json.loads((folder / METRICS_FILE).read_text()),
                      _read_samples(folder / _SAMPLES))


def _key(config: Config, checkpoint: str | Path | None) -> str:
    parts = [config[name] for name in ('model', 'test_dataloader', 'test_evaluator')]
    if checkpoint is not None:
        path = find_checkpoint(checkpoint)
        parts += [str(path), path.stat().st_size, path.stat().st_mtime_ns]
    return hashlib.sha256(str(parts).encode()).hexdigest()


class _Keeper(Hook):
    """Keeps the first predictions of a test."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.samples: list[BaseDataElement] = []

    def after_test_iter(self, runner, batch_idx, data_batch=None, outputs=None) -> None:
        missing = max(self.count - len(self.samples), 0)
        self.samples += [sample.cpu() for sample in (outputs or [])[:missing]]


_PICTURES = ('target', 'mask', 'output', 'restored')


def _write_samples(path: Path, samples: list[BaseDataElement]) -> None:
    np.savez_compressed(path, **{f'{name}_{index}': getattr(sample, name).numpy()
                                 for index, sample in enumerate(samples) for name in _PICTURES})


def _read_samples(path: Path) -> list[BaseDataElement]:
    with np.load(path, allow_pickle=False) as arrays:
        return [BaseDataElement(**{name: torch.from_numpy(arrays[f'{name}_{index}'])
                                   for name in _PICTURES})
                for index in range(len(arrays) // len(_PICTURES))]
