from collections.abc import Mapping, Sequence

from mmengine.dist import get_rank, get_world_size
import torch
from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin.options import Ratio, Weight
from boostgan_plugin.registry import MODELS

from .attribute_regions import overlapping, region_table
from .counted_steps import CountedSteps
from .semantics import SemanticOverride, Semantics, attribute_key

#: Apart from what other modules draw at the same step.
_STREAM = 2**40


@MODELS.register_module()
class CounterfactualAttributes(CountedSteps, nn.Module):
    """Says of some images of a batch what is not so, and asks for an image in which it is.

    Where a generator is told nothing but the truth it can go by what is seen beside the hole: no
    face has hair of two colours, so it never has to listen. What is told against that has no image
    to be compared with; it is what Wa reads that has to follow, and the discriminators that the
    image has to please. Not of the paper.

    Which images it is, and what is told, is a function of the seed and the training step, which
    goes into checkpoints; several processes share out what one would draw for all their images.

    Args:
        regions: attribute -> the regions where it shows; the others are never told.
        attributes: names of Wa's attributes.
        classes: names of Ws's regions.
        tied: groups of attributes that are not free of each other: where one is told, the others of
            its groups may change.
        prob: that an image whose hole can show an attribute is told one.
        min_overlap: how much of an attribute's regions a hole has to hold to show it.
        weight: of the loss.

    Raises:
        ValueError: ``regions`` is empty or names an unknown attribute or class, or ``tied`` does.
    """

    def __init__(
        self,
        regions: Mapping[str, Sequence[str]],
        attributes: Sequence[str],
        classes: Sequence[str],
        tied: Sequence[Sequence[str]] = (),
        prob: Ratio = 0.25,
        min_overlap: Ratio = 0.5,
        weight: Weight = 0.1,
    ) -> None:
        super().__init__()
        table = region_table(regions, attributes, classes)
        if table is None:
            raise ValueError('regions is empty: no attribute shows anywhere')
        self.register_buffer('_regions', table, persistent=False)
        self.register_buffer('_tied', _tied_table(tied, attributes), persistent=False)
        self.prob, self.min_overlap, self.weight = prob, min_overlap, weight

    def forward(self, gt_semantics: Semantics, mask: Tensor) -> tuple[Tensor, SemanticOverride]:
        """The images that are chosen, and what is said of each: one attribute, against the truth.

        Args:
            mask: (N, 1, H, W), 1 = hole.

        Returns:
            Rows of the batch (K,), and an override for K images.
        """
        shown = overlapping(gt_semantics.labels(), mask[:, 0], self._regions, self.min_overlap)
        drawn = self._draw(shown.shape[0], shown.shape[1] + 1).to(shown.device)
        rows = (shown.any(dim=1) & (drawn[:, 0] < self.prob)).nonzero()[:, 0]
        # The largest of what is drawn for those that show: each is as likely.
        chosen = drawn[rows, 1:].where(shown[rows], -1).argmax(dim=1, keepdim=True)
        truth = attribute_key(gt_semantics.attributes[rows])
        told = torch.full_like(truth, -1).scatter(1, chosen, 1 - truth.gather(1, chosen))
        return rows, SemanticOverride(told, torch.full_like(mask[rows], -1))

    def loss(self, logits: Tensor, target: Tensor, override: SemanticOverride) -> Tensor:
        """Binary cross entropy of what is told, and of all that has to stay, one as heavy as the
        other; of each image, (K,).

        Args:
            logits: (K, N1), what is read off the restored images.
            target: (K, N1) in [0, 1], what shall be read.
        """
        errors = F.binary_cross_entropy_with_logits(
            logits.float(), target.float(), reduction='none'
        )
        is_told = override.attributes >= 0
        stays = (is_told.float() @ self._tied.float() == 0).float()
        return (errors * is_told).sum(1) + (errors * stays).sum(1) / stays.sum(1).clamp(min=1)

    def _draw(self, count: int, numbers: int) -> Tensor:
        """This process's rows of what is drawn for the images of all, in [0, 1)."""
        seed = (torch.initial_seed() + _STREAM + self.step) % 2**63
        self.step += 1
        generator = torch.Generator().manual_seed(seed)
        drawn = torch.rand((get_world_size() * count, numbers), generator=generator)
        return drawn.chunk(get_world_size())[get_rank()]


def _tied_table(tied: Sequence[Sequence[str]], attributes: Sequence[str]) -> Tensor:
    """Which attributes may change with each, itself one of them, (N1, N1) bool."""
    unknown = {name for group in tied for name in group} - set(attributes)
    if unknown:
        raise ValueError(f'tied names {", ".join(sorted(unknown))}, which is no attribute')
    return torch.tensor(
        [
            [
                one == other or any({one, other} <= set(group) for group in tied)
                for other in attributes
            ]
            for one in attributes
        ]
    )
