from abc import abstractmethod

from mmengine.model import BaseModule
import torch
from torch import Tensor, nn

from boostgan_plugin.models.semantics import Semantics
from boostgan_plugin.registry import MODELS


class LevelPairs(BaseModule):
    """Forms and judges the pairs of equations (3)-(5), each image's features computed once.

    Subclasses build the levels ``overall``, ``attribute`` and ``segmentation``, each with a method
    ``judge``, and say what each sees of an image (:meth:`features`). A level that is None is
    neither run nor trained, and its key is absent from the logits. Where levels judge patches,
    logits are (N, 1, h, w).
    """

    overall: nn.Module
    attribute: nn.Module | None
    segmentation: nn.Module | None

    @abstractmethod
    def features(self, images: Tensor) -> dict[str, Tensor]:
        """What each level judges of images (N, 3, H, W), by its name."""

    def forward(
        self, real: Tensor, generated: Tensor, semantics: Semantics, mismatched: Semantics
    ) -> dict[str, dict[str, Tensor]]:
        """Judge all pairs.

        Args:
            real: y, (N, 3, H, W) in [-1, 1].
            generated: z, as y.
            semantics: Wa(y) and Ws(y).
            mismatched: attributes and maps of other images, row by row beside y.

        Returns:
            Logits (N, 1) as dict(overall=dict(real, generated), attribute=dict(real, generated,
            mismatched), segmentation=dict(real, generated, mismatched)).
        """
        features = self.features(torch.cat([real, generated]))
        logits = dict(
            overall=_named(('real', 'generated'), self.overall.judge(features['overall']))
        )
        if self.attribute is not None:
            logits['attribute'] = _judge_pairs(
                self.attribute, features['attribute'], semantics.attributes, mismatched.attributes
            )
        if self.segmentation is not None:
            own, other = self.segmentation.map_features(
                torch.cat([semantics.segmentation, mismatched.segmentation])
            ).chunk(2)
            logits['segmentation'] = _judge_pairs(
                self.segmentation, features['segmentation'], own, other
            )
        return logits

    def judge_generated(self, generated: Tensor, semantics: Semantics) -> dict[str, Tensor]:
        """Logits (N, 1) of z beside Wa(y) and Ws(y), for equation (6).

        Returns:
            dict(overall, attribute, segmentation), without the levels that are None.
        """
        return self._judge(self.features(generated), semantics)

    def _judge(self, features: dict[str, Tensor], semantics: Semantics) -> dict[str, Tensor]:
        logits = dict(overall=self.overall.judge(features['overall']))
        if self.attribute is not None:
            logits['attribute'] = self.attribute.judge(features['attribute'], semantics.attributes)
        if self.segmentation is not None:
            logits['segmentation'] = self.segmentation.judge(
                features['segmentation'], self.segmentation.map_features(semantics.segmentation)
            )
        return logits


@MODELS.register_module()
class MultiLevelDiscriminator(LevelPairs):
    """The discriminative network as printed: Dg, Da and Ds, matching-aware (paper III-A.2).

    Args:
        overall: config of Dg.
        attribute: config of Da, or None.
        segmentation: config of Ds, or None.
    """

    def __init__(
        self,
        overall: dict,
        attribute: dict | None = None,
        segmentation: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.overall = MODELS.build(overall)
        self.attribute = MODELS.build(attribute) if attribute else None
        self.segmentation = MODELS.build(segmentation) if segmentation else None

    def features(self, images: Tensor) -> dict[str, Tensor]:
        """Each level has a trunk of its own."""
        levels = dict(
            overall=self.overall, attribute=self.attribute, segmentation=self.segmentation
        )
        return {name: level.features(images) for name, level in levels.items() if level is not None}


def _judge_pairs(
    level: nn.Module, features: Tensor, own: Tensor, other: Tensor
) -> dict[str, Tensor]:
    """Real and generated images beside their own semantics, and the real ones beside those of
    others, equations (4) and (5), in one pass."""
    real, generated = features.chunk(2)
    logits = level.judge(torch.cat([real, generated, real]), torch.cat([own, own, other]))
    return _named(('real', 'generated', 'mismatched'), logits)


def _named(names: tuple[str, ...], logits: Tensor) -> dict[str, Tensor]:
    """The logits of pairs that went through a level together, each kind by its name."""
    return dict(zip(names, logits.chunk(len(names)), strict=True))
