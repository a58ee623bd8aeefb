"""Where the image goes, its mask goes: mmcv's transforms for pipelines with a ``mask``.

In a config of this package mmcv's names mean these. A transform that does not know of masks leaves
them behind, which :func:`check_mask` finds.
"""

import cv2
import mmcv
from mmcv import transforms
import numpy as np

from boostgan_plugin.registry import TRANSFORMS


def put_mask(results: dict, mask: np.ndarray) -> dict:
    """Write ``mask``, (H, W) uint8, 1 = hole, and how the image is flipped that it is of."""
    results.update(mask=mask, mask_flip=results.get('flip_direction'))
    return results


def check_mask(results: dict) -> None:
    """To be called where a mask is used.

    Raises:
        ValueError: the image was resized, cut, padded or flipped without its mask.
    """
    image, mask = results['img'].shape[:2], results['mask'].shape
    name = results.get('img_path', 'an image')
    if image != mask:
        raise ValueError(
            '{} was resized, cut or padded without its mask, which is {} x {} for '
            '{} x {}: put that before the mask'.format(name, *mask[::-1], *image[::-1])
        )
    if results.get('flip_direction') != results.get('mask_flip'):
        raise ValueError(
            f'{name} was flipped without its mask: take boostgan.RandomFlip, or flip '
            'before the mask'
        )


@TRANSFORMS.register_module()
class RandomFlip(transforms.RandomFlip):
    """mmcv's flip of image and labels, and of the mask."""

    def transform(self, results: dict) -> dict:
        """Flip, or not, and note for :func:`check_mask` that the mask went along.

        Required Keys: ``img``.
        Modified Keys: ``img``, ``mask``, and those of mmcv's transform.
        Added Keys: ``mask_flip`` where there is a ``mask``, and those of mmcv's transform.
        """
        results = super().transform(results)
        return put_mask(results, results['mask']) if 'mask' in results else results

    def _flip(self, results: dict) -> None:
        super()._flip(results)
        if 'mask' in results:
            results['mask'] = mmcv.imflip(results['mask'], results['flip_direction'])


@TRANSFORMS.register_module()
class Resize(transforms.Resize):
    """mmcv's resize of image and labels, and of the mask; its random ones take this, too."""

    def _resize_seg(self, results: dict) -> None:
        super()._resize_seg(results)
        if 'mask' in results:
            results['mask'] = cv2.resize(
                results['mask'], results['img'].shape[1::-1], interpolation=cv2.INTER_NEAREST
            )


@TRANSFORMS.register_module()
class CenterCrop(transforms.CenterCrop):
    """mmcv's crop of image and labels, and of the mask."""

    def _crop_seg_map(self, results: dict, bboxes: np.ndarray) -> None:
        super()._crop_seg_map(results, bboxes)
        if 'mask' in results:
            results['mask'] = mmcv.imcrop(results['mask'], bboxes=bboxes)
