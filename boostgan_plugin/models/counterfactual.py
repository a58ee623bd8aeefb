from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin.options import Ratio, Size, Weight
from boostgan_plugin.registry import MODELS

from .attribute_regions import overlaps_mask, region_table
from .counted_steps import CountedSteps
from .semantics import SemanticOverride, Semantics, attribute_key


@MODELS.register_module()
class CounterfactualAttributes(CountedSteps, nn.Module):
    """Says of some images of a batch what is not so, and asks for an image in which it is.

    Where a generator is told nothing but the truth it can go by what is seen beside the hole: no
    face has hair of two colours, so it never has to listen. What is told against that has no image
    to be compared with; it is what Wa reads that has to follow, and the discriminators that the
    image has to please. Not of the paper.

    Args:
        regions: attribute -> the regions where it shows; the others are never told.
        attributes: names of Wa's attributes.
        classes: names of Ws's regions.
        tied: groups of attributes that are not free of each other: where one is told, the others of
            its groups need not stay.
        samples: images of each batch, of those whose hole can show an attribute.
        min_overlap: how much of an attribute's regions a hole has to hold to show it.
        weight: of the loss.

    Raises:
        ValueError: ``regions`` is empty or names an unknown attribute or class.
    """

    def __init__(
        self,
        regions: Mapping[str, Sequence[str]],
        attributes: Sequence[str],
        classes: Sequence[str],
        tied: Sequence[Sequence[str]] = (),
        samples: Size = 2,
        min_overlap: Ratio = 0.5,
        weight: Weight = 0.1,
    ) -> None:
        super().__init__()
        table = region_table(regions, attributes, classes)
        if table is None:
            raise ValueError('regions is empty: no attribute shows anywhere')
        self._regions = table
        groups = torch.tensor([[name in group for name in attributes] for group in tied])
        groups = groups.view(len(tied), len(attributes)).double()
        self._tied = (groups.T @ groups > 0) | torch.eye(len(attributes), dtype=torch.bool)
        self.samples, self.min_overlap, self.weight = samples, min_overlap, weight

    def forward(self, gt_semantics: Semantics, mask: Tensor) -> tuple[Tensor, SemanticOverride]:
        """The images that are chosen, and what is said of each: one attribute, against the truth.

        Args:
            mask: (N, 1, H, W), 1 = hole.

        Returns:
            Rows of the batch (K,), at most ``samples``, and an override for K images.
        """
        generator = torch.Generator().manual_seed((torch.initial_seed() + self.step) % 2**63)
        self.step += 1
        shown = torch.stack(
            [
                overlaps_mask(labels, hole, self._regions, self.min_overlap)
                for labels, hole in zip(gt_semantics.labels(), mask[:, 0])
            ]
        )
        rows = shown.any(dim=1).nonzero()[: self.samples, 0]
        if len(rows):
            chosen = torch.multinomial(shown[rows].double(), 1, generator=generator)
        else:
            chosen = torch.empty(0, 1, dtype=torch.int64)
        rows, chosen = rows.to(mask.device), chosen.to(mask.device)
        truth = attribute_key(gt_semantics.attributes[rows])
        told = torch.full_like(truth, -1).scatter(1, chosen, 1 - truth.gather(1, chosen))
        nothing = torch.full_like(mask[rows], -1)
        return rows, SemanticOverride(told, nothing)

    def loss(self, logits: Tensor, target: Tensor, override: SemanticOverride) -> Tensor:
        """Binary cross entropy of what is told, and of all that has to stay; one as heavy as the
        other.

        Args:
            logits: (K, N1), what is read off the restored images.
            target: (K, N1) in [0, 1], what shall be read.
        """
        errors = F.binary_cross_entropy_with_logits(logits, target, reduction='none')
        is_told = override.attributes >= 0
        is_free = is_told.double() @ self._tied.to(is_told.device).double() > 0
        return errors[is_told].mean() + errors[~is_free].mean()
