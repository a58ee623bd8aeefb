"""Where in an image an attribute shows, by regions."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor


def overlapping(labels: Tensor, hole: Tensor, regions: Tensor, ratio: float) -> Tensor:
    """Which attributes have at least ``ratio`` of their regions' pixels in the hole.

    Args:
        labels: (N, H, W), class numbers.
        hole: (N, H, W), 1 = hole.
        regions: (A, C) bool, where each attribute shows.

    Returns:
        (N, A) bool; False where none of the regions is in the image.
    """
    labels, hole = labels.flatten(1).long(), hole.flatten(1) > 0
    known = labels < regions.shape[1]
    everywhere = _counts(labels, known, regions)
    inside = _counts(labels, known & hole, regions)
    return (everywhere > 0) & (inside >= ratio * everywhere)


def _counts(labels: Tensor, among: Tensor, regions: Tensor) -> Tensor:
    """Pixels of each attribute's regions (N, A), of those (N, H * W) that are looked at."""
    counts = torch.zeros(len(labels), regions.shape[1], device=labels.device, dtype=torch.float64)
    counts.scatter_add_(1, labels.where(among, 0), among.double())
    return counts @ regions.to(counts).T


def region_table(
    regions: Mapping[str, Sequence[str]], attributes: Sequence[str], classes: Sequence[str]
) -> Tensor | None:
    """Where each attribute shows, (A, C) bool; None without regions.

    Raises:
        ValueError: ``regions`` names an unknown attribute or class.
    """
    if not regions:
        return None
    unknown = (set(regions) - set(attributes)) | (
        {name for names in regions.values() for name in names} - set(classes)
    )
    if unknown:
        raise ValueError(
            f'regions names {", ".join(sorted(unknown))}, which is neither an '
            'attribute of the judge nor one of the classes'
        )
    return torch.tensor(
        [[name in regions.get(attribute, ()) for name in classes] for attribute in attributes]
    )
