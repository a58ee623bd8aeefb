from mmcv.transforms import BaseTransform
import numpy as np

from boostgan_plugin.options import Ratio, Size
from boostgan_plugin.registry import TRANSFORMS

from .face_renderer import ATTRIBUTES, FaceParameters, sample_face, with_attribute

#: Differences up to this are those of the camera's noise and of shades.
_SAME = 8


@TRANSFORMS.register_module()
class CounterfactualFace(BaseTransform):
    """Draws what the hole of a face would hold if one attribute were otherwise.

    Where a generator is told nothing but the truth it can go by what is seen beside the hole, and
    need not listen: no face is half blond. Faces that are drawn can be drawn again with an
    attribute changed. That drawing takes the place of the hole, the known part stays, and the
    change is told. Put it after the mask. Not of the paper.

    Args:
        prob: that a face is changed, where its hole can show a change.
        min_overlap: how much of what a change changes the hole has to hold.
        tries: attributes that are drawn by chance until the hole can show one.
    """

    def __init__(self, prob: Ratio = 0.4, min_overlap: Ratio = 0.4, tries: Size = 6) -> None:
        self.prob, self.min_overlap, self.tries = prob, min_overlap, tries

    def transform(self, results: dict) -> dict:
        """Change the hole, or nothing.

        Required Keys: those of a sample of :class:`RenderedFaces`, ``mask`` (H, W).
        Modified Keys: ``img`` and, where there is one, ``gt_seg_map``, in the hole; ``gt_score``,
        where there is one.
        Added Keys: ``told_attributes`` (18,) float32, 1 = told to be there, 0 = told not to be, -1
        = not told.
        """
        rng = np.random.default_rng(np.random.randint(2**31))
        told = np.full(len(ATTRIBUTES), -1, np.float32)
        if rng.random() < self.prob:
            self._change(results, told, rng)
        results['told_attributes'] = told
        return results

    def _change(self, results: dict, told: np.ndarray, rng: np.random.Generator) -> None:
        face = sample_face(results['face'])
        hole = results['mask'].astype(bool)
        for attribute in rng.choice(len(ATTRIBUTES), self.tries, replace=False):
            changed = _with_the_opposite(face, attribute, rng)
            drawn = results['draw'](changed)
            if _share_inside(results['img'], drawn['img'], hole) < self.min_overlap:
                continue
            told[attribute] = changed.attribute_vector()[attribute]
            for key in ('img', 'gt_seg_map'):
                if key in drawn:
                    results[key][hole] = drawn[key][hole]
            if 'gt_score' in drawn:
                results['gt_score'] = drawn['gt_score']
            return


def _with_the_opposite(
    face: FaceParameters, attribute: int, rng: np.random.Generator
) -> FaceParameters:
    name = ATTRIBUTES[attribute]
    return with_attribute(face, name, not face.has(name), rng)


def _share_inside(image: np.ndarray, other: np.ndarray, hole: np.ndarray) -> float:
    """How much of what differs lies in the hole; 0 where nothing does."""
    differs = np.abs(image.astype(int) - other).max(axis=2) > _SAME
    return (differs & hole).sum() / max(differs.sum(), 1)
