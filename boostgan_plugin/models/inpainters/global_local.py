from torch import Tensor

from boostgan_plugin.models.losses.adversarial import negative_pair_loss, positive_pair_loss
from boostgan_plugin.models.losses.reconstruction import weighted_mean
from boostgan_plugin.options import Weight
from boostgan_plugin.registry import MODELS
from boostgan_plugin.wrappers import unwrapped

from .base import BaseInpainter, InpaintingBatch, LossAndParts


@MODELS.register_module()
class GlobalLocal(BaseInpainter):
    """GL of the paper's comparison: Iizuka et al. 2017, "Globally and Locally Consistent ...".

    Masked mean squared error and the loss of the joined global and local discriminators (their
    equations 2-4). Training goes in the phases of their algorithm 1: generator alone, then
    discriminator alone, then both. Departures: -log D instead of log(1 - D) for the generator;
    no blending after the network.

    Args:
        generator: config of a :class:`GlobalLocalGenerator`.
        discriminator: config of a :class:`GlobalLocalDiscriminator`.
        adversarial_weight: α of equation 4.
        phases: see :class:`~boostgan_plugin.models.phases.PhaseSchedule`; as long as a phase does
            not update the discriminator, the generator does not listen to it.
    """

    def __init__(
        self,
        generator: dict,
        discriminator: dict | None,
        adversarial_weight: Weight = 0.0004,
        **kwargs,
    ) -> None:
        super().__init__(generator, discriminator, **kwargs)
        self.adversarial_weight = adversarial_weight

    def discriminator_loss(self, batch: InpaintingBatch, output: Tensor) -> LossAndParts:
        """Real images are looked at around another sample's hole, a random place (algorithm 1)."""
        real = positive_pair_loss(self.discriminator(batch.gt_img, batch.mask.roll(1, 0)))
        generated = negative_pair_loss(self.discriminator(batch.restored(output), batch.mask))
        return real + generated, dict(real=real, generated=generated)

    def generator_loss(self, batch: InpaintingBatch, output: Tensor) -> LossAndParts:
        """Squared error in the hole, and the adversarial term where the phase trains both networks;
        parts, scalars before they are weighted, are ``reconstruction`` and ``adversarial``.
        """
        # Theirs is of images in [0, 1].
        distance = weighted_mean(((output - batch.gt_img) / 2) ** 2, batch.mask)
        if 'discriminator' not in self.phase.updates:
            return distance, dict(reconstruction=distance)
        logits = unwrapped(self.discriminator)(batch.restored(output), batch.mask)
        adversarial = positive_pair_loss(logits)
        return (
            distance + self.adversarial_weight * adversarial,
            dict(reconstruction=distance, adversarial=adversarial),
        )
