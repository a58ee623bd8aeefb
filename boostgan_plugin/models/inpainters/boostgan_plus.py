from dataclasses import replace

from torch import Tensor
import torch.nn.functional as F

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

    def __init__(
        self, *args, perceptual: dict | None = None, augmentation: dict | None = None, **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        self.perceptual = MODELS.build(perceptual) if perceptual else None
        self.augmentation = MODELS.build(augmentation) if augmentation else None

    def discriminator_loss(self, batch: SemanticBatch, output: Tensor) -> LossAndParts:
        """Equations (2)-(5), of restored images, and now and then the gradient penalty."""
        batch, restored = self._seen(batch, batch.restored(output))
        logits = self._judge_pairs(batch, restored)
        for pairs in logits.values():
            pairs['generated'] = patches_of_hole(pairs['generated'], batch.mask)
        total, parts = self.loss.discriminator(logits)
        if self.loss.penalty_is_due():
            judge = unwrapped(self.discriminator).judge_generated
            penalty = self.loss.penalty(lambda real: judge(real, batch.gt_semantics), batch.gt_img)
            total, parts = total + penalty, dict(parts, penalty=penalty.detach())
        return total, parts

    def generator_loss(self, batch: SemanticBatch, output: Tensor) -> LossAndParts:
        """Reconstruction, adversarial terms and distances in features."""
        restored = batch.restored(output)
        seen, seen_restored = self._seen(batch, restored)
        logits, matching = unwrapped(self.discriminator).judge_and_match(
            seen_restored, seen.gt_img, seen.gt_semantics
        )
        logits = {level: patches_of_hole(each, seen.mask) for level, each in logits.items()}
        distances = dict(feature_matching=matching)
        if self.perceptual is not None:
            distances['semantic'] = self.perceptual(
                self.embedders, restored, batch.gt_img, batch.mask
            )
        total, parts = self.loss.generator(output, batch.gt_img, logits, batch.mask, distances)
        return self._with_consistency(batch, output, total, parts)

    def _seen(self, batch: SemanticBatch, restored: Tensor) -> tuple[SemanticBatch, Tensor]:
        """What the discriminators are shown of the batch and of the restored images."""
        if self.augmentation is None:
            return batch, restored
        (gt_img, restored), (mask, segmentation) = self.augmentation(
            [batch.gt_img, restored], [batch.mask, batch.gt_semantics.segmentation]
        )
        gt_semantics = batch.gt_semantics._replace(segmentation=segmentation)
        return replace(batch, gt_img=gt_img, mask=mask, gt_semantics=gt_semantics), restored


def patches_of_hole(logits: Tensor, mask: Tensor) -> Tensor:
    """Logits (N, 1, h, w) of restored images -> those of patches with a part of the hole, (K, 1).

    The others show nothing but the known image, and are neither generated nor to be called so.

    Args:
        mask: (N, 1, H, W), 1 = hole.
    """
    inside = F.adaptive_max_pool2d(mask, logits.shape[2:]) > 0
    return logits[inside][:, None]
