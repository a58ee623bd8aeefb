"""Restoring with PyTorch."""

import numpy as np
import torch

from boostgan_plugin.models.inpainters.base import BaseInpainter, InpaintingBatch
from boostgan_plugin.models.semantics import SemanticOverride
from boostgan_plugin.precision import bfloat16_is_faster

from .backends import ModelInfo, ModelInputs, ModelOutputs


class TorchBackend:
    """Runs any inpainter of this package.

    Args:
        inpainter: with its weights.
        device: such as 'cpu' or 'cuda:0'.
        precision: 'float32', or 'fastest': bfloat16 where that is faster, which changes what is
            restored by a few grey levels at most.

    Raises:
        ValueError: there is no such device here, or the precision is unknown.
    """

    def __init__(
        self, inpainter: BaseInpainter, info: ModelInfo, device: str, precision: str = 'float32'
    ) -> None:
        if precision not in ('float32', 'fastest'):
            raise ValueError(f"precision='{precision}' is unknown; choose 'float32' or 'fastest'")
        try:
            torch.empty(1, device=device)
        except (RuntimeError, AssertionError) as error:
            raise ValueError(f'device {device} cannot be used here: {error}') from error
        self.inpainter = inpainter.to(device).eval()
        self.info = info
        self.device = device
        self.precision = precision

    @torch.inference_mode()
    def __call__(self, inputs: ModelInputs) -> ModelOutputs:
        """See :class:`~boostgan_plugin.inference.backends.InferenceBackend`."""
        images = self._tensor(inputs.images).contiguous(memory_format=torch.channels_last)
        batch = InpaintingBatch(gt_img=images, mask=self._tensor(inputs.masks), masked_img=images)
        override = (
            dict(
                override=SemanticOverride(
                    self._tensor(inputs.attributes), self._tensor(inputs.segmentation)
                )
            )
            if self.info.attributes
            else {}
        )
        with self._autocast():
            output, padded = self.inpainter.restore(batch, **override)
        pred = [self.inpainter.describe(padded, index) for index in range(len(images))]
        height, width = output.shape[2:]
        return ModelOutputs(
            output.float().cpu().numpy(),
            _stack(pred, 'attributes'),
            _stack(pred, 'segmentation')[..., :height, :width],
        )

    def _tensor(self, array: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(array).to(self.device)

    def _autocast(self) -> torch.autocast:
        kind = torch.device(self.device).type
        enabled = self.precision == 'fastest' and bfloat16_is_faster(kind)
        return torch.autocast(kind, torch.bfloat16, enabled=enabled)


def _stack(pred: list[dict[str, torch.Tensor]], name: str) -> np.ndarray:
    """The values of all images; empty ones where the model predicts no such thing."""
    return np.stack(
        [one[name].cpu().numpy() if name in one else np.zeros((0, 0), np.float32) for one in pred]
    )
