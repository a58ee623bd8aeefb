"""How photographs are restored in use, as a row of a table."""

import numpy as np
import torch
from torch import Tensor, nn

from boostgan_plugin.models.data_preprocessor import to_uint8, to_unit_range
from boostgan_plugin.registry import MODELS

from .inferencer import InpaintingInferencer


@MODELS.register_module()
class AsPhotograph(nn.Module):
    """Restores as :class:`~boostgan_plugin.apis.InpaintingInferencer` does: a window around each
    hole at the model's own scale, detail from the photograph, known pixels as they were.

    Args:
        model: a name that the inferencer knows, or a file of weights.
        config: instead, that of a training, with its ``checkpoint``, file or work directory.
        kwargs: further arguments of the inferencer, such as ``detail``.

    Raises:
        FileNotFoundError, ImportError, ValueError: as the inferencer.
    """

    def __init__(self, model: str | None = None, config: str | None = None,
                 checkpoint: str | None = None, **kwargs) -> None:
        super().__init__()
        self._restore = InpaintingInferencer(model or config, checkpoint, 'cpu', **kwargs)

    def forward(self, corrupted: Tensor, mask: Tensor) -> Tensor:
        """(N, 3, H, W) in [-1, 1] and (N, 1, H, W), 1 = hole -> (N, 3, H, W)."""
        images = list(to_uint8(corrupted).permute(0, 2, 3, 1).contiguous().cpu().numpy())
        holes = list((mask[:, 0] > 0.5).cpu().numpy())
        filled = np.stack(self._restore(images, holes)['predictions'])
        return to_unit_range(torch.from_numpy(filled)).permute(0, 3, 1, 2).to(corrupted)
