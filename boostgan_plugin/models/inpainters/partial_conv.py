from collections.abc import Mapping
from functools import cached_property

from torch import Tensor

from boostgan_plugin.models.features import FeatureNetwork
from boostgan_plugin.models.losses.perceptual import (
    perceptual_distance,
    style_distance,
    total_variation,
)
from boostgan_plugin.options import Weight
from boostgan_plugin.registry import MODELS

from .base import BaseInpainter, InpaintingBatch, LossAndParts

#: Liu et al. 2018, equation 7.
PAPER_WEIGHTS = dict(valid=1.0, hole=6.0, perceptual=0.05, style=120.0, total_variation=0.1)


@MODELS.register_module()
class PartialConv(BaseInpainter):
    """PConv of the paper's comparison: Liu et al. 2018, "Image Inpainting for Irregular Holes ...".

    No discriminator: l1 in and outside the hole, perceptual and style distances of the output and
    of the restored image, and total variation around the hole (their equations 2-7). All are
    taken of images in [0, 1]. The two phases differ in the encoder's batch norms: see
    ``frozen_norms`` of :class:`~boostgan_plugin.models.phases.Phase`.

    Args:
        generator: config of a :class:`PartialConvUNet`.
        features: config of a :class:`FeatureNetwork`; VGG-16 in the paper.
        weights: of the parts of the loss, where they differ from the paper's.

    Raises:
        ValueError: a weight for an unknown part.
    """

    def __init__(
        self,
        generator: dict,
        features: dict | None,
        weights: Mapping[str, Weight] | None = None,
        **kwargs,
    ) -> None:
        super().__init__(generator, **kwargs)
        unknown = set(weights or ()) - set(PAPER_WEIGHTS)
        if unknown:
            raise ValueError(
                f'weights of {", ".join(sorted(unknown))}; the parts of the loss are '
                f'{", ".join(PAPER_WEIGHTS)}'
            )
        self.weights = PAPER_WEIGHTS | dict(weights or {})
        self._features_config = features

    @cached_property
    def features(self) -> FeatureNetwork:
        """Only training needs it, and a cached property stays out of checkpoints."""
        return MODELS.build(self._features_config).to(self.data_preprocessor.device)

    def discriminator_loss(self, batch: InpaintingBatch, output: Tensor) -> LossAndParts:
        """There is none.

        Raises:
            TypeError: always.
        """
        raise TypeError('PartialConv has no discriminator')

    def generator_loss(self, batch: InpaintingBatch, output: Tensor) -> LossAndParts:
        """The five terms of the paper; parts are scalars before they are weighted."""
        restored = batch.restored(output)
        error = (output - batch.gt_img).abs() / 2
        real = self.features.stages(batch.gt_img)
        maps = [self.features.stages(image) for image in (output, restored)]
        parts = dict(
            valid=(error * (1 - batch.mask)).mean(),
            hole=(error * batch.mask).mean(),
            perceptual=sum(perceptual_distance(stages, real) for stages in maps),
            style=sum(style_distance(stages, real) for stages in maps),
            total_variation=total_variation(restored, batch.mask) / 2,
        )
        return sum(self.weights[name] * part for name, part in parts.items()), parts
