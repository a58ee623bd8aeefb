"""How many steps were taken, for modules that go by it."""

import torch
from torch import Tensor


class CountedSteps:
    """To be inherited beside ``nn.Module``: ``step`` goes into checkpoints."""

    step = 0

    def get_extra_state(self) -> Tensor:
        """The number of steps, for a checkpoint."""
        return torch.tensor(self.step)

    def set_extra_state(self, state: Tensor) -> None:
        """The number of steps of a checkpoint."""
        self.step = int(state)
