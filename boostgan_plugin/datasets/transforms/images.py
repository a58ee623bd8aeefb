import os

import cv2
from mmcv.transforms import BaseTransform
import numpy as np

from boostgan_plugin.registry import TRANSFORMS


def read_image(path: str, flags: int) -> np.ndarray:
    """Decode an image file with OpenCV.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: OpenCV cannot decode it.
    """
    if not os.path.isfile(path):
        raise FileNotFoundError(f'image {path} does not exist')
    image = cv2.imread(path, flags)
    if image is None:
        raise ValueError(f'image {path} cannot be decoded: it is broken or of a format that '
                         'OpenCV does not read')
    return image


@TRANSFORMS.register_module()
class LoadImage(BaseTransform):
    """Reads ``img_path`` into ``img``, (H, W, 3) uint8 BGR, turned as its EXIF data says."""

    def transform(self, results: dict) -> dict:
        image = read_image(results['img_path'], cv2.IMREAD_COLOR)
        results.update(img=image, img_shape=image.shape[:2], ori_shape=image.shape[:2])
        return results


#: What is cropped, and how it is resized.
_INTERPOLATIONS = {'img': cv2.INTER_AREA, 'mask': cv2.INTER_NEAREST,
                   'gt_seg_map': cv2.INTER_NEAREST}


class _SquareCrop(BaseTransform):

    def __init__(self, size: int) -> None:
        self.size = size

    def _cut(self, results: dict, top: int, left: int, side: int) -> dict:
        for name, interpolation in _INTERPOLATIONS.items():
            if name in results:
                crop = results[name][top:top + side, left:left + side]
                results[name] = cv2.resize(crop, (self.size, self.size),
                                           interpolation=interpolation)
        # mmseg restores predictions to the original size to compare them with the labels.
        results['img_shape'] = results['ori_shape'] = (self.size, self.size)
        return results

    def _short_side(self, results: dict) -> int:
        height, width = results['img'].shape[:2]
        if min(height, width) < self.size:
            raise ValueError(f'{results.get("img_path", "an image")} is {width} x {height}, '
                             f'smaller than the crop of {self.size} px: leave it out or choose a '
                             'smaller size (enlarging would teach blur)')
        return min(height, width)


@TRANSFORMS.register_module()
class RandomSquareCrop(_SquareCrop):
    """Cuts a random square of the image and resizes it to ``size``; mask and labels go along.

    Args:
        size: side of the result in pixels.
        scale: smallest and largest side of the square, as a share of the image's short side; never
            smaller than ``size``.

    Raises:
        ValueError: the image is smaller than ``size``.
    """

    def __init__(self, size: int, scale: tuple[float, float] = (0.6, 1.0)) -> None:
        super().__init__(size)
        self.scale = scale

    def transform(self, results: dict) -> dict:
        short = self._short_side(results)
        side = max(self.size, round(short * np.random.uniform(*self.scale)))
        height, width = results['img'].shape[:2]
        top = np.random.randint(height - side + 1)
        left = np.random.randint(width - side + 1)
        return self._cut(results, top, left, side)


@TRANSFORMS.register_module()
class CenterSquareCrop(_SquareCrop):
    """Cuts the largest central square and resizes it to ``size``; mask and labels go along.

    Raises:
        ValueError: the image is smaller than ``size``.
    """

    def transform(self, results: dict) -> dict:
        side = self._short_side(results)
        height, width = results['img'].shape[:2]
        return self._cut(results, (height - side) // 2, (width - side) // 2, side)
