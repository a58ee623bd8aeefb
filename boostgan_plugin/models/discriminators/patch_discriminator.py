import torch
from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin.models.segmentation_encoding import SegmentationEncoding
from boostgan_plugin.models.semantics import Semantics
from boostgan_plugin.options import Size, Sizes, checked
from boostgan_plugin.registry import MODELS

from .multi_level_discriminator import LevelPairs

_SLOPE = 0.2


class PatchHead(nn.Module):
    """One logit for each place of a feature map: is what is seen from there real?"""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.score = nn.Conv2d(channels, 1, 3, padding=1)

    def judge(self, features: Tensor) -> Tensor:
        """Features (N, C, h, w) of images -> logits (N, 1, h, w)."""
        return self.score(features)

    def _project(self, features: Tensor, semantics: Tensor) -> Tensor:
        """Inner product of features and semantics (N, C, 1 or h, 1 or w), of unit variance."""
        return (features * semantics).sum(dim=1, keepdim=True) / features.shape[1] ** 0.5


@checked
class AttributePatchHead(PatchHead):
    """Judges features beside an attribute vector, by projection (Miyato and Koyama, ICLR 2018)."""

    def __init__(self, num_attributes: Size, channels: int) -> None:
        super().__init__(channels)
        self.num_attributes = num_attributes
        self.embedding = nn.Linear(num_attributes, channels)

    def judge(self, features: Tensor, attributes: Tensor) -> Tensor:
        """Features (N, C, h, w) of images, attributes (N, N1) in [0, 1] -> logits (N, 1, h, w)."""
        # Centred, so that what is absent says something too.
        vectors = self.embedding(2 * attributes.to(features.dtype) - 1)
        return self.score(features) + self._project(features, vectors[:, :, None, None])


@checked
class SegmentationPatchHead(PatchHead):
    """Judges features beside a segmentation map, place by place, by projection."""

    def __init__(
        self,
        num_classes: Size,
        channels: int,
        reduction: int,
        segmentation_encoding: str = 'probability',
    ) -> None:
        super().__init__(channels)
        self.segmentation_encoding = SegmentationEncoding(segmentation_encoding, num_classes)
        self.reduction = reduction
        self.embedding = nn.Conv2d(self.segmentation_encoding.channels, channels, 3, padding=1)

    def map_features(self, segmentation: Tensor) -> Tensor:
        """Maps (N, 1 or C, H, W) -> (N, channels, h, w), at the features' resolution."""
        regions = self.segmentation_encoding(segmentation)
        return self.embedding(F.avg_pool2d(regions, self.reduction))

    def judge(self, features: Tensor, map_features: Tensor) -> Tensor:
        """Features of images and of maps, both (N, C, h, w) -> logits (N, 1, h, w)."""
        return self.score(features) + self._project(features, map_features)


@MODELS.register_module()
class PatchDiscriminator(LevelPairs):
    """The discriminative network of BoostGAN+: three levels of patches on one trunk.

    Each place of the image is judged by itself (Isola et al., CVPR 2017): by what is seen (the
    overall level), beside Wa(y), and beside Ws(y), which is compared where it is finest.

    Args:
        channels: of the trunk after each halving of the resolution.
        attribute: dict(num_attributes) for the attribute level, or None.
        segmentation: dict(num_classes, segmentation_encoding) for the segmentation level, or None.
        segmentation_stage: after how many halvings maps are compared.

    Raises:
        ValueError: more halvings than there are.
    """

    def __init__(
        self,
        channels: Sizes = (48, 96, 192),
        attribute: dict | None = None,
        segmentation: dict | None = None,
        segmentation_stage: Size = 2,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        if segmentation_stage > len(channels):
            raise ValueError(
                f'segmentation_stage={segmentation_stage}, but channels={channels} '
                f'are {len(channels)} stages'
            )
        self.segmentation_stage = segmentation_stage
        self.stages = nn.ModuleList(
            nn.Sequential(nn.Conv2d(narrow, wide, 4, stride=2, padding=1), nn.LeakyReLU(_SLOPE))
            for narrow, wide in zip((3, *channels), channels)
        )
        self.overall = PatchHead(channels[-1])
        self.attribute = self.segmentation = None
        if attribute is not None:
            self.attribute = AttributePatchHead(channels=channels[-1], **attribute)
        if segmentation is not None:
            self.segmentation = SegmentationPatchHead(
                channels=channels[segmentation_stage - 1],
                reduction=2**segmentation_stage,
                **segmentation,
            )

    def stage_features(self, images: Tensor) -> list[Tensor]:
        """Images (N, 3, H, W) -> features (N, C, h, w) after each stage."""
        features = [images]
        for stage in self.stages:
            features.append(stage(features[-1]))
        return features[1:]

    def features(self, images: Tensor) -> dict[str, Tensor]:
        """One pass of the trunk."""
        return self._by_level(self.stage_features(images))

    def judge_and_match(
        self, generated: Tensor, real: Tensor, semantics: Semantics
    ) -> tuple[dict[str, Tensor], Tensor]:
        """Logits as :meth:`judge_generated`, and how far features of both images are apart.

        The distance is the mean over the stages of the mean absolute difference, relative to the
        features of the real images (feature matching, Salimans et al. 2016; Wang et al. 2018).
        """
        with torch.no_grad():
            wanted = self.stage_features(real)
        found = self.stage_features(generated)
        distance = sum(_relative_distance(*pair) for pair in zip(found, wanted)) / len(wanted)
        return self._judge(self._by_level(found), semantics), distance

    def _by_level(self, stages: list[Tensor]) -> dict[str, Tensor]:
        return dict(
            overall=stages[-1],
            attribute=stages[-1],
            segmentation=stages[self.segmentation_stage - 1],
        )


def _relative_distance(found: Tensor, wanted: Tensor) -> Tensor:
    found, wanted = found.float(), wanted.float()
    return F.l1_loss(found, wanted) / wanted.abs().mean().clamp(min=1e-6)
