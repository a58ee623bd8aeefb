from mmengine.model import BaseDataPreprocessor
import torch
from torch import Tensor

from boostgan_plugin.registry import MODELS


def to_unit_range(image: Tensor) -> Tensor:
    """Pixel values 0..255 of any dtype -> float in [-1, 1]."""
    return image.float() / 127.5 - 1


def to_uint8(image: Tensor) -> Tensor:
    """Float in [-1, 1] (values beyond are clipped) -> uint8, the exact inverse on whole numbers."""
    return ((image.float() + 1) * 127.5).round_().clamp_(0, 255).to(torch.uint8)


@MODELS.register_module()
class InpaintingDataPreprocessor(BaseDataPreprocessor):
    """Stacks a batch on the device: images to RGB in [-1, 1], the hole set to 0.

    Takes what :class:`~boostgan_plugin.datasets.PackInpaintingInputs` packs: ``inputs``, uint8
    BGR images (3, H, W), and ``data_samples`` whose ``mask`` is (1, H, W) with 1 = hole. Gives
    ``inputs`` = dict(gt_img (N, 3, H, W): the whole image y; mask (N, 1, H, W) float;
    masked_img (N, 3, H, W): x = y with the hole set to 0), and told_attributes (N, N1) and
    told_layout (N, 1) where the samples have them.

    Args:
        non_blocking: whether the step goes on while a batch from pinned memory is copied to a GPU.

    Raises:
        ValueError: images of one batch differ in size, or a mask differs from its image.
    """

    def __init__(self, non_blocking: bool = True) -> None:
        super().__init__(non_blocking)

    def forward(self, data: dict, training: bool = False) -> dict:
        """Stack, normalise and erase a batch; see the class for what comes out.

        Args:
            data: ``inputs``, (3, H, W) uint8 BGR each, and ``data_samples`` with ``mask``
                (1, H, W).
            training: changes nothing.

        Raises:
            ValueError: images of several sizes, or a mask of another size than its image.
        """
        data = self.cast_data(data)
        images, samples = data['inputs'], data['data_samples']
        _check_sizes(images, samples)
        gt_img = to_unit_range(torch.stack(list(images)).flip(1))
        gt_img = gt_img.contiguous(memory_format=torch.channels_last)
        mask = torch.stack([sample.mask for sample in samples]).float()
        inputs = dict(gt_img=gt_img, mask=mask, masked_img=gt_img * (1 - mask))
        for name in ('told_attributes', 'told_layout'):
            if name in samples[0]:
                inputs[name] = torch.stack([each.get(name) for each in samples])
        return dict(inputs=inputs, data_samples=samples)


def _check_sizes(images, samples) -> None:
    size = images[0].shape
    for image, sample in zip(images, samples, strict=True):
        name = sample.metainfo.get('img_path', 'an image')
        if image.shape != size:
            raise ValueError(
                f'{name} is {tuple(image.shape)}, others of its batch {tuple(size)}: '
                'crop all to one size, or use batch_size=1'
            )
        if sample.mask.shape != (1, *size[1:]):
            raise ValueError(
                f'{name}: the mask is {tuple(sample.mask.shape)}, the image {tuple(size)}'
            )
