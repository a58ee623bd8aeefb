"""Holes as people give them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeGuard
import warnings

import cv2
import numpy as np

from boostgan_plugin.image_files import JPEG_EXTENSIONS, list_images

from .images import open_image

#: An image, an array, or a box (left, top, right, bottom) in pixels, right and bottom exclusive.
MaskSource = str | Path | np.ndarray | Sequence[int]
#: Types that OpenCV cannot turn to grey, and what they become.
_FOR_OPENCV = {'float64': 'float32', 'float16': 'float32'}


def is_box(source: object) -> TypeGuard[Sequence[int]]:
    """Whether it is four whole numbers."""
    return (
        isinstance(source, (tuple, list))
        and len(source) == 4
        and all(
            isinstance(value, (int, np.integer)) and not isinstance(value, bool) for value in source
        )
    )


def read_mask(source: MaskSource, size: tuple[int, int], name: str = 'image') -> np.ndarray:
    """The hole of an image of ``size`` (H, W): (H, W) bool, True = hole.

    In an image and in an integer array with values above 1 the hole is white, above half of the
    range; in one of zeros and ones it is 1, in a float array above 0.5. Ones in a JPEG are specks.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: another size than the image's, a box outside it, a mask in an alpha channel, or
            values that are no mask.
        TypeError: none of the kinds above.
    """
    if is_box(source):
        return _fill_box(source, size, name)
    if isinstance(source, (str, Path)):
        label, values = f'mask {source}', open_image(source).pixels
        hole = _threshold_image(values, label, Path(source).suffix.lower() in JPEG_EXTENSIONS)
    elif isinstance(source, np.ndarray):
        label, values = f'the mask of {name}', source
        hole = _threshold_array(values, label)
    else:
        raise TypeError(
            f'the mask of {name} is a {type(source).__name__}; expected a path, an '
            'array, or a box (left, top, right, bottom) of whole numbers'
        )
    if hole.shape != size:
        raise ValueError(
            '{} is {} x {} (width x height), but {} is {} x {}'.format(
                label, *hole.shape[::-1], name, *size[::-1]
            )
        )
    if not hole.any() and np.any(values):
        warnings.warn(
            f'{label} is not empty, but nothing in it is white (above half of the range '
            'of its type), so nothing is restored',
            stacklevel=2,
        )
    return hole


def match_masks(folder: Path, images: Sequence[Path]) -> list[Path]:
    """For each image the mask in ``folder`` that has its name, whatever the extension.

    Raises:
        FileNotFoundError: an image has none; the message names the first few.
        ValueError: two masks have one name.
    """
    by_stem: dict[str, Path] = {}
    for path in list_images(folder):
        if by_stem.setdefault(path.stem, path) != path:
            raise ValueError(f'{by_stem[path.stem]} and {path} are masks of one name: keep one')
    missing = [image.name for image in images if image.stem not in by_stem]
    if missing:
        shown = ', '.join(missing[:4]) + (', ...' if len(missing) > 4 else '')
        raise FileNotFoundError(
            f'no mask in {folder} for {len(missing)} of {len(images)} images '
            f'({shown}): a mask has the name of its image, such as '
            f'{Path(missing[0]).stem}.png'
        )
    return [by_stem[image.stem] for image in images]


def _fill_box(box: Sequence[int], size: tuple[int, int], name: str) -> np.ndarray:
    left, top, right, bottom = box
    if not (0 <= left < right <= size[1] and 0 <= top < bottom <= size[0]):
        raise ValueError(
            f'the box {tuple(map(int, box))} (left, top, right, bottom) does not lie '
            f'in {name}, which is {size[1]} x {size[0]} (width x height)'
        )
    hole = np.zeros(size, bool)
    hole[top:bottom, left:right] = True
    return hole


def _threshold_image(pixels: np.ndarray, label: str, is_jpeg: bool) -> np.ndarray:
    """White is the hole, whatever the depth; 1 where nothing is above it, but for the specks of a
    JPEG."""
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        if (pixels[..., 3] != pixels[0, 0, 3]).any():
            raise ValueError(
                f'{label} is partly transparent, so it is not clear what marks the '
                'hole: save it in black and white, white = hole'
            )
        pixels = pixels[..., :3]
    if pixels.ndim == 3:
        pixels = (
            pixels[..., 0]
            if pixels.shape[2] == 1
            else cv2.cvtColor(
                pixels.astype(_FOR_OPENCV.get(pixels.dtype.name, pixels.dtype)), cv2.COLOR_RGB2GRAY
            )
        )
    white = (
        1
        if pixels.dtype.kind == 'f' or (pixels.max() == 1 and not is_jpeg)
        else (np.iinfo(pixels.dtype).max)
    )
    return pixels > white / 2


def _threshold_array(mask: np.ndarray, label: str) -> np.ndarray:
    if mask.ndim == 3 and mask.shape[2] == 1:
        mask = mask[..., 0]
    if mask.ndim != 2 or not mask.size:
        raise ValueError(f'{label} has the shape {mask.shape}; expected (H, W)')
    if mask.dtype == bool:
        return mask.copy()
    if mask.dtype.kind not in 'uif' or not (mask.min() >= 0):
        raise ValueError(
            f'{label} holds {mask.dtype} values that are no mask; expected bools, '
            'zeros and ones, 0..255, or floats in [0, 1]'
        )
    if mask.dtype.kind == 'f':
        if not mask.max() <= 1:
            raise ValueError(f'{label} has floats outside [0, 1]; 1 = hole')
        return mask > 0.5
    # 0..255 is usual in any type of integers.
    return mask > (
        0 if mask.max() <= 1 else 127 if mask.max() <= 255 else np.iinfo(mask.dtype).max / 2
    )


def warn_if_inverted(hole: np.ndarray, label: str) -> None:
    """Warn when a mask looks as if black marked the hole."""
    frame = np.concatenate([hole[0], hole[-1], hole[:, 0], hole[:, -1]])
    if frame.mean() > 0.9 and 0.5 < hole.mean() < 1:
        warnings.warn(
            f'{label} marks {hole.mean():.0%} of the image as hole, with nearly all of '
            'its border. White (1) is what is missing; if black marks it, invert the '
            'mask',
            stacklevel=2,
        )


def grown(hole: np.ndarray, pixels: int) -> np.ndarray:
    """The hole and all within so many pixels of it, (H, W) bool."""
    return hole if pixels == 0 else _distance_from(hole) <= pixels


def fading(hole: np.ndarray, pixels: int) -> np.ndarray:
    """1 in the hole, falling to 0 over a band of so many pixels around it, (H, W) float32."""
    return np.clip(1 - _distance_from(hole) / (pixels + 1), 0, 1)


def _distance_from(hole: np.ndarray) -> np.ndarray:
    """Of each pixel from the hole, in pixels; far more than any, where there is no hole."""
    return cv2.distanceTransform((~hole).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
