from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mmengine.dist import get_dist_info
import torch
from torch import Tensor

from boostgan_plugin.models.losses.reconstruction import spatial_discount, weighted_mean
from boostgan_plugin.models.losses.wasserstein import critic_loss, gradient_penalty
from boostgan_plugin.options import Ratio, Weight
from boostgan_plugin.registry import MODELS
from boostgan_plugin.wrappers import unwrapped

from .base import BaseInpainter, InpaintingBatch, LossAndParts

#: Yu et al. 2018, algorithm 1. Here all updates of a step see the same batch.
PAPER_PHASES = (dict(name='all', updates=['discriminator'] * 5 + ['generator']),)


@dataclass(frozen=True, kw_only=True)
class TwoStageBatch(InpaintingBatch):
    """What the stages of the generator made of the corrupted images.

    ``random``: a function of the training's seed and step, so that a resumed training goes on
    as it would have; None in prediction.
    """

    coarse: Tensor
    refined: Tensor
    random: torch.Generator | None = None


@MODELS.register_module()
class ContextualAttention(BaseInpainter):
    """GntIpt of the paper's comparison: Yu et al. 2018, "Generative ... Contextual Attention".

    Spatially discounted l1 in the hole and plain l1 outside, of both stages, each a mean over its
    pixels, and a Wasserstein loss of a global and a local critic with gradient penalty in the
    hole (their sections 3.1 and 3.2).

    Args:
        generator: config of a :class:`ContextualAttentionGenerator`.
        discriminator: config of a :class:`GlobalLocalCritic`; None for a model that only restores.
        coarse_weight: of the coarse stage's l1 in the hole, beside 1 for the refining stage's.
        l1_weight: of the discounted l1.
        known_weight: of the l1 outside the hole.
        adversarial_weight: of the critics' scores.
        penalty_weight: λ of the gradient penalty.
        gamma: base of the spatial discount.
        phases: also say how often the critics are updated for each update of the generator;
            default five times.
    """

    def __init__(
        self,
        generator: dict,
        discriminator: dict | None,
        coarse_weight: Weight = 1.2,
        l1_weight: Weight = 1.2,
        known_weight: Weight = 1.2,
        adversarial_weight: Weight = 0.001,
        penalty_weight: Weight = 10.0,
        gamma: Ratio = 0.99,
        phases: Sequence[Mapping] | None = None,
        **kwargs,
    ) -> None:
        phases = phases or (PAPER_PHASES if discriminator else None)
        super().__init__(generator, discriminator, phases=phases, **kwargs)
        self.coarse_weight = coarse_weight
        self.l1_weight = l1_weight
        self.known_weight = known_weight
        self.adversarial_weight = adversarial_weight
        self.penalty_weight = penalty_weight
        self.gamma = gamma

    def prepare(self, batch: InpaintingBatch) -> TwoStageBatch:
        """Both stages in one call of the generator; the losses need both."""
        seed = (torch.initial_seed() + self.phases.step) % 2**63
        return self._both_stages(batch, torch.Generator().manual_seed(seed))

    def prepare_for_prediction(self, batch: InpaintingBatch) -> TwoStageBatch:
        """Run both stages."""
        return self._both_stages(batch)

    def _both_stages(
        self, batch: InpaintingBatch, random: torch.Generator | None = None
    ) -> TwoStageBatch:
        coarse, refined = self.generator(batch.masked_img, batch.mask)
        return TwoStageBatch(**vars(batch), coarse=coarse, refined=refined, random=random)

    def generate(self, batch: TwoStageBatch) -> Tensor:
        """The refined output, (N, 3, H, W) in [-1, 1]."""
        return batch.refined

    def discriminator_loss(self, batch: TwoStageBatch, output: Tensor) -> LossAndParts:
        """The critics' difference and the gradient penalty; parts, scalars before they are
        weighted, are ``critic`` and ``penalty``.
        """
        restored = batch.restored(output)
        images = torch.cat([batch.gt_img, restored])
        real, generated = self.discriminator(images, batch.mask.repeat(2, 1, 1, 1)).chunk(2)
        score = critic_loss(real, generated)
        ratio = _points_of_this_process(len(restored), batch.random).to(restored)
        penalty = gradient_penalty(
            lambda between: self.discriminator(between, batch.mask),
            batch.gt_img,
            restored,
            batch.mask,
            ratio,
        )
        return score + self.penalty_weight * penalty, dict(critic=score, penalty=penalty)

    def generator_loss(self, batch: TwoStageBatch, output: Tensor) -> LossAndParts:
        """Absolute errors of both stages, less the farther from the known pixels, and the critics'
        score; parts are scalars before they are weighted.
        """
        discount = spatial_discount(batch.mask, self.gamma)
        coarse, refined = ((stage - batch.gt_img).abs() for stage in (batch.coarse, output))
        hole = weighted_mean(coarse, discount) * self.coarse_weight + weighted_mean(
            refined, discount
        )
        known = weighted_mean(coarse, 1 - batch.mask) + weighted_mean(refined, 1 - batch.mask)
        scores = unwrapped(self.discriminator)(batch.restored(output), batch.mask)
        adversarial = -scores.float().mean(0).sum()
        total = (
            self.l1_weight * hole
            + self.known_weight * known
            + self.adversarial_weight * adversarial
        )
        return total, dict(hole=hole, known=known, adversarial=adversarial)


def _points_of_this_process(count: int, random: torch.Generator) -> Tensor:
    """Random numbers (count, 1, 1, 1) in [0, 1), others in each process."""
    rank, processes = get_dist_info()
    return torch.rand(processes * count, 1, 1, 1, generator=random).chunk(processes)[rank]
