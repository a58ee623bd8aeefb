from collections.abc import Sequence
import os

from mmengine.dataset import BaseDataset
import numpy as np

from boostgan_plugin.registry import DATASETS

from .labelled_folder import SPLITS, LabelledFolder, read_labelled_folder
from .seeding import SeededDatasetMixin


@DATASETS.register_module()
class LabelledImages(SeededDatasetMixin, BaseDataset):
    """Images of one's own, of which some have labels; see ``docs/own_data.md`` for the folder.

    Each sample starts as dict(img_path), and with ``labels`` it has ``gt_score`` (N1,) float in
    {0, 1}, the attributes, for mmpretrain; or ``seg_map_path``, for mmseg's LoadAnnotations.

    Args:
        data_root: the folder.
        split: 'train', 'val' or 'test'.
        labels: 'attributes' or 'regions', for the images that have them; None for all images.

    Raises:
        FileNotFoundError: something is missing.
        ValueError: unknown split or labels, or files that are not written as expected.
    """

    # mmseg's label maps say by this name whether their numbers begin at 1.
    reduce_zero_label = False

    def __init__(
        self,
        data_root: str,
        split: str,
        labels: str | None = None,
        pipeline: Sequence[dict] = (),
        test_mode: bool = False,
    ) -> None:
        if split not in SPLITS:
            raise ValueError(f"split='{split}' is unknown; choose one of {', '.join(SPLITS)}")
        if labels not in (None, 'attributes', 'regions'):
            raise ValueError(f"labels='{labels}' is unknown; choose 'attributes' or 'regions'")
        self._folder, self._split, self._labels = read_labelled_folder(data_root), split, labels
        classes = dict(attributes=self._folder.attributes, regions=self._folder.regions)
        super().__init__(
            data_root=data_root,
            pipeline=list(pipeline),
            test_mode=test_mode,
            metainfo=dict(classes=classes[labels]) if labels else None,
            data_prefix={},
        )

    def load_data_list(self) -> list[dict]:
        """Paths, and labels."""
        folder = self._folder
        return [self._sample(folder, image) for image in folder.labelled(self._split, self._labels)]

    def _sample(self, folder: LabelledFolder, image: str) -> dict:
        sample = dict(img_path=os.path.join(self.data_root, 'images', image))
        if self._labels == 'attributes':
            sample['gt_score'] = np.float32(folder.scores[image])
        if self._labels == 'regions':
            sample.update(
                seg_map_path=os.path.join(self.data_root, folder.maps[image]),
                seg_fields=[],
                reduce_zero_label=False,
                label_map=None,
            )
        return sample
