from collections.abc import Sequence
from typing import NamedTuple

from mmengine.dataset import BaseDataset

from boostgan_plugin.options import Size
from boostgan_plugin.registry import DATASETS

from .face_renderer import (
    ATTRIBUTES,
    PART_PALETTE,
    PARTS,
    REGION_PALETTE,
    REGIONS,
    FaceParameters,
    Portrait,
    draw_face,
    render_face,
)
from .seeding import SeededDatasetMixin


class Split(NamedTuple):
    """A range of face indices and the kinds of label that it carries."""

    start: int
    labels: frozenset[str]


_ROOM = 1_000_000
#: Kinds of region maps: what their classes are called, and their colours.
_MAPS = dict(parts=(PARTS, PART_PALETTE), regions=(REGIONS, REGION_PALETTE))
_ALL = frozenset({'attributes', *_MAPS})

#: Disjoint index ranges. As in the paper (section III), the inpainting set d0 has no labels and
#: the labelled sets d1 and d2 hold other faces. Networks that judge restorations learn from faces
#: that none of the judged has seen.
SPLITS = {
    'd0': Split(0 * _ROOM, frozenset()),
    'd1': Split(1 * _ROOM, frozenset({'attributes'})),
    'd2': Split(2 * _ROOM, frozenset(_MAPS)),
    'val': Split(3 * _ROOM, _ALL),
    'test': Split(4 * _ROOM, _ALL),
    'judge': Split(5 * _ROOM, _ALL),
    'both': Split(6 * _ROOM, _ALL),
}


@DATASETS.register_module()
class RenderedFaces(SeededDatasetMixin, BaseDataset):
    """Portraits drawn by the package itself, the same for an index everywhere, with exact labels.

    Each sample is a dict as OpenMMLab loading transforms leave it: ``img`` (size, size, 3) uint8
    BGR, and as asked for by ``labels``: ``gt_score`` (18,) float in {0, 1}, the attributes named
    as in CelebA, for mmpretrain; ``gt_seg_map`` (size, size) uint8, the 11 part classes of Helen,
    or these, eyeglasses and hats, for mmseg. Pipelines therefore need no loading step. ``face`` is
    its number, and ``draw`` draws other faces alike, for :class:`CounterfactualFace`.

    Args:
        split: 'd0' (inpainting, no labels), 'd1' (attributes), 'd2' (region maps), 'val', 'test',
            or 'judge', to train networks for evaluation, or 'both', to train a network for regions
            that is told attributes.
        length: number of faces, at most a million.
        size: side in pixels.
        labels: 'attributes', and one of 'parts' (11 classes) and 'regions' (13: hats and the
            frames of glasses, too); or either, or none.
        keep: keep each drawn face in memory, one copy in each data loader worker.

    Raises:
        ValueError: unknown split, too many faces, labels that the split does not carry, or two
            kinds of region maps.
    """

    def __init__(
        self,
        split: str,
        length: Size,
        size: Size = 64,
        labels: Sequence[str] = (),
        keep: bool = False,
        pipeline: Sequence[dict] = (),
        test_mode: bool = False,
    ) -> None:
        _check(split, length, labels)
        self._start, self._length, self._size = SPLITS[split].start, length, size
        self._labels = frozenset(labels)
        self._kept: dict[int, Portrait] | None = {} if keep else None
        super().__init__(
            pipeline=list(pipeline),
            metainfo=_metainfo(self._labels),
            test_mode=test_mode,
            data_prefix={},
            serialize_data=False,
        )

    def load_data_list(self) -> list[dict]:
        """The face indices."""
        return [dict(face=self._start + i) for i in range(self._length)]

    def get_data_info(self, idx: int) -> dict:
        """Draw the idx-th face."""
        info = super().get_data_info(idx)
        labelled = self._labelled(self._render(info['face']))
        return dict(
            info,
            **labelled,
            img_path=f'rendered face {info["face"]}',
            img_shape=(self._size,) * 2,
            ori_shape=(self._size,) * 2,
            seg_fields=['gt_seg_map'] if 'gt_seg_map' in labelled else [],
            draw=self._draw,
        )

    def _draw(self, parameters: FaceParameters) -> dict:
        """Any face, with image and labels as those of this data set."""
        return self._labelled(draw_face(parameters, self._size))

    def _labelled(self, face: Portrait) -> dict:
        labelled = dict(img=face.image.copy())
        if 'attributes' in self._labels:
            labelled['gt_score'] = face.attributes.astype('float32')
        if kind := self._labels & _MAPS.keys():
            labelled['gt_seg_map'] = getattr(face, *kind).copy()
        return labelled

    def _render(self, face: int) -> Portrait:
        if self._kept is None:
            return render_face(face, self._size)
        if face not in self._kept:
            self._kept[face] = render_face(face, self._size)
        return self._kept[face]


def _check(split: str, length: int, labels: Sequence[str]) -> None:
    if split not in SPLITS:
        raise ValueError(f"split='{split}' is unknown; choose one of {', '.join(SPLITS)}")
    if not 0 < length <= _ROOM:
        raise ValueError(f'length={length}: a split holds 1 to {_ROOM} faces')
    missing = set(labels) - SPLITS[split].labels
    if missing:
        carried = ', '.join(sorted(SPLITS[split].labels)) or 'no labels'
        raise ValueError(
            f"split '{split}' does not carry {', '.join(sorted(missing))}; it carries {carried}"
        )
    if set(labels) >= _MAPS.keys():
        raise ValueError("labels: a pixel has one label; ask for 'parts' or for 'regions'")


def _metainfo(labels: frozenset[str]) -> dict:
    """mmseg and mmpretrain both look for ``classes``, each for its own labels."""
    info = dict(attributes=ATTRIBUTES, parts=PARTS, regions=REGIONS)
    if kind := labels & _MAPS.keys():
        classes, palette = _MAPS[next(iter(kind))]
        info.update(classes=classes, palette=palette)
    elif labels:
        info.update(classes=ATTRIBUTES)
    return info
