"""Wasserstein GAN with gradient penalty (Gulrajani et al. 2017), for critics that see a hole."""

from collections.abc import Callable

import torch
from torch import Tensor

from .precision import at_least_float32


def critic_loss(real: Tensor, generated: Tensor) -> Tensor:
    """E[D(generated)] - E[D(real)], summed over the critics; scores (N, K)."""
    return at_least_float32(generated - real).mean(0).sum()


def gradient_penalty(
    critic: Callable[[Tensor], Tensor], real: Tensor, generated: Tensor, mask: Tensor, ratio: Tensor
) -> Tensor:
    """E[(||grad D(x) * mask|| - 1)^2], summed over the critics, x on the line between the two.

    Only the gradient in the hole counts, as only the hole can be filled (Yu et al. 2018, eq. 3).
    Computed without autocast: it is differentiated twice.

    Args:
        critic: images (N, 3, H, W) -> scores (N, K).
        real: (N, 3, H, W).
        generated: as real.
        mask: (N, 1, H, W), 1 = hole.
        ratio: where on the line, (N, 1, 1, 1) in [0, 1], to be drawn at random.
    """
    between = torch.lerp(real.detach(), generated.detach(), ratio).requires_grad_()
    penalties = []
    with torch.autocast(real.device.type, enabled=False):
        for score in critic(between).unbind(1):
            (gradient,) = torch.autograd.grad(score.sum(), between, create_graph=True)
            norm = (gradient * mask).flatten(1).norm(dim=1)
            penalties.append(((norm - 1) ** 2).mean())
    return torch.stack(penalties).sum()
