"""Fillings of 8-bit pictures that need no training, without PyTorch."""

from types import ModuleType

import cv2
import numpy as np


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


def fill_patchmatch(image: np.ndarray, hole: np.ndarray, radius: int = 3, seed: int = 0
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
        raise ImportError('PatchMatch needs the package pypatchmatch: '
                          'pip install ".[patchmatch]"') from error
    if not library.patchmatch_available:
        raise ImportError('pypatchmatch was installed without its compiled library: pip install '
                          '--force-reinstall --no-deps --no-cache-dir pypatchmatch')
    return library
