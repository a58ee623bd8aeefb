from abc import abstractmethod
import math

import cv2
from mmcv.transforms import BaseTransform
import numpy as np

from boostgan_plugin.options import RatioRange, Size
from boostgan_plugin.registry import TRANSFORMS

from .decoding import ReducedImage, decode_reduced, read_bytes, read_image
from .geometry import check_mask
from .image_cache import ImageCache


@TRANSFORMS.register_module()
class LoadImage(BaseTransform):
    """Reads ``img_path`` into ``img``, (H, W, 3) uint8 BGR, turned as its EXIF data says."""

    def transform(self, results: dict) -> dict:
        """Read the file.

        Required Keys: ``img_path``.
        Added Keys: ``img`` (H, W, 3) uint8 BGR, ``img_shape``, ``ori_shape``.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: it is no image.
        """
        image = read_image(results['img_path'], cv2.IMREAD_COLOR)
        results.update(img=image, img_shape=image.shape[:2], ori_shape=image.shape[:2])
        return results


#: What is cropped, and how it is resized.
_INTERPOLATIONS = {
    'img': cv2.INTER_AREA,
    'mask': cv2.INTER_NEAREST,
    'gt_seg_map': cv2.INTER_NEAREST,
}


class _SquareCrop(BaseTransform):
    def __init__(self, size: Size) -> None:
        self.size = size

    @property
    @abstractmethod
    def needed_short_side(self) -> int:
        """To how many pixels whole images may be shrunk before the crop.

        More than the result has: what is resized twice gets softer otherwise.
        """

    def transform(self, results: dict) -> dict:
        """Cut and resize all that there is of image, mask and labels.

        Required Keys: ``img`` (H, W, 3).
        Modified Keys: ``img``, ``mask``, ``gt_seg_map``, all of ``size`` x ``size``.
        Added Keys: ``img_shape``, ``ori_shape``.
        """
        if 'mask' in results:
            check_mask(results)
        top, left, side = self.square(results['img'].shape[:2], results.get('img_path', 'an image'))
        for name in _INTERPOLATIONS:
            if name in results:
                results[name] = self.resized(
                    results[name][top : top + side, left : left + side], name
                )
        return self.note_size(results)

    def square(self, image_size: tuple[int, int], name: str = 'an image') -> tuple[int, int, int]:
        """Where to cut an image of (height, width): top, left, side.

        Raises:
            ValueError: the image, of that name, is smaller than ``size``.
        """
        height, width = image_size
        if min(image_size) < self.size:
            raise ValueError(
                f'{name} is {width} x {height}, smaller than the crop of '
                f'{self.size} px: leave it out or choose a smaller size (enlarging '
                'would teach blur)'
            )
        side = self._side(min(image_size))
        return (*self._corner(height - side, width - side), side)

    def resized(self, square: np.ndarray, name: str = 'img') -> np.ndarray:
        """A square of ``img``, ``mask`` or ``gt_seg_map`` at ``size``."""
        return cv2.resize(square, (self.size, self.size), interpolation=_INTERPOLATIONS[name])

    def note_size(self, results: dict) -> dict:
        """Say in ``results`` how large images are now."""
        # mmseg restores predictions to the original size to compare them with the labels.
        results['img_shape'] = results['ori_shape'] = (self.size, self.size)
        return results

    @abstractmethod
    def _side(self, short_side: int) -> int:
        """The square's side in an image of that short side."""

    @abstractmethod
    def _corner(self, height: int, width: int) -> tuple[int, int]:
        """Top and left, at most height and width."""


@TRANSFORMS.register_module()
class RandomSquareCrop(_SquareCrop):
    """Cuts a random square of the image and resizes it to ``size``; mask and labels go along.

    Args:
        size: side of the result in pixels.
        scale: smallest and largest side of the square, as a fraction of the image's short side;
            never smaller than ``size``.

    Raises:
        ValueError: the image is smaller than ``size``; see also :func:`check_mask`.
    """

    def __init__(self, size: Size, scale: RatioRange = (0.6, 1.0)) -> None:
        super().__init__(size)
        self.scale = scale

    @property
    def needed_short_side(self) -> int:
        """1.5 times as fine as the result where the square is smallest, which it seldom is."""
        return math.ceil(1.5 * self.size / max(self.scale[0], 1e-6))

    def _side(self, short_side: int) -> int:
        return max(self.size, round(short_side * np.random.uniform(*self.scale)))

    def _corner(self, height: int, width: int) -> tuple[int, int]:
        return np.random.randint(height + 1), np.random.randint(width + 1)


@TRANSFORMS.register_module()
class CenterSquareCrop(_SquareCrop):
    """Cuts the largest central square and resizes it to ``size``; mask and labels go along.

    Raises:
        ValueError: the image is smaller than ``size``; see also :func:`check_mask`.
    """

    @property
    def needed_short_side(self) -> int:
        """Twice as fine as the result: figures of an evaluation shall not depend on it."""
        return 2 * self.size

    def _side(self, short_side: int) -> int:
        return short_side

    def _corner(self, height: int, width: int) -> tuple[int, int]:
        return height // 2, width // 2


@TRANSFORMS.register_module()
class LoadCrop(BaseTransform):
    """Reads the square of ``img_path`` that a crop chooses into ``img``, (size, size, 3) uint8 BGR.

    The same square, to a fraction of a pixel, as :class:`LoadImage` and the crop give, but an image
    that is much larger is decoded at a fraction of its size (see :func:`decode_reduced`): a JPEG
    costs a third or less. Masks and label maps of the image's own size do not fit: with those, take
    :class:`LoadImage`, and the crop behind them.

    Args:
        crop: config of a :class:`RandomSquareCrop` or :class:`CenterSquareCrop`.
        cache_dir: folder that keeps the images as they are before the crop, see
            :class:`ImageCache`; what is read does not depend on it.
        keep: keep them in memory besides, one copy in each data loader worker: for few images.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: OpenCV cannot decode it, or it is smaller than the crop.
    """

    def __init__(self, crop: dict, cache_dir: str | None = None, keep: bool = False) -> None:
        self.crop = TRANSFORMS.build(crop)
        self._read = ImageCache(cache_dir).read if cache_dir else decode_reduced
        self._kept: dict[str, ReducedImage] | None = {} if keep else None

    def transform(self, results: dict) -> dict:
        """Read and cut the file.

        Required Keys: ``img_path``.
        Added Keys: ``img`` (size, size, 3) uint8 BGR, ``img_shape``, ``ori_shape``.
        """
        path = results['img_path']
        image = self._image(path)
        square = image.square(*self.crop.square(image.size, path))
        results['img'] = self.crop.resized(square)
        return self.crop.note_size(results)

    def _image(self, path: str) -> ReducedImage:
        if self._kept is not None and path in self._kept:
            return self._kept[path]
        image = self._read(read_bytes(path), self.crop.needed_short_side, path)
        if self._kept is not None:
            self._kept[path] = image
        return image
