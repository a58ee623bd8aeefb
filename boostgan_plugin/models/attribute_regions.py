"""Where in an image an attribute shows, by regions."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor


def overlaps_mask(labels: Tensor, hole: Tensor, regions: Tensor, ratio: float) -> Tensor:
    """Which attributes have at least ``ratio`` of their regions' pixels in the hole.

    Args:
        labels: (H, W), class numbers.
        hole: (H, W), 1 = hole.
        regions: (A, C) bool, where each attribute shows.

    Returns:
        (A,) bool; False where none of the regions is in the image.
    """
    classes, labels, hole = regions.shape[1], labels.flatten().long(), hole.flatten().bool()
    labels, hole = labels.cpu(), hole.cpu()
    known = labels < classes
    everywhere = torch.bincount(labels[known], minlength=classes).double()
    inside = torch.bincount(labels[known & hole], minlength=classes).double()
    total = regions.double() @ everywhere
    return (total > 0) & (regions.double() @ inside >= ratio * total)


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
