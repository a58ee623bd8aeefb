from itertools import chain

from mmengine.dist import all_gather_object
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmengine.structures import BaseDataElement


class SampleCollectorHook(Hook):
    """Keeps the first predictions of a test that this process makes, on the CPU.

    Args:
        count: how many.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.samples: list[BaseDataElement] = []

    def after_test_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict | None = None,
        outputs: list | None = None,
    ) -> None:
        """Take what is still missing."""
        missing = max(self.count - len(self.samples), 0)
        self.samples += [sample.cpu() for sample in (outputs or [])[:missing]]

    def collect(self, size: int) -> list[BaseDataElement]:
        """The first samples of a data set, from all processes; to be called in each.

        Args:
            size: of the data set. Where the processes do not share it out evenly, some repeat
                its beginning.
        """
        parts = all_gather_object(self.samples)
        return list(chain.from_iterable(zip(*parts)))[: min(self.count, size)]
