"""What the frozen networks predict, what replaces it, and the mismatched pairs made from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from mmengine.dist import get_rank, get_world_size
import torch
from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin import renamed

from .counted_steps import CountedSteps

#: Of a label map, which is of 8 bits.
_MOST_CLASSES = 256


class Semantics(NamedTuple):
    """What Wa and Ws predict for N images.

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
class SemanticOverride:
    """What replaces the semantics that were predicted for N images; -1 keeps the prediction.

    ``attributes`` is (N, N1) in [0, 1]; ``segmentation`` a label map (N, 1, H, W) of class
    numbers, which may be smaller than the predicted map: the rest is kept.
    """

    attributes: Tensor
    segmentation: Tensor

    over = renamed.Attribute('apply_to')

    def or_else(self, other: 'SemanticOverride') -> 'SemanticOverride':
        """This, and where it keeps the prediction, the other; their maps are of one size."""
        return SemanticOverride(
            self.attributes.where(self.attributes >= 0, other.attributes),
            self.segmentation.where(self.segmentation >= 0, other.segmentation),
        )

    def signed_attributes(self, emphasis: float = 1.0) -> Tensor:
        """(N, N1): ``emphasis`` where an attribute is said to be there, as much below 0 where it is
        said not to be, 0 where nothing is said."""
        return emphasis * torch.where(self.attributes < 0, 0, 2 * self.attributes - 1)

    def apply_to(self, pred: Semantics, emphasis: float = 1.0) -> Semantics:
        """``pred``, with what is replaced.

        Args:
            emphasis: attributes that replace others are put so many times as far from undecided,
                0.5, as they are: above 1 further than any image has them. As the scale of
                classifier-free guidance (Ho and Salimans 2022), but in what is said.
        """
        louder = 0.5 + self.signed_attributes(emphasis) / 2
        attributes = torch.where(self.attributes < 0, pred.attributes, louder)
        classes, height, width = pred.segmentation.shape[1:]
        margin = (0, width - self.segmentation.shape[3], 0, height - self.segmentation.shape[2])
        labels = F.pad(self.segmentation.long(), margin, value=-1)
        if torch.is_floating_point(pred.segmentation):
            maps = F.one_hot(labels.squeeze(1).clamp(min=0), classes).movedim(-1, 1)
        else:
            maps = labels.clamp(min=0)
        maps = maps.to(pred.segmentation.dtype)
        return Semantics(attributes, torch.where(labels < 0, pred.segmentation, maps))


def attribute_key(attributes: Tensor) -> Tensor:
    """Attribute vectors -> what makes two of them the same: the yes/no answers, (N, N1)."""
    return (attributes > 0.5).float()


def segmentation_key(segmentation: Tensor) -> Tensor:
    """Segmentation maps -> what makes two of them the same: the label map, (N, H * W)."""
    if torch.is_floating_point(segmentation):
        segmentation = segmentation.argmax(dim=1)
    return segmentation.flatten(1).float()


class TeacherForcing(CountedSteps, nn.Module):
    """Gives the generator, now and then, parts of the ground truth in place of the prediction.

    What Wa and Ws predict from a corrupted image is mostly visible in it anyway, so a generator can
    do without listening. Only where it is given what cannot be seen does it learn to follow, and
    only then can a person say what the hole should hold. The paper has no such step.

    Half of the maps that are replaced are replaced whole, of the others some classes alone, as a
    person paints some parts. They are sharp, as painted ones are, whatever was predicted.

    Which parts are replaced is a function of the seed and the training step, which goes into
    checkpoints; several processes share out what one would draw for all their samples.

    Args:
        prob: that an attribute is replaced, each of each sample by itself, or a segmentation map,
            0..1.
        sample_prob: that attributes of a sample are replaced at all, 0..1. Below 1 where Ws
            listens: it shall complete maps without any, too.

    Raises:
        ValueError: a probability outside 0..1.
    """

    def __init__(self, prob: float, sample_prob: float = 1.0) -> None:
        super().__init__()
        if not (0 <= prob <= 1 and 0 <= sample_prob <= 1):
            raise ValueError(
                f'teacher forcing with prob={prob}, sample_prob={sample_prob}: both '
                'must lie in 0..1'
            )
        self.prob, self.sample_prob = prob, sample_prob

    def forward(self, gt_semantics: Semantics) -> SemanticOverride:
        """Parts of the ground truth; attributes as a plain yes or no, as a person gives them."""
        answers = attribute_key(gt_semantics.attributes)
        generator = torch.Generator().manual_seed((torch.initial_seed() + self.step) % 2**63)
        self.step += 1
        forced = self._draw(answers.shape, generator) < self.prob
        labels = gt_semantics.labels()
        forced_places = self._forced_places(labels, generator)
        forced &= self._draw((len(answers), 1), generator) < self.sample_prob
        return SemanticOverride(
            answers.where(forced.to(answers.device), -1), labels[:, None].where(forced_places, -1)
        )

    def _forced_places(self, labels: Tensor, generator: torch.Generator) -> Tensor:
        """Where the map is replaced, (N, 1, H, W) bool; true labels are (N, H, W)."""
        count = len(labels)
        forced = self._draw((count, 1), generator) < self.prob
        whole = self._draw((count, 1), generator) < 0.5
        classes = self._draw((count, _MOST_CLASSES), generator) < 0.5
        chosen = (forced & (whole | classes)).to(labels.device)
        return chosen.gather(1, labels.flatten(1)).view_as(labels)[:, None]

    def _draw(self, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
        """This process's rows of what is drawn for the samples of all, in [0, 1)."""
        drawn = torch.rand((get_world_size() * shape[0], *shape[1:]), generator=generator)
        return drawn.chunk(get_world_size())[get_rank()]


class MismatchSampler(nn.Module):
    """Finds for each sample the vector or map of another one (W̄ of equations 4 and 5).

    Candidates are the other samples of the batch, nearest first (:func:`_partners`), and at last
    the sample that closed the batch before: with it, batches of one and batches of equals have
    pairs too. A candidate with the same key is a match and never taken.

    Args:
        to_key: values (N, ...) -> keys (N, K); equal keys are matches.
    """

    memory: Tensor | None

    def __init__(self, to_key: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self._to_key = to_key
        # The last value of the batch before, (1, ...); goes into checkpoints.
        self.register_buffer('memory', None)

    def forward(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """Values (N, ...) -> mismatched values (N, ...), and which rows truly mismatch (N,).

        A row with no candidate keeps its own value and is False.
        """
        count = len(values)
        before = values[:1] if self.memory is None else self.memory.to(values)
        candidates = torch.cat([values, before])
        keys = self._to_key(candidates)
        partners = _partners(count).to(values.device)
        differs = (torch.cdist(keys[:count], keys, p=0) > 0).gather(1, partners)
        first = differs.float().argmax(dim=1, keepdim=True)
        found = differs.any(dim=1)
        own = torch.arange(count, device=values.device)
        chosen = torch.where(found, partners.gather(1, first).squeeze(1), own)
        self.memory = values[-1:].detach().clone()
        return candidates[chosen], found

    def _load_from_state_dict(self, state_dict, prefix, *args) -> None:
        # PyTorch loads no buffer that is None, as that of a new module is.
        self.memory = state_dict.get(f'{prefix}memory')
        super()._load_from_state_dict(state_dict, prefix, *args)


def _partners(count: int) -> Tensor:
    """Row i: the candidates of sample i in the order in which they are tried, (count, K).

    Sample i xor 1, i xor 2, ..., of 4 samples those of sample 0 are 1, 2, 3 and of sample 2 are 3,
    0, 1: near partners stay together when a batch is split over processes. Numbers beyond the batch
    become i itself, which is never a mismatch. Last comes ``count``, the sample of the batch
    before.
    """
    index = torch.arange(count)
    offsets = torch.arange(1, 1 << max(count - 1, 0).bit_length())
    partners = index[:, None] ^ offsets[None, :]
    partners = torch.where(partners < count, partners, index[:, None])
    return torch.cat([partners, torch.full((count, 1), count)], dim=1)
