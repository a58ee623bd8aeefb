"""Colours that were multiplied by their alpha, and back."""

import numpy as np


def straight(pixels: np.ndarray, name: str) -> np.ndarray:
    """(H, W, 4) with colours multiplied by alpha -> colours as they are; :func:`premultiplied`
    gives the same pixels again, bit for bit.

    Raises:
        ValueError: floats, which would not come back as they were, or colours above alpha, which
            no colour gives.
    """
    alpha = pixels[..., 3:]
    if pixels.dtype.kind != 'u' or (pixels[..., :3] > alpha).any():
        raise ValueError(
            f'image {name} has premultiplied (associated) alpha that cannot be taken '
            'out of its colours without loss: save it with unassociated alpha'
        )
    wide = alpha.astype(np.uint64)
    white = np.iinfo(pixels.dtype).max
    colours = (pixels[..., :3].astype(np.uint64) * white + wide // 2) // np.maximum(wide, 1)
    return np.concatenate([colours.astype(pixels.dtype), alpha], axis=2)


def premultiplied(pixels: np.ndarray) -> np.ndarray:
    """The opposite of :func:`straight`."""
    alpha = pixels[..., 3:]
    white = np.iinfo(pixels.dtype).max
    colours = (pixels[..., :3].astype(np.uint64) * alpha + white // 2) // white
    return np.concatenate([colours.astype(pixels.dtype), alpha], axis=2)
