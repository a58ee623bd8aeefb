"""Restoring with PyTorch."""

import numpy as np
import torch

from boostgan_plugin.models.inpainters.base import BaseInpainter, InpaintingBatch
from boostgan_plugin.models.semantics import Told

from .restorers import Answers, Crops, Traits


class TorchRestorer:
    """Runs any inpainter of this package.

    Args:
        inpainter: with its weights.
        device: such as 'cpu' or 'cuda:0'.

    Raises:
        ValueError: there is no such device here.
    """

    def __init__(self, inpainter: BaseInpainter, traits: Traits, device: str) -> None:
        try:
            torch.empty(1, device=device)
        except (RuntimeError, AssertionError) as error:
            raise ValueError(f'device {device} cannot be used here: {error}') from error
        self.inpainter = inpainter.to(device).eval()
        self.traits = traits
        self.device = device

    @torch.inference_mode()
    def __call__(self, crops: Crops) -> Answers:
        images, mask, attributes, segmentation = (
            torch.from_numpy(array).to(self.device) for array in vars(crops).values())
        images = images.contiguous(memory_format=torch.channels_last)
        batch = InpaintingBatch(target=images, mask=mask, corrupted=images)
        told = dict(told=Told(attributes, segmentation)) if self.traits.attributes else {}
        output, padded = self.inpainter.restore(batch, **told)
        read = [self.inpainter.describe(padded, index) for index in range(len(images))]
        height, width = output.shape[2:]
        return Answers(output.float().cpu().numpy(), _stack(read, 'attributes'),
                       _stack(read, 'segmentation')[..., :height, :width])


def _stack(read: list[dict[str, torch.Tensor]], name: str) -> np.ndarray:
    """The values of all images; empty ones where the model reads no such thing."""
    return np.stack([one[name].cpu().numpy() if name in one else np.zeros((0, 0), np.float32)
                     for one in read])
