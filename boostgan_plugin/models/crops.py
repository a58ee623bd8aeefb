"""Where local discriminators look."""

import torch
from torch import Tensor


def crop_around_hole(images: Tensor, mask: Tensor, size: int) -> Tensor:
    """A square of each image, centred on its hole's bounding box as far as the border allows.

    Args:
        images: (N, C, H, W).
        mask: (N, 1, H, W), 1 = hole; without a hole the centre of the image is taken.
        size: side of the square, at most H and W.

    Returns:
        (N, C, size, size); gradients pass to ``images``.

    Raises:
        ValueError: the images are smaller than ``size``.
    """
    if size > min(images.shape[2:]):
        raise ValueError(
            'a crop of {0} x {0} from images of {1} x {2}'.format(size, *images.shape[2:])
        )
    rows = _window(mask.amax(dim=(1, 3)), size)
    columns = _window(mask.amax(dim=(1, 2)), size)
    sample = torch.arange(len(images), device=images.device)[:, None, None]
    crops = images.permute(0, 2, 3, 1)[sample, rows[:, :, None], columns[:, None, :]]
    return crops.permute(0, 3, 1, 2)


def _window(hit: Tensor, size: int) -> Tensor:
    """Indices (N, size) around the middle of the marked stretch of each line (N, length)."""
    length = hit.shape[1]
    hit = (hit > 0.5).to(torch.int64)
    first = hit.argmax(1)
    last = length - 1 - hit.flip(1).argmax(1)
    start = ((first + last + 1 - size) // 2).clamp(0, length - size)
    return start[:, None] + torch.arange(size, device=hit.device)
