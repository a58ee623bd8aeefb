from mmengine.model import BaseModule
import torch
from torch import Tensor

from boostgan_plugin.models.semantics import Semantics
from boostgan_plugin.registry import MODELS


@MODELS.register_module()
class MultiLevelDiscriminator(BaseModule):
    """The discriminative network: Dg, Da and Ds, matching-aware (paper III-A.2).

    A level that is None is neither run nor trained, and its key is absent from the logits.

    Args:
        overall: config of Dg.
        attribute: config of Da, or None.
        segmentation: config of Ds, or None.
    """

    def __init__(self,
                 overall: dict,
                 attribute: dict | None = None,
                 segmentation: dict | None = None,
                 init_cfg: dict | None = None) -> None:
        super().__init__(init_cfg)
        self.overall = MODELS.build(overall)
        self.attribute = MODELS.build(attribute) if attribute else None
        self.segmentation = MODELS.build(segmentation) if segmentation else None

    def forward(self, real: Tensor, generated: Tensor, semantics: Semantics,
                mismatched: Semantics) -> dict[str, dict[str, Tensor]]:
        """Judge all pairs of equations (3)-(5); each image passes a trunk once.

        Args:
            real: y, (N, 3, H, W) in [-1, 1].
            generated: z, as y.
            semantics: Wa(y) and Ws(y).
            mismatched: attributes and maps of other images, row by row beside y.

        Returns:
            Logits (N, 1) as dict(overall=dict(real, generated), attribute=dict(real, generated,
            mismatched), segmentation=dict(real, generated, mismatched)).
        """
        images = torch.cat([real, generated])
        logits = dict(overall=_split(self.overall(images), 'real', 'generated'))
        pairs = ('real', 'generated', 'mismatched')
        if self.attribute is not None:
            features = _with_real_again(self.attribute.features(images))
            vectors = torch.cat(
                [semantics.attributes, semantics.attributes, mismatched.attributes])
            logits['attribute'] = _split(self.attribute.judge(features, vectors), *pairs)
        if self.segmentation is not None:
            features = _with_real_again(self.segmentation.image_features(images))
            own, other = self.segmentation.map_features(
                torch.cat([semantics.segmentation, mismatched.segmentation])).chunk(2)
            logits['segmentation'] = _split(
                self.segmentation.judge(features, torch.cat([own, own, other])), *pairs)
        return logits

    def judge_generated(self, generated: Tensor, semantics: Semantics) -> dict[str, Tensor]:
        """Logits (N, 1) of z beside Wa(y) and Ws(y), for equation (6).

        Returns:
            dict(overall, attribute, segmentation), without the levels that are None.
        """
        logits = dict(overall=self.overall(generated))
        if self.attribute is not None:
            logits['attribute'] = self.attribute(generated, semantics.attributes)
        if self.segmentation is not None:
            logits['segmentation'] = self.segmentation(generated, semantics.segmentation)
        return logits


def _with_real_again(features: Tensor) -> Tensor:
    """(real, generated) -> (real, generated, real): the third pair has real images again."""
    return torch.cat([features, features[:len(features) // 2]])


def _split(logits: Tensor, *names: str) -> dict[str, Tensor]:
    return dict(zip(names, logits.chunk(len(names)), strict=True))
