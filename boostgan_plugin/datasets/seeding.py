"""Random transforms that go on where they stopped when a training is resumed."""

from collections.abc import Iterator
import random
from typing import Any

from mmengine.dataset import InfiniteSampler
import numpy as np
from torch.utils.data import Dataset

from boostgan_plugin.registry import DATA_SAMPLERS, DATASETS

from .files import paths_in, samples_of
from .left_out import read_left_out

#: More epochs than any training has; keeps the random numbers of different seeds apart.
_EPOCHS = 1 << 20


@DATA_SAMPLERS.register_module()
class SeededInfiniteSampler(InfiniteSampler):
    """mmengine's endless sampler, whose indices hold a seed for what the sample's transforms draw.

    Epoch n yields ``stream * size + index`` for each index, where ``stream`` is a number of seed
    and n alone. A data set with :class:`SeededDatasetMixin`, or in a
    :class:`SeededDatasetWrapper`, seeds its random transforms with stream and index: what they do
    depends on seed, sample and epoch alone, not on workers, ranks or an interruption.
    """

    def _infinite_indices(self) -> Iterator[int]:
        for position, index in enumerate(super()._infinite_indices()):
            epoch = position // self.size
            stream = (self.seed + 1) * _EPOCHS + epoch
            yield stream * self.size + index


class SeededDatasetMixin:
    """Mixin for data sets that are read through a :class:`SeededInfiniteSampler`."""

    def prepare_data(self, idx: int) -> dict:
        """The pipeline's result; plain indices leave the random state as it is."""
        return super().prepare_data(_seeded_index(idx, len(self)))


@DATASETS.register_module()
class SeededDatasetWrapper(Dataset):
    """Any other project's data set, to be read through a :class:`SeededInfiniteSampler`.

    Args:
        dataset: its config.
        leave_out: file of :func:`~boostgan_plugin.datasets.left_out.write_left_out`: samples whose
            files cannot be read.
    """

    def __init__(self, dataset: dict, leave_out: str | None = None) -> None:
        self.dataset = DATASETS.build(dataset)
        self._leave_out = read_left_out(leave_out) if leave_out else {}
        if getattr(self.dataset, '_fully_initialized', False):
            self._take_out()

    @property
    def metainfo(self) -> dict:
        """That of the data set inside."""
        return self.dataset.metainfo

    def full_init(self) -> None:
        """List the samples, without those that are left out."""
        self.dataset.full_init()
        self._take_out()

    def _take_out(self) -> None:
        if self._leave_out:
            whole = [
                index
                for index, sample in enumerate(samples_of(self.dataset))
                if self._leave_out.keys().isdisjoint(paths_in(sample))
            ]
            self._leave_out = {}
            self.dataset.get_subset_(whole)

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, idx: int) -> Any:
        return self.dataset[_seeded_index(idx, len(self))]


def _seeded_index(idx: int, size: int) -> int:
    """Take an index of :class:`SeededInfiniteSampler` apart, and seed for it; plain ones leave the
    random state as it is."""
    if idx < size:
        return idx
    stream, idx = divmod(idx, size)
    state = np.random.SeedSequence([stream, idx]).generate_state(2)
    np.random.seed(state[0])
    random.seed(int(state[1]))
    return idx
