from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin.models.padding import pad_to_multiple
from boostgan_plugin.options import Count, Size, Weight
from boostgan_plugin.registry import MODELS

from .frozen_network import FrozenNetwork


@MODELS.register_module()
class SegmentationEmbedder(FrozenNetwork):
    """Ws: reads a segmentation map with any segmentor of mmsegmentation (paper III-A.1).

    Args:
        config: path of the segmentor's training config, or its ``model`` dict.
        checkpoint: see :class:`FrozenNetwork`.
        classes: the classes' names, in the order of the segmentor's outputs.
        output: 'label' for label maps (the paper's), 'probability' for class probabilities.
        size_divisor: images are padded inside to sides that it divides, as many segmentors need.
        class_weight: of the loss in the network's pretraining, one each; what rare classes were
            given too much is taken back, so that probabilities are those of pixels (logit
            adjustment, Menon et al., ICLR 2021).
        reduction: see :class:`FrozenNetwork`; maps are enlarged to the images' size.
        num_attributes: see :class:`FrozenNetwork`; so that what is said of a hole shows in the map
            that is completed there.

    Raises:
        ValueError: another ``output``, more than 256 classes as a label map, or weights that are
            not one for each class.
    """

    _scope = 'mmseg'

    def __init__(
        self,
        config: str | Path | Mapping,
        checkpoint: str | Path | None,
        classes: Sequence[str],
        output: str = 'label',
        size_divisor: Size = 32,
        class_weight: Sequence[Weight] | None = None,
        reduction: Size = 1,
        num_attributes: Count = 0,
    ) -> None:
        if output not in ('label', 'probability'):
            raise ValueError(f"output='{output}' is unknown; choose 'label' or 'probability'")
        if output == 'label' and len(classes) > 256:
            raise ValueError(f'{len(classes)} classes do not fit an 8-bit label map')
        super().__init__(config, checkpoint, classes, reduction, num_attributes)
        if class_weight is not None and (
            len(class_weight) != len(classes) or min(class_weight) <= 0
        ):
            raise ValueError(
                f'class_weight={list(class_weight)}: a positive one for each of the '
                f'{len(classes)} classes'
            )
        self.output = output
        too_much = torch.log(torch.tensor(class_weight)) if class_weight is not None else None
        self.register_buffer('too_much', too_much, persistent=False)
        self.size_divisor = size_divisor

    @torch.no_grad()
    def forward(self, images: Tensor, attributes: Tensor | None = None) -> Tensor:
        """Read images (N, 3, H, W), RGB in [-1, 1].

        Args:
            attributes: what is said of them, (N, N1), 1 = there, -1 = not, 0 = nothing, louder
                where it is further from 0; for a network that is conditioned on attributes.

        Returns:
            Label map (N, 1, H, W) uint8, or probabilities (N, C, H, W) float.

        Raises:
            ValueError: the segmentor has another number of classes.
        """
        logits = self._logits(images, attributes)
        if self.output == 'label':
            # With channels last, max is several times as fast as argmax, and finds the same.
            return logits.max(dim=1, keepdim=True).indices.to(torch.uint8)
        return logits.float().softmax(dim=1)

    def logits(self, images: Tensor) -> Tensor:
        """Images as in :meth:`forward` -> logits (N, C, H, W); gradients reach the images."""
        return self._logits(images).float()

    def _logits(self, images: Tensor, attributes: Tensor | None = None) -> Tensor:
        logits = self._check_outputs(self._read(images, attributes), 'classes')
        if self.too_much is not None:
            logits = logits - self.too_much[:, None, None]
        if self.reduction == 1:
            return logits
        height, width = images.shape[2:]
        logits = F.interpolate(logits, scale_factor=float(self.reduction), mode='bilinear')
        return logits[..., :height, :width]

    def _run(self, network: nn.Module, images: Tensor) -> Tensor:
        height, width = images.shape[2:]
        padded = pad_to_multiple(images, self.size_divisor)
        size = tuple(padded.shape[2:])
        meta = dict(img_shape=size, pad_shape=size, ori_shape=size)
        # An exported graph leaves the number of images open.
        count = 1 if torch.compiler.is_compiling() else len(images)
        return network.encode_decode(padded, [meta] * count)[..., :height, :width]
