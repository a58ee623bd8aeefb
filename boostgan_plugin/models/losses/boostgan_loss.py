from collections.abc import Mapping

from torch import Tensor, nn

from boostgan_plugin.registry import MODELS

from .adversarial import negative_pair_loss, positive_pair_loss
from .reconstruction import RECONSTRUCTIONS

Parts = dict[str, Tensor]


@MODELS.register_module()
class BoostGANLoss(nn.Module):
    """The composite loss of BoostGAN, from logits (paper III-B, equations 2-6).

    Discriminators: L_D = L_Dg + λa L_Da + λs L_Ds. Generator: L_I = reconstruction
    - β (log Dg + λa log Da + λs log Ds). A branch with λ = 0 has no logits.

    Args:
        lambda_attribute: λa.
        lambda_segmentation: λs.
        beta: β, weight of the adversarial terms.
        reconstruction: 'mse', the mean squared difference, or 'norm', the per-image l2 norm as
            printed; beside the norm of a 256 px image β = 0.01 would vanish.

    Raises:
        ValueError: a negative weight, an unknown reconstruction, or logits that do not fit the
            branches.
    """

    def __init__(
        self,
        lambda_attribute: float = 0.1,
        lambda_segmentation: float = 0.1,
        beta: float = 0.01,
        reconstruction: str = 'mse',
    ) -> None:
        super().__init__()
        if min(lambda_attribute, lambda_segmentation, beta) < 0:
            raise ValueError('lambda_attribute, lambda_segmentation and beta must not be negative')
        if reconstruction not in RECONSTRUCTIONS:
            raise ValueError(
                f"reconstruction='{reconstruction}' is unknown; "
                f'choose one of {", ".join(RECONSTRUCTIONS)}'
            )
        weights = dict(overall=1.0, attribute=lambda_attribute, segmentation=lambda_segmentation)
        self.weights = {level: weight for level, weight in weights.items() if weight > 0}
        self.beta = beta
        self.reconstruction = reconstruction

    def discriminator(self, logits: Mapping[str, Mapping[str, Tensor]]) -> tuple[Tensor, Parts]:
        """Equations (2)-(5).

        Args:
            logits: dict(overall=dict(real, generated), attribute=dict(real, generated,
                mismatched), segmentation=dict(real, generated, mismatched)), each (N, 1).

        Returns:
            L_D, and its parts before weighting, detached: L_Dg, L_Da, L_Ds by level.
        """
        self._check_levels(logits)
        parts = {}
        for level in self.weights:
            pairs = dict(logits[level])
            parts[level] = positive_pair_loss(pairs.pop('real')) + sum(
                negative_pair_loss(pair) for pair in pairs.values()
            )
        return self._weigh(parts), detached(parts)

    def generator(
        self, output: Tensor, target: Tensor, logits: Mapping[str, Tensor]
    ) -> tuple[Tensor, Parts]:
        """Equation (6).

        Args:
            output: z, (N, 3, H, W) in [-1, 1].
            target: y, as z.
            logits: dict(overall, attribute, segmentation) of z beside Wa(y), Ws(y), each (N, 1).

        Returns:
            L_I, and its parts before weighting, detached: reconstruction and -E[log D] by level.
        """
        self._check_levels(logits)
        distance = RECONSTRUCTIONS[self.reconstruction](output, target)
        parts = self.adversarial(logits)
        total = distance + self.beta * self._weigh(parts)
        return total, detached(dict(reconstruction=distance, **parts))

    def adversarial(self, logits: Mapping[str, Tensor]) -> Parts:
        """-E[log D] of each level, from the logits of generated images."""
        return {level: positive_pair_loss(logits[level]) for level in self.weights}

    def _weigh(self, parts: Parts) -> Tensor:
        return sum(weight * parts[level] for level, weight in self.weights.items())

    def _check_levels(self, logits: Mapping) -> None:
        if set(logits) != set(self.weights):
            raise ValueError(
                f'logits of {sorted(logits)}, but the branches with λ > 0 are '
                f'{sorted(self.weights)}'
            )


def detached(parts: Parts) -> Parts:
    """What is logged of the parts of a loss."""
    return {name: part.detach() for name, part in parts.items()}
