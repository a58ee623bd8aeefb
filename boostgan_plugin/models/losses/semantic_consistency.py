from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin.registry import MODELS

from .reconstruction import weighted_mean

Logits = tuple[Tensor, Tensor]


def smoothed(images: Tensor) -> Tensor:
    """Images (N, C, H, W) without detail finer than two pixels.

    A frozen network can be talked into anything by patterns of single pixels; what it shall read
    must be there in this, too.
    """
    return F.interpolate(F.avg_pool2d(images, 2, ceil_mode=True), images.shape[2:],
                         mode='bilinear')


@MODELS.register_module()
class SemanticConsistencyLoss(nn.Module):
    """What Wa and Ws read off the restored image shall be what they read off the whole one.

    Not of the paper. Where the generator is told what the hole held (see
    :class:`~boostgan_plugin.models.semantics.Teller`), this makes it do so where few pixels depend
    on it and the reconstruction hardly asks. Least where the readings are the same: both have to be
    of images that are :func:`smoothed`.

    Args:
        attribute: weight of the binary cross entropy of the attributes.
        segmentation: weight of the cross entropy of the regions, over the hole.
    """

    def __init__(self, attribute: float, segmentation: float) -> None:
        super().__init__()
        self.attribute = attribute
        self.segmentation = segmentation

    def forward(self, restored: Logits, original: Logits, mask: Tensor
                ) -> tuple[Tensor, dict[str, Tensor]]:
        """The weighted sum, and its parts before weighting, detached.

        Args:
            restored: what is read off the restored images: logits (N, N1) of the attributes and
                (N, C, H, W) of the regions.
            original: the same of the whole images, without gradients.
            mask: (N, 1, H, W), 1 = hole.
        """
        attributes, regions = restored
        true_attributes, true_regions = original
        read = F.binary_cross_entropy_with_logits(attributes, true_attributes.sigmoid())
        read_regions = weighted_mean(
            F.cross_entropy(regions, true_regions.softmax(1), reduction='none')[:, None], mask)
        total = self.attribute * read + self.segmentation * read_regions
        return total, dict(attribute_read=read.detach(), segmentation_read=read_regions.detach())
