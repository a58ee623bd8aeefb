"""Several inpainters on the same images and the same masks."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.structures import BaseDataElement

from boostgan_plugin.visualization import comparison_grid, write_picture

from .runs import test


@dataclass(frozen=True)
class Method:
    """A row of the comparison.

    ``folder`` is where its files go; ``model`` replaces the config's model (None keeps it);
    ``checkpoint`` is None for models without weights.
    """
    name: str
    folder: str
    model: dict | None = None
    checkpoint: str | Path | None = None


def _training_free(name: str, folder: str, generator: str) -> Method:
    return Method(name, folder, dict(type='TrainingFree', generator=dict(type=generator)))


#: Where the files of the method go that was trained.
TRAINED_FOLDER = 'trained'
#: Fillings that need no training.
CLASSICAL = (
    _training_free('Mean colour', 'mean_colour', 'MeanColour'),
    _training_free('Telea (OpenCV)', 'telea', 'Telea'),
)


@dataclass
class Comparison:
    """Metrics by method, and the first few restored samples by method."""
    metrics: dict[str, dict[str, float]] = field(default_factory=dict)
    samples: dict[str, list[BaseDataElement]] = field(default_factory=dict)

    def write_pictures(self, path: Path) -> None:
        """A grid: original, input, one column for each method."""
        write_picture(path, comparison_grid(self.samples))


def compare(config: Config, methods: Sequence[Method], out: Path, count: int = 8) -> Comparison:
    """Test each method with the config's test data; files go to ``out/<folder>``.

    Args:
        count: number of samples to keep for the pictures.
    """
    result = Comparison()
    for method in methods:
        own = deepcopy(config)
        own.work_dir = str(out / method.folder)
        if method.model is not None:
            own.model = method.model
        keeper = _Keeper(count)
        result.metrics[method.name] = test(own, method.checkpoint, hooks=[keeper])
        result.samples[method.name] = keeper.samples
    return result


class _Keeper(Hook):
    """Keeps the first predictions of a test."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.samples: list[BaseDataElement] = []

    def after_test_iter(self, runner, batch_idx, data_batch=None, outputs=None) -> None:
        missing = max(self.count - len(self.samples), 0)
        self.samples += [sample.cpu() for sample in (outputs or [])[:missing]]
