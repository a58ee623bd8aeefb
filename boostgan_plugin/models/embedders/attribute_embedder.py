from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from boostgan_plugin.options import Size
from boostgan_plugin.registry import MODELS

from .frozen_network import FrozenNetwork


@MODELS.register_module()
class AttributeEmbedder(FrozenNetwork):
    """Wa: reads an attribute vector with any multi-label classifier of mmpretrain (III-A.1).

    Args:
        config: path of the classifier's training config, or its ``model`` dict.
        checkpoint: see :class:`FrozenNetwork`.
        attributes: the attributes' names, N1 of them, in the order of the classifier's outputs.
        reduction: see :class:`FrozenNetwork`.
    """

    _scope = 'mmpretrain'

    def __init__(
        self,
        config: str | Path | Mapping,
        checkpoint: str | Path | None,
        attributes: Sequence[str],
        reduction: Size = 1,
    ) -> None:
        super().__init__(config, checkpoint, attributes, reduction)

    @torch.no_grad()
    def forward(self, images: Tensor) -> Tensor:
        """Images (N, 3, H, W), RGB in [-1, 1] -> probability of each attribute (N, N1).

        Raises:
            ValueError: the classifier has another number of outputs.
        """
        return self.logits(images).sigmoid()

    def logits(self, images: Tensor) -> Tensor:
        """As :meth:`forward`, before the sigmoid; gradients reach the images."""
        return self._check_outputs(self._read(images), 'attributes').float()

    def _run(self, network: nn.Module, images: Tensor) -> Tensor:
        return network(images, mode='tensor')
