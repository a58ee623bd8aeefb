"""Fillings of 8-bit images that need no training, without PyTorch."""

from types import ModuleType

import cv2
import numpy as np

#: Of each pixel of a hole, on each copy, from what the smaller copy says.
_RELAXATIONS = 40
_NEIGHBOURS = np.float32([[0, 1, 0], [1, 0, 1], [0, 1, 0]]) / 4


def fill_telea(image: np.ndarray, hole: np.ndarray, radius: float = 3) -> np.ndarray:
    """OpenCV's fast marching inpainting (Telea 2004).

    Args:
        image: (H, W, 3) uint8.
        hole: (H, W) uint8, 1 = hole.
        radius: of the neighbourhood that each pixel is made from, in pixels.

    Returns:
        (H, W, 3) uint8.
    """
    return cv2.inpaint(image, hole, radius, cv2.INPAINT_TELEA)


def fill_navier_stokes(image: np.ndarray, hole: np.ndarray, radius: float = 3) -> np.ndarray:
    """OpenCV's inpainting by fluid dynamics (Bertalmio et al. 2001); arguments as
    :func:`fill_telea`."""
    return cv2.inpaint(image, hole, radius, cv2.INPAINT_NS)


def fill_harmonic(image: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Stretches a membrane over the hole: Laplace's equation, the known pixels its border (harmonic
    inpainting, Chan and Shen 2001).

    Among smooth fillings the nearest to the truth on average: nothing is continued that may end at
    the border. Solved on halved copies first, so that a wide hole takes no longer a pixel.

    Args:
        image: (H, W, 3) uint8.
        hole: (H, W) uint8, 1 = hole.

    Returns:
        (H, W, 3) uint8; the image as it was where nothing or all is a hole.
    """
    missing = hole > 0
    if not missing.any() or missing.all():
        return image.copy()
    filled = membrane(image.astype(np.float32), missing)
    return np.where(missing[..., None], filled.round(), image).astype(np.uint8)


def membrane(pixels: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """See :func:`fill_harmonic`.

    Args:
        pixels: (H, W, C) float32, finite.
        hole: (H, W) bool, neither empty nor all.

    Returns:
        (H, W, C) float32; outside the hole as given.
    """
    left, top, width, height = cv2.boundingRect(hole.astype(np.uint8))
    # A known pixel on each side is all that the membrane is fixed to.
    part = (slice(max(0, top - 1), top + height + 1), slice(max(0, left - 1), left + width + 1))
    filled = pixels.copy()
    filled[part] = _stretched(pixels[part], hole[part])
    return filled


def _stretched(pixels: np.ndarray, hole: np.ndarray) -> np.ndarray:
    size = tuple(-(-side // 2) for side in hole.shape[::-1])
    ratio = cv2.resize((~hole).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    start = pixels * ~hole[..., None]
    if (ratio > 0).all():
        smaller = cv2.resize(start, size, interpolation=cv2.INTER_AREA) / ratio[..., None]
    else:
        mean = cv2.resize(start, size, interpolation=cv2.INTER_AREA)
        smaller = _stretched(mean / np.maximum(ratio, 1e-6)[..., None], ratio == 0)
    enlarged = cv2.resize(smaller, hole.shape[::-1], interpolation=cv2.INTER_LINEAR)
    filled = np.where(hole[..., None], enlarged, pixels)
    for _ in range(_RELAXATIONS):
        around = cv2.filter2D(filled, -1, _NEIGHBOURS, borderType=cv2.BORDER_REPLICATE)
        np.copyto(filled, around, where=hole[..., None])
    return filled


def fill_patchmatch(
    image: np.ndarray, hole: np.ndarray, radius: int = 3, seed: int = 0
) -> np.ndarray:
    """Copies patches of the known pixels that fit each other (Barnes et al. 2009, coarse to fine).

    Args:
        image: (H, W, 3) uint8.
        hole: (H, W) uint8, 1 = hole.
        radius: of the patches, whose sides are 2 * radius + 1 pixels; the paper's are 7.
        seed: of the search, which begins with patches at random.

    Returns:
        (H, W, 3) uint8.

    Raises:
        ImportError: see :func:`patchmatch`.
    """
    library = patchmatch()
    library.set_random_seed(seed)
    return library.inpaint(image, hole, patch_size=radius)


def patchmatch() -> ModuleType:
    """The library of PatchMatch, imported where it is used: it is an optional extra.

    Raises:
        ImportError: the package is not installed, or came without its compiled library.
    """
    try:
        import patchmatch as library
    except ImportError as error:
        raise ImportError(
            'PatchMatch needs the package pypatchmatch: pip install ".[patchmatch]"'
        ) from error
    if not library.patchmatch_available:
        raise ImportError(
            'pypatchmatch was installed without its compiled library: pip install '
            '--force-reinstall --no-deps --no-cache-dir pypatchmatch'
        )
    return library
