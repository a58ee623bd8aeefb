from collections.abc import Sequence

import torch
from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin.registry import MODELS

from .precision import at_least_float32


@MODELS.register_module()
class SemanticPerceptualLoss(nn.Module):
    """How far restored images are from the whole ones to the eyes of the frozen Wa and Ws.

    A perceptual distance (Zhang et al., CVPR 2018) in networks that are there anyway: they were
    pretrained on images of this kind, for what matters in them.

    Args:
        attribute: layers of Wa's network, in the order in which they run; none leaves Wa out.
        segmentation: layers of Ws's.

    Raises:
        ValueError: no layer at all.
    """

    def __init__(self, attribute: Sequence[str] = (), segmentation: Sequence[str] = ()) -> None:
        super().__init__()
        if not (attribute or segmentation):
            raise ValueError("no layer to compare: name some of Wa's or of Ws's network")
        self.layers = dict(attribute=tuple(attribute), segmentation=tuple(segmentation))

    def forward(
        self, embedders: dict[str, nn.Module], restored: Tensor, target: Tensor, mask: Tensor
    ) -> Tensor:
        """The mean over the layers of :func:`feature_distance`, per hole.

        Args:
            embedders: Wa and Ws as ``attribute`` and ``segmentation``.
            restored: (N, 3, H, W) in [-1, 1].
            target: as restored.
            mask: (N, 1, H, W), 1 = hole.
        """
        distances = []
        for name, layers in self.layers.items():
            if layers:
                with torch.no_grad():
                    wanted = embedders[name].features(target, layers)
                found = embedders[name].features(restored, layers)
                distances += [feature_distance(*pair) for pair in zip(found, wanted)]
        # Only the hole differs: without this, small holes would hardly count.
        return torch.stack(distances).mean() / mask.mean().clamp(min=1e-3)


def feature_distance(first: Tensor, second: Tensor) -> Tensor:
    """The mean of :func:`feature_differences` over images and places."""
    return feature_differences(first, second).mean()


def feature_differences(first: Tensor, second: Tensor) -> Tensor:
    """Squared difference of features (N, C, h, w) of unit length at each place, (N, 1, h, w)."""
    first, second = (F.normalize(at_least_float32(each), dim=1) for each in (first, second))
    return (first - second).square().sum(dim=1, keepdim=True)
