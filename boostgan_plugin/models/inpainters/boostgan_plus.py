from dataclasses import replace

import torch
from torch import Tensor
import torch.nn.functional as F

from boostgan_plugin.models.losses.semantic_consistency import low_pass
from boostgan_plugin.models.semantic_sources import oracle, predicted
from boostgan_plugin.models.semantics import Semantics
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
        counterfactual: config of :class:`CounterfactualAttributes`, what is told against the truth,
            whose attributes and classes are Wa's and Ws's; None for none.
        kwargs: as of :class:`BoostGAN`.

    Raises:
        ValueError: as :class:`BoostGAN`; counterfactuals beside semantics of no or another image,
            or a ``class_weight`` of the loss for another number of regions.
    """

    def __init__(
        self,
        *args,
        perceptual: dict | None = None,
        augmentation: dict | None = None,
        counterfactual: dict | None = None,
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.perceptual = MODELS.build(perceptual) if perceptual else None
        self.augmentation = MODELS.build(augmentation) if augmentation else None
        names = dict(
            attributes=self.attribute_embedder.names, classes=self.segmentation_embedder.names
        )
        self.counterfactual = (
            MODELS.build(counterfactual, default_args=names) if counterfactual else None
        )
        if self.counterfactual is not None and self.source not in (predicted, oracle):
            raise ValueError(
                f"semantics='{self.source.__name__}' with counterfactual: what is told would stand "
                "among semantics that are not the image's"
            )
        if self.loss is not None:
            self.loss.check_classes(names['classes'])

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
        labels = batch.gt_semantics.labels() if self.loss.weighs_classes else None
        total, parts = self.loss.generator(
            output, batch.gt_img, logits, batch.mask, distances, labels
        )
        total, parts = self._with_consistency(batch, output, total, parts)
        return self._with_counterfactual(batch, total, parts)

    def _with_counterfactual(
        self, batch: SemanticBatch, total: Tensor, parts: dict[str, Tensor]
    ) -> LossAndParts:
        """Beside it, the loss of some images that are restored anew, told what is not so.

        Their sums are divided by the size of the batch, so that several processes get what one
        would.
        """
        if self.counterfactual is None:
            return total, parts
        rows, override = self.counterfactual(batch.gt_semantics, batch.mask)
        if not len(rows):
            return total, dict(parts, counterfactual=total.new_zeros(()))
        some = batch.rows(rows)
        _, cond = self._condition(some, override, lambda: some.gt_semantics)
        restored = some.restored(self.generate(replace(some, cond_semantics=cond)))
        # Both are read smoothed, see SemanticConsistencyLoss.
        read = self.attribute_embedder.logits(low_pass(restored))
        with torch.no_grad():
            original = self.attribute_embedder.logits(low_pass(some.gt_img)).sigmoid()
        wanted = override.apply_to(Semantics(original, cond.segmentation))
        errors = self.counterfactual.loss(read, wanted.attributes, override)
        told = override.apply_to(some.gt_semantics)._replace(segmentation=cond.segmentation)
        seen, seen_restored = self._seen(replace(some, gt_semantics=told), restored)
        logits = unwrapped(self.discriminator).judge_generated(seen_restored, seen.gt_semantics)
        adversarial = self.loss.weighted_adversarial(
            {level: patches_of_hole(each, seen.mask) for level, each in logits.items()}
        )
        more = self.counterfactual.weight * errors.sum() + len(rows) * adversarial
        return total + more / len(batch.mask), dict(parts, counterfactual=errors.mean().detach())

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
