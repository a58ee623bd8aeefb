from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from boostgan_plugin.models.counted_steps import CountedSteps
from boostgan_plugin.registry import MODELS

from .boostgan_loss import BoostGANLoss, Parts, detached
from .precision import at_least_float32
from .reconstruction import weighted_mean


@MODELS.register_module()
class BoostGANPlusLoss(CountedSteps, BoostGANLoss):
    """The composite loss of BoostGAN+, from logits and distances.

    Discriminators: as printed (:class:`BoostGANLoss`), with the gradient penalty R1 (Mescheder et
    al., ICML 2018) at every ``r1_interval``-th step, then for all of them (Karras et al., CVPR
    2020). Generator: mean absolute difference, weighted to the hole, the non-saturating adversarial
    terms, and the distance between features of the discriminators and of the frozen networks.

    Args:
        lambda_attribute: λa.
        lambda_segmentation: λs.
        beta: β, weight of the adversarial terms.
        known: weight of a known pixel beside one in the hole; the known ones are not delivered, but
            they are easy to learn from.
        feature_matching: weight of the distance in the discriminators' features.
        semantic: weight of the distance in features of Wa and Ws.
        r1: weight of the penalty, γ / 2 of the source; 0 for none.
        r1_interval: steps from one penalty to the next.

    Raises:
        ValueError: a negative weight, or logits that do not fit the branches.
    """

    def __init__(
        self,
        lambda_attribute: float = 1.0,
        lambda_segmentation: float = 1.0,
        beta: float = 0.05,
        known: float = 0.1,
        feature_matching: float = 1.0,
        semantic: float = 0.2,
        r1: float = 0.05,
        r1_interval: int = 16,
    ) -> None:
        super().__init__(lambda_attribute, lambda_segmentation, beta)
        if min(known, feature_matching, semantic, r1) < 0 or r1_interval < 1:
            raise ValueError(
                'known, feature_matching, semantic and r1 must not be negative, and '
                'r1_interval at least 1'
            )
        self.known = known
        self.distances = dict(feature_matching=feature_matching, semantic=semantic)
        self.r1 = r1
        self.r1_interval = r1_interval

    def generator(
        self,
        output: Tensor,
        target: Tensor,
        logits: Mapping[str, Tensor],
        mask: Tensor,
        distances: Mapping[str, Tensor],
    ) -> tuple[Tensor, Parts]:
        """The generator's loss.

        Args:
            output: z, (N, 3, H, W) in [-1, 1].
            target: y, as z.
            logits: dict(overall, attribute, segmentation) of the restored image beside Wa(y),
                Ws(y), each (N, 1, h, w).
            mask: (N, 1, H, W), 1 = hole.
            distances: dict(feature_matching, semantic), without those of weight 0.

        Returns:
            The total, and its parts before weighting, detached.
        """
        self._check_levels(logits)
        parts = dict(
            reconstruction=hole_weighted_l1(output, target, mask, self.known),
            **self.adversarial(logits),
            **distances,
        )
        total = (
            parts['reconstruction']
            + self.beta * self._weigh(parts)
            + sum(self.distances[name] * distance for name, distance in distances.items())
        )
        return total, detached(parts)

    def penalty_is_due(self) -> bool:
        """Whether this step of the discriminators is one with a penalty; to be asked at each."""
        due = bool(self.r1) and self.step % self.r1_interval == 0
        self.step += 1
        return due

    def penalty(self, judge: Callable[[Tensor], Mapping[str, Tensor]], real: Tensor) -> Tensor:
        """R1: the squared gradient of the weighted logits at real images, for a whole interval.

        Computed without autocast, as it is differentiated twice.

        Args:
            judge: images (N, 3, H, W) -> logits by level.
            real: y, (N, 3, H, W).
        """
        real = real.detach().requires_grad_()
        with torch.autocast(real.device.type, enabled=False):
            logits = judge(real)
            score = sum(
                weight * logits[level].mean((1, 2, 3)).sum()
                for level, weight in self.weights.items()
            )
            (gradient,) = torch.autograd.grad(score, real, create_graph=True)
        return self.r1 * self.r1_interval * gradient.square().flatten(1).sum(dim=1).mean()


def hole_weighted_l1(output: Tensor, target: Tensor, mask: Tensor, known: float) -> Tensor:
    """Mean of |z - y| over the batch, a known pixel counting ``known`` times as one in the hole.

    Args:
        output: z, (N, 3, H, W).
        target: y, as z.
        mask: (N, 1, H, W), 1 = hole.
    """
    return weighted_mean((at_least_float32(output) - target).abs(), mask + known * (1 - mask))
