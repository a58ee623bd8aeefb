from torch import Tensor

from boostgan_plugin.models.losses.adversarial import negative_pair_loss, positive_pair_loss
from boostgan_plugin.models.losses.reconstruction import weighted_mean
from boostgan_plugin.options import Weight
from boostgan_plugin.registry import MODELS
from boostgan_plugin.wrappers import unwrapped

from .base import BaseInpainter, InpaintingBatch, LossAndParts


@MODELS.register_module()
class ContextEncoder(BaseInpainter):
    """CE of the paper's comparison: Pathak et al. 2016, "Context Encoders".

    Masked l2 and adversarial loss, weighted 0.999 and 0.001 (their equation 3). As the hole has
    any shape and place here, the discriminator sees the restored image instead of the filled
    centre alone.

    Args:
        generator: config of a :class:`ContextEncoderGenerator`.
        discriminator: config of a network that gives images logits.
        adversarial_weight: of the adversarial loss; the rest goes to the l2 loss.
    """

    def __init__(
        self,
        generator: dict,
        discriminator: dict | None,
        adversarial_weight: Weight = 0.001,
        **kwargs,
    ) -> None:
        super().__init__(generator, discriminator, **kwargs)
        self.adversarial_weight = adversarial_weight

    def discriminator_loss(self, batch: InpaintingBatch, output: Tensor) -> LossAndParts:
        """Cross entropy of whole and restored images; parts, scalars, are ``real`` and
        ``generated``."""
        real = positive_pair_loss(self.discriminator(batch.gt_img))
        generated = negative_pair_loss(self.discriminator(batch.restored(output)))
        return real + generated, dict(real=real, generated=generated)

    def generator_loss(self, batch: InpaintingBatch, output: Tensor) -> LossAndParts:
        """Squared error in the hole and adversarial term; parts, scalars before they are
        weighted, are ``reconstruction`` and ``adversarial``.
        """
        distance = weighted_mean((output - batch.gt_img) ** 2, batch.mask)
        adversarial = positive_pair_loss(unwrapped(self.discriminator)(batch.restored(output)))
        weight = self.adversarial_weight
        total = (1 - weight) * distance + weight * adversarial
        return total, dict(reconstruction=distance, adversarial=adversarial)
