"""One test of one inpainter, which is not done again as long as nothing changes."""

from copy import deepcopy
from dataclasses import dataclass
import hashlib
from itertools import chain
import json
from pathlib import Path

from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.structures import BaseDataElement
import numpy as np
import torch

from boostgan_plugin.checkpoint import file_state, find_checkpoint, only_weights
from boostgan_plugin.datasets.files import files_of_config
from boostgan_plugin.engine import SampleCollectorHook
from boostgan_plugin.inference.packaged import packaged_weights
from boostgan_plugin.models.embedders.frozen_network import model_config

from .config_tree import mappings
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


@only_weights()
def evaluate(
    config: Config,
    folder: str | Path,
    model: dict | None = None,
    checkpoint: str | Path | None = None,
) -> Evaluation:
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
        note.unlink(missing_ok=True)
        keeper = SampleCollectorHook(_KEPT)
        test(own, checkpoint, hooks=[keeper])
        _write_samples(folder / _SAMPLES, keeper.samples)
        note.write_text(key)
    return Evaluation(
        json.loads((folder / METRICS_FILE).read_text()), _read_samples(folder / _SAMPLES)
    )


def _key(config: Config, checkpoint: str | Path | None) -> str:
    """Names what a test depends on: settings, networks, and the files of weights and images."""
    init_default_scope(config.default_scope)
    parts = [config[name] for name in ('model', 'test_dataloader', 'test_evaluator')]
    nodes = list(mappings(parts))
    networks = [
        model_config(node['config'])
        for node in nodes
        if isinstance(node.get('config'), (str, Path))
    ]
    packaged = packaged_weights()
    weights = [
        checkpoint,
        *(node.get('checkpoint') for node in nodes),
        *(packaged.get(str(node.get('model'))) for node in nodes),
    ]
    files: list[str | Path] = [
        find_checkpoint(path) for path in weights if isinstance(path, (str, Path))
    ]
    files += chain.from_iterable(map(files_of_config, nodes))
    states = [file_state(path) for path in files]
    return hashlib.sha256(str(parts + networks + states).encode()).hexdigest()


_IMAGES = ('target', 'mask', 'output', 'restored')


def _write_samples(path: Path, samples: list[BaseDataElement]) -> None:
    np.savez_compressed(
        path,
        **{
            f'{name}_{index}': getattr(sample, name).numpy()
            for index, sample in enumerate(samples)
            for name in _IMAGES
        },
    )


def _read_samples(path: Path) -> list[BaseDataElement]:
    with np.load(path, allow_pickle=False) as arrays:
        return [
            BaseDataElement(
                **{name: torch.from_numpy(arrays[f'{name}_{index}']) for name in _IMAGES}
            )
            for index in range(len(arrays) // len(_IMAGES))
        ]
