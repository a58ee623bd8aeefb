"""What the frozen networks read, and the mismatched pairs made from it."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn


class Semantics(NamedTuple):
    """What Wa and Ws read off N images.

    ``attributes`` is (N, N1) in [0, 1]; ``segmentation`` a label map (N, 1, H, W) uint8 or class
    probabilities (N, C, H, W).
    """
    attributes: Tensor
    segmentation: Tensor

    def halves(self) -> tuple['Semantics', 'Semantics']:
        """The first and the second half of the batch."""
        return tuple(Semantics(*half) for half in zip(*(part.chunk(2) for part in self)))


def attribute_identity(attributes: Tensor) -> Tensor:
    """Attribute vectors -> what makes two of them the same: the yes/no answers, (N, N1)."""
    return (attributes > 0.5).float()


def segmentation_identity(segmentation: Tensor) -> Tensor:
    """Segmentation maps -> what makes two of them the same: the label map, (N, H * W)."""
    if torch.is_floating_point(segmentation):
        segmentation = segmentation.argmax(dim=1)
    return segmentation.flatten(1).float()


class MismatchSampler(nn.Module):
    """Finds for each sample the vector or map of another one (W̄ of equations 4 and 5).

    Candidates are the other samples of the batch, nearest partner first (i xor 1, i xor 2, ...:
    near partners stay together when a batch is split over processes), and at last the sample that
    closed the batch before: with it, batches of one and batches of equals have pairs too. A
    candidate that says the same is a match and never taken.
    """

    def __init__(self, identity: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self._identity = identity
        self.register_buffer('memory', None)

    def forward(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """Values (N, ...) -> mismatched values (N, ...), and which rows truly mismatch (N,).

        A row with no candidate keeps its own value and is False.
        """
        count = len(values)
        memory = values[:1] if self.memory is None else self.memory.to(values)
        pool = torch.cat([values, memory])
        identity = self._identity(pool)
        differs = torch.cdist(identity[:count], identity, p=0) > 0
        order = _partners(count).to(values.device)
        usable = differs.gather(1, order)
        first = usable.float().argmax(dim=1, keepdim=True)
        found = usable.any(dim=1)
        chosen = torch.where(found, order.gather(1, first).squeeze(1),
                             torch.arange(count, device=values.device))
        self.memory = values[-1:].detach().clone()
        return pool[chosen], found

    def _load_from_state_dict(self, state_dict, prefix, *args) -> None:
        self.memory = state_dict.get(f'{prefix}memory')
        super()._load_from_state_dict(state_dict, prefix, *args)


def _partners(count: int) -> Tensor:
    """Row i: the candidates of sample i in the order they are tried; ``count`` is the memory."""
    index = torch.arange(count)
    offsets = torch.arange(1, 1 << max(count - 1, 0).bit_length())
    partners = index[:, None] ^ offsets[None, :]
    partners = torch.where(partners < count, partners, index[:, None])
    return torch.cat([partners, torch.full((count, 1), count)], dim=1)
