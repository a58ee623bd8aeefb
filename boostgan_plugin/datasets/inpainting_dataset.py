from collections.abc import Iterator, Sequence
import os

from mmengine.dataset import BaseDataset, force_full_init

from boostgan_plugin.registry import DATASETS

from .files import paths_in
from .left_out import read_left_out
from .path_list import PathList
from .seeding import SeededDatasetMixin

#: Which part of an unsplit folder belongs to which split.
_SPLIT_RANGES = {'train': (0, 0.8), 'val': (0.8, 0.9), 'test': (0.9, 1)}


@DATASETS.register_module()
class InpaintingDataset(SeededDatasetMixin, BaseDataset):
    """Unlabelled images: a folder tree, or a list file with one path a line.

    Any format that OpenCV reads. Each sample starts as dict(img_path, sample_idx); the pipeline
    loads it. Millions of paths cost little memory and workers share them.

    Args:
        data_root: the folder; paths in a list file are relative to it.
        ann_file: the list file; without it all images below ``data_root`` are taken, sorted.
        split: 'train', 'val' or 'test'. A folder with subfolders of these names is taken as it is
            split. The images of any other are split about 80 : 10 : 10 by a checksum of their
            paths, so that an image stays in its split when others come or go. Without it all
            images are taken.
        pipeline: transforms, as in any OpenMMLab data set.
        leave_out: file of :func:`~boostgan_plugin.datasets.left_out.write_left_out`: images that
            cannot be read.

    Raises:
        FileNotFoundError: the folder or the list file does not exist, or holds no image.
        PermissionError: a folder may not be read.
        ValueError: unknown split.
    """

    def __init__(
        self,
        data_root: str = '',
        ann_file: str = '',
        split: str | None = None,
        pipeline: Sequence[dict] = (),
        metainfo: dict | None = None,
        test_mode: bool = False,
        lazy_init: bool = False,
        leave_out: str | None = None,
    ) -> None:
        if split not in (None, *_SPLIT_RANGES):
            raise ValueError(
                f"split='{split}' is unknown; choose one of {', '.join(_SPLIT_RANGES)}"
            )
        self._split, self._leave_out = split, leave_out
        super().__init__(
            ann_file=ann_file,
            data_root=data_root,
            pipeline=list(pipeline),
            metainfo=metainfo,
            test_mode=test_mode,
            lazy_init=lazy_init,
            data_prefix={},
        )

    def full_init(self) -> None:
        """List the images."""
        if self._fully_initialized:
            return
        if self.ann_file and not os.path.isfile(self.ann_file):
            raise FileNotFoundError(f'list file {self.ann_file} does not exist')
        if not self.ann_file and not os.path.isdir(self.data_root):
            raise FileNotFoundError(
                f"image folder '{self.data_root}' does not exist; set it with "
                '--cfg-options data_root=FOLDER'
            )
        self._list_images()
        if self._leave_out:
            self._paths = self._paths.without(self.data_root or '', read_left_out(self._leave_out))
        if not len(self._paths):
            raise FileNotFoundError(
                f'no image in {self.ann_file or self.data_root}'
                + (f" for the split '{self._split}'" if self._split else '')
                + ': expected files such as .jpg, .png, .webp, .tif'
            )
        self._fully_initialized = True

    def _list_images(self) -> None:
        split_range = _SPLIT_RANGES.get(self._split, (0, 1))
        if self.ann_file:
            self._paths = PathList.from_file(self.ann_file, split_range)
        elif self._split and self._has_split_folders():
            self.data_root = os.path.join(self.data_root, self._split)
            if not os.path.isdir(self.data_root):
                raise FileNotFoundError(
                    f'folder {self.data_root} does not exist, although there '
                    f'are folders for other splits beside it: make one of '
                    f'{", ".join(_SPLIT_RANGES)} each'
                )
            self._paths = PathList.from_folder(self.data_root)
        else:
            self._paths = PathList.from_folder(self.data_root, split_range)

    def _has_split_folders(self) -> bool:
        return any(os.path.isdir(os.path.join(self.data_root, split)) for split in _SPLIT_RANGES)

    @property
    def paths(self) -> Iterator[str]:
        """Where the images are, and what else the samples name."""
        return (path for index in range(len(self)) for path in paths_in(self.get_data_info(index)))

    @force_full_init
    def get_data_info(self, idx: int) -> dict:
        """dict(img_path, sample_idx) of the idx-th image."""
        idx = range(len(self))[idx]
        return dict(img_path=os.path.join(self.data_root or '', self._paths[idx]), sample_idx=idx)

    def get_subset(self, indices: Sequence[int] | int) -> 'InpaintingDataset':
        """There is none.

        Raises:
            TypeError: always.
        """
        raise TypeError(
            'an InpaintingDataset has no subsets: write the images to a list file and '
            'give it as ann_file'
        )

    get_subset_ = get_subset

    @force_full_init
    def __len__(self) -> int:
        return len(self._paths)
