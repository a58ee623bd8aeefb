"""What the frozen networks read, and the mismatched pairs made from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from mmengine.dist import get_rank, get_world_size
import torch
from torch import Tensor, nn
import torch.nn.functional as F

from .counted_steps import CountedSteps

#: Of a label map, which is of 8 bits.
_MOST_CLASSES = 256


class Semantics(NamedTuple):
    """What Wa and Ws read off N images.

    ``attributes`` is (N, N1) in [0, 1]; ``segmentation`` a label map (N, 1, H, W) uint8 or class
    probabilities (N, C, H, W).
    """
    attributes: Tensor
    segmentation: Tensor

    def labels(self) -> Tensor:
        """The class number of each pixel, (N, H, W) int64."""
        maps = self.segmentation
        return maps.argmax(dim=1) if torch.is_floating_point(maps) else maps[:, 0].long()


@dataclass(frozen=True)
class Told:
    """What a person says of N images, in place of what was read; -1 is "as read".

    ``attributes`` is (N, N1) in [0, 1]; ``segmentation`` a label map (N, 1, H, W) of class
    numbers, which may be smaller than the map that was read: nothing is told of the rest.
    """
    attributes: Tensor
    segmentation: Tensor

    def over(self, read: Semantics, emphasis: float = 1.) -> Semantics:
        """``read``, with what is told.

        Args:
            emphasis: told attributes are put so many times as far from undecided, 0.5, as they
                are: above 1 further than any image has them. As the scale of classifier-free
                guidance (Ho and Salimans 2022), but in what is said.
        """
        louder = 0.5 + emphasis * (self.attributes - 0.5)
        attributes = torch.where(self.attributes < 0, read.attributes, louder)
        classes, height, width = read.segmentation.shape[1:]
        margin = (0, width - self.segmentation.shape[3], 0, height - self.segmentation.shape[2])
        labels = F.pad(self.segmentation.long(), margin, value=-1)
        if torch.is_floating_point(read.segmentation):
            maps = F.one_hot(labels.squeeze(1).clamp(min=0), classes).movedim(-1, 1)
        else:
            maps = labels.clamp(min=0)
        maps = maps.to(read.segmentation.dtype)
        return Semantics(attributes, torch.where(labels < 0, read.segmentation, maps))


def attribute_identity(attributes: Tensor) -> Tensor:
    """Attribute vectors -> what makes two of them the same: the yes/no answers, (N, N1)."""
    return (attributes > 0.5).float()


def segmentation_identity(segmentation: Tensor) -> Tensor:
    """Segmentation maps -> what makes two of them the same: the label map, (N, H * W)."""
    if torch.is_floating_point(segmentation):
        segmentation = segmentation.argmax(dim=1)
    return segmentation.flatten(1).float()


class Teller(CountedSteps, nn.Module):
    """Tells the generator, now and then, the truth about the hole in place of what was read.

    What Wa and Ws read off a corrupted image is mostly visible in it anyway, so a generator can do
    without listening. Only where it is told what cannot be seen does it learn to follow, and only
    then can a person say what the hole should hold. The paper has no such step.

    Half of the maps that are told are told whole, of the others some classes alone, as a person
    paints some parts. They are sharp, as painted ones are, whatever was read.

    Which parts are told is a function of the seed and the training step, which goes into
    checkpoints; several processes share out what one would draw for all their samples.

    Args:
        share: of the attributes, each of each sample by itself, and of the segmentation maps that
            are told, 0..1.
        samples: share of the samples of which attributes are told at all, 0..1. Below 1 where Ws
            listens: it shall complete maps with no word, too.

    Raises:
        ValueError: a share outside 0..1.
    """

    def __init__(self, share: float, samples: float = 1.) -> None:
        super().__init__()
        if not (0 <= share <= 1 and 0 <= samples <= 1):
            raise ValueError(f'share={share} of what is told, in samples={samples}: both must lie '
                             'in 0..1')
        self.share, self.samples = share, samples

    def forward(self, true: Semantics) -> Told:
        """Parts of ``true``; attributes as a plain yes or no, as a person tells them."""
        answers = attribute_identity(true.attributes)
        generator = torch.Generator().manual_seed((torch.initial_seed() + self.step) % 2**63)
        self.step += 1
        told = self._draw(answers.shape, generator) < self.share
        labels = true.labels()
        told_places = self._told_places(labels, generator)
        told &= self._draw((len(answers), 1), generator) < self.samples
        return Told(answers.where(told.to(answers.device), -1),
                    labels[:, None].where(told_places, -1))

    def _told_places(self, labels: Tensor, generator: torch.Generator) -> Tensor:
        """Where the map is told, (N, 1, H, W) bool; true labels are (N, H, W)."""
        count = len(labels)
        told = self._draw((count, 1), generator) < self.share
        whole = self._draw((count, 1), generator) < 0.5
        classes = self._draw((count, _MOST_CLASSES), generator) < 0.5
        chosen = (told & (whole | classes)).to(labels.device)
        return chosen.gather(1, labels.flatten(1)).view_as(labels)[:, None]

    def _draw(self, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
        """This process's rows of what is drawn for the samples of all, in [0, 1)."""
        drawn = torch.rand((get_world_size() * shape[0], *shape[1:]), generator=generator)
        return drawn.chunk(get_world_size())[get_rank()]


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
