from mmcv.transforms import BaseTransform
import numpy as np

from boostgan_plugin.options import Ratio, Size
from boostgan_plugin.registry import TRANSFORMS

from .face_renderer import ATTRIBUTES, FaceParameters, sample_face, with_attribute, with_layout

#: Differences up to this are those of the camera's noise and of shades.
_SAME = 8
#: How often an attribute is tried, 1 for all others: few holes hold enough of the hair, or a hat.
_TRIED = dict(
    Bangs=2.0,
    Black_Hair=2.0,
    Blond_Hair=3.0,
    Brown_Hair=3.0,
    Eyeglasses=2.0,
    Gray_Hair=3.0,
    Wavy_Hair=4.0,
    Wearing_Hat=4.0,
)
_ODDS = np.array([_TRIED.get(name, 1.0) for name in ATTRIBUTES])
_ODDS /= _ODDS.sum()
#: Faces whose layouts are lent: none of any split.
_OTHERS = 10**9


@TRANSFORMS.register_module()
class CounterfactualFace(BaseTransform):
    """Draws what the hole of a face would hold if one attribute, or the layout, were otherwise.

    Where a generator is told nothing but the truth it can go by what is seen beside the hole, and
    need not listen: no face is half blond. Faces that are drawn can be drawn again with an
    attribute changed, or with the proportions and expression of another face. That drawing takes
    the place of the hole, the known part stays, and the change is told. Put it after the mask. Not
    of the paper.

    Args:
        prob: that a face is changed, where its hole can show a change.
        layout_prob: that of such a face it is the layout.
        min_overlap: how much of what an attribute changes the hole has to hold.
        tries: attributes that are drawn by chance until the hole can show one.
    """

    def __init__(
        self,
        prob: Ratio = 0.5,
        layout_prob: Ratio = 0.25,
        min_overlap: Ratio = 0.4,
        tries: Size = 6,
    ) -> None:
        self.prob, self.layout_prob = prob, layout_prob
        self.min_overlap, self.tries = min_overlap, tries

    def transform(self, results: dict) -> dict:
        """Change the hole, or nothing.

        Required Keys: those of a sample of :class:`RenderedFaces`, ``mask`` (H, W).
        Modified Keys: ``img`` and, where there is one, ``gt_seg_map``, in the hole; ``gt_score``,
        where there is one.
        Added Keys: ``told_attributes`` (18,) float32, 1 = told to be there, 0 = told not to be, -1
        = not told; ``told_layout`` (1,) bool, whether the map of regions is told.
        """
        rng = np.random.default_rng(np.random.randint(2**31))
        results['told_attributes'] = np.full(len(ATTRIBUTES), -1, np.float32)
        results['told_layout'] = np.zeros(1, bool)
        if rng.random() < self.prob:
            face = sample_face(results['face'])
            if rng.random() < self.layout_prob:
                self._change_layout(results, face, rng)
            else:
                self._change_attribute(results, face, rng)
        return results

    def _change_layout(self, results: dict, face: FaceParameters, rng: np.random.Generator) -> None:
        other = sample_face(_OTHERS + int(rng.integers(_OTHERS)))
        _fill_hole(results, results['draw'](with_layout(face, other)))
        results['told_layout'][:] = True

    def _change_attribute(
        self, results: dict, face: FaceParameters, rng: np.random.Generator
    ) -> None:
        for number in rng.choice(len(ATTRIBUTES), self.tries, replace=False, p=_ODDS):
            name = ATTRIBUTES[number]
            present = not face.has(name)
            drawn = results['draw'](with_attribute(face, name, present, rng))
            if _share_inside(results, drawn) >= self.min_overlap:
                _fill_hole(results, drawn)
                results['told_attributes'][number] = present
                return


@TRANSFORMS.register_module()
class DrawAttribute(BaseTransform):
    """Draws in the hole of a face what it would hold with an attribute there, or without it.

    The known part stays: what the best restoration could look like that is told so. A face that
    is so already does not change. Put it after the mask.

    Args:
        attribute: its name.
        present: whether it is there.
    """

    def __init__(self, attribute: str, present: bool) -> None:
        self.attribute, self.present = attribute, present

    def transform(self, results: dict) -> dict:
        """Change the hole.

        Required Keys: those of a sample of :class:`RenderedFaces`, ``mask`` (H, W).
        Modified Keys: ``img`` and, where there are such, ``gt_seg_map``, both in the hole, and
        ``gt_score``.
        """
        face = sample_face(results['face'])
        if face.has(self.attribute) != self.present:
            rng = np.random.default_rng(results['face'])
            changed = with_attribute(face, self.attribute, self.present, rng)
            _fill_hole(results, results['draw'](changed))
        return results


def _share_inside(results: dict, drawn: dict) -> float:
    """How much of what differs lies in the hole; 0 where nothing does."""
    differs = np.abs(results['img'].astype(int) - drawn['img']).max(axis=2) > _SAME
    return (differs & (results['mask'] > 0)).sum() / max(differs.sum(), 1)


def _fill_hole(results: dict, drawn: dict) -> None:
    hole = results['mask'] > 0
    for key in ('img', 'gt_seg_map'):
        if key in drawn:
            results[key][hole] = drawn[key][hole]
    if 'gt_score' in drawn:
        results['gt_score'] = drawn['gt_score']
