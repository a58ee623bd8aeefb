from collections.abc import Mapping

from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin.options import Weight
from boostgan_plugin.registry import MODELS

from .reconstruction import weighted_mean


def low_pass(images: Tensor) -> Tensor:
    """Images (N, C, H, W) without detail finer than two pixels.

    A frozen network can be talked into anything by patterns of single pixels; what it shall read
    must be there in this, too.
    """
    return F.interpolate(F.avg_pool2d(images, 2, ceil_mode=True), images.shape[2:], mode='bilinear')


@MODELS.register_module()
class SemanticConsistencyLoss(nn.Module):
    """What Wa and Ws read off the restored image shall be what they read off the whole one.

    Not of the paper. Where the generator is told what the hole held (see
    :class:`~boostgan_plugin.models.semantics.TeacherForcing`), this makes it do so where few pixels
    depend on it and the reconstruction hardly asks. Least where the predictions are the same: both
    have to be of images that are smoothed by :func:`low_pass`.

    Args:
        attribute: weight of the binary cross entropy of the attributes.
        segmentation: weight of the cross entropy of the regions, over the hole. What has no weight
            is not read.
    """

    def __init__(self, attribute: Weight = 0.0, segmentation: Weight = 0.0) -> None:
        super().__init__()
        weights = dict(attribute=attribute, segmentation=segmentation)
        self.weights = {name: weight for name, weight in weights.items() if weight}

    def forward(
        self, restored: Mapping[str, Tensor], original: Mapping[str, Tensor], mask: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The weighted sum, and its parts before weighting, detached.

        Args:
            restored: what is read off the restored images, as far as it has a weight: logits
                (N, N1) of the attributes and (N, C, H, W) of the regions by ``attribute`` and
                ``segmentation``.
            original: the same of the whole images, without gradients.
            mask: (N, 1, H, W), 1 = hole.
        """
        parts = {}
        if 'attribute' in self.weights:
            parts['attribute'] = F.binary_cross_entropy_with_logits(
                restored['attribute'], original['attribute'].sigmoid()
            )
        if 'segmentation' in self.weights:
            errors = F.cross_entropy(
                restored['segmentation'], original['segmentation'].softmax(1), reduction='none'
            )
            parts['segmentation'] = weighted_mean(errors[:, None], mask)
        total = sum(weight * parts[name] for name, weight in self.weights.items())
        return total, {f'{name}_read': part.detach() for name, part in parts.items()}
