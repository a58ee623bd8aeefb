from dataclasses import replace

import torch
from torch import Tensor

from boostgan_plugin.registry import MODELS
from boostgan_plugin.wrappers import unwrapped

from .base import LossAndParts
from .boostgan import BoostGAN, SemanticBatch



@MODELS.register_module()
class BoostGANPlus(BoostGAN):
    """BoostGAN made for what a person sees: its conditioning and levels, newer parts.

    The discriminators judge the restored image, which is what is delivered, not the raw output.

    Args:
        generator: config of a :class:`ModulatedGenerator`.
        discriminator: config of a :class:`PatchDiscriminator`.
        loss: config of a :class:`BoostGANPlusLoss`.
        perceptual: config of a :class:`SemanticPerceptualLoss`; None for none.
        augmentation: config of a :class:`DiscriminatorAugmentation`, where images are few; None for
            none.
        kwargs: as of :class:`BoostGAN`.
    """

    def __init__(self, *args, perceptual: dict | None = None, augmentation: dict | None = None,
                 **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.perceptual = MODELS.build(perceptual) if perceptual else None
        self.augmentation = MODELS.build(augmentation) if augmentation else None
        self.register_buffer('steps', torch.zeros((), dtype=torch.long))

    def discriminator_loss(self, batch: SemanticBatch, output: Tensor) -> LossAndParts:
        """Equations (2)-(5), of restored images, and now and then the gradient penalty."""
        restored = batch.restored(output)
        if self.augmentation is not None:
            batch, restored = self.augmentation(batch, restored)
        total, parts = super().discriminator_loss(batch, restored)
        if self.loss.r1 and self.steps % self.loss.r1_interval == 0:
            judge = unwrapped(self.discriminator).judge_generated
            penalty = self.loss.penalty(lambda real: judge(real, batch.true), batch.target)
            total, parts = total + penalty, dict(parts, penalty=penalty.detach())
        self.steps += 1
        return total, parts

    def generator_loss(self, batch: SemanticBatch, output: Tensor) -> LossAndParts:
        """Reconstruction, adversarial terms and distances in features."""
        restored = batch.restored(output)
        logits, matching = unwrapped(self.discriminator).judge_and_match(
            restored, batch.target, batch.true)
        distances = {}
        if self.loss.distances['feature_matching']:
            distances['feature_matching'] = matching
        if self.perceptual is not None:
            distances['semantic'] = self.perceptual(
                dict(attribute=self.attribute_embedder, segmentation=self.segmentation_embedder),
                restored, batch.target, batch.mask)
        total, parts = self.loss.generator(output, batch.target, logits, batch.mask, distances)
        return self._with_consistency(batch, output, total, parts)
