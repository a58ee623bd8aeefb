from mmcv.transforms import BaseTransform
from mmengine.structures import BaseDataElement
import numpy as np
import torch

from boostgan_plugin.registry import TRANSFORMS

from .geometry import check_mask


class InpaintingSample(BaseDataElement):
    """One sample's mask and labels."""

    def pin_memory(self) -> 'InpaintingSample':
        """A copy in pinned memory; PyTorch's data loader would pass over other elements."""
        pinned = self.new()
        for name, value in self.items():
            if isinstance(value, torch.Tensor):
                pinned.set_field(value.pin_memory(), name)
        return pinned


@TRANSFORMS.register_module()
class PackInpaintingInputs(BaseTransform):
    """Packs a sample for :class:`~boostgan_plugin.models.InpaintingDataPreprocessor`.

    Gives ``inputs``, the whole image (3, H, W) uint8 BGR, and ``data_samples`` with ``mask``
    (1, H, W) uint8, 1 = hole, and ``gt_score``, ``gt_seg_map``, ``told_attributes`` and
    ``told_layout`` where there are any.

    Args:
        meta_keys: what to keep of the sample's origin.

    Raises:
        ValueError: see :func:`check_mask`.
    """

    def __init__(
        self, meta_keys: tuple[str, ...] = ('img_path', 'sample_idx', 'ori_shape')
    ) -> None:
        self.meta_keys = meta_keys

    def transform(self, results: dict) -> dict:
        """Pack ``results``; nothing else of them is kept.

        Required Keys: ``img`` (H, W, 3), ``mask`` (H, W).
        Added Keys: ``inputs``, ``data_samples``.
        Removed Keys: all others.
        """
        check_mask(results)
        image = _tensor(results['img'].transpose(2, 0, 1))
        sample = InpaintingSample(metainfo={k: results[k] for k in self.meta_keys if k in results})
        sample.mask = _tensor(results['mask'])[None]
        for label in ('gt_score', 'gt_seg_map', 'told_attributes', 'told_layout'):
            if label in results:
                sample.set_field(_tensor(results[label]), label)
        return dict(inputs=image, data_samples=sample)


def _tensor(array: np.ndarray) -> torch.Tensor:
    # NumPy takes a flipped side of one pixel for contiguous, PyTorch does not.
    return torch.from_numpy(array.copy())
