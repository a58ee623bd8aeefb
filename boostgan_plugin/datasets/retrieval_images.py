from collections.abc import Sequence
from pathlib import Path

from boostgan_plugin.image_files import is_image_name
from boostgan_plugin.registry import DATASETS

from .inpainting_dataset import InpaintingDataset
from .path_list import PathList

LAYOUTS = {
    'buildings': 'images anywhere below, and a *_query.txt for each query, as Oxford Buildings and '
    'Paris have them',
    'categories': 'folders named like 001.ak47, as in Caltech256',
}


@DATASETS.register_module()
class RetrievalImages(InpaintingDataset):
    """Queries or gallery of an image retrieval benchmark, for Table III of the paper.

    - 'buildings', the layout of Oxford Buildings and Paris (Philbin et al. 2007, 2008): each
      ``*_query.txt`` names a query image in its first word, with or without the prefix
      ``oxc1_``; the gallery is all images, queries included. Names listed in a ``corrupt.txt``
      (Paris has broken files) are left out.
    - 'categories', the layout of Caltech256 (Griffin et al. 2007): it defines no queries, so the
      last image of each category is taken as one; the gallery is the others. The folder of
      clutter is left out.

    For any other folder take :class:`InpaintingDataset` with its splits.

    Args:
        data_root: the benchmark's folder.
        layout: 'buildings' or 'categories'.
        role: 'query' or 'gallery'.
        pipeline: transforms, as in any OpenMMLab data set.

    Raises:
        FileNotFoundError: the folder does not exist or does not have the layout, or a query's
            image is missing.
        ValueError: unknown layout or role, or a file of names that is no text.
    """

    def __init__(
        self,
        data_root: str,
        layout: str,
        role: str,
        pipeline: Sequence[dict] = (),
        test_mode: bool = True,
    ) -> None:
        if layout not in LAYOUTS or role not in ('query', 'gallery'):
            raise ValueError(
                f"layout='{layout}', role='{role}': choose one of "
                f'{", ".join(LAYOUTS)}, and query or gallery'
            )
        if not Path(data_root).is_dir():
            raise FileNotFoundError(
                f'folder {data_root} does not exist: put there '
                f'{LAYOUTS[layout]}, or name another in the config'
            )
        self._layout, self._role = layout, role
        super().__init__(data_root, pipeline=pipeline, test_mode=test_mode)

    def _list_images(self) -> None:
        root = Path(self.data_root)
        images = [path for path in sorted(root.rglob('*')) if is_image_name(path.name)]
        split = _buildings if self._layout == 'buildings' else _categories
        queries, gallery = split(root, images)
        if not queries:
            raise FileNotFoundError(
                f'{root} is not in the layout {self._layout!r}: expected {LAYOUTS[self._layout]}'
            )
        chosen = queries if self._role == 'query' else gallery
        self._paths = PathList.from_paths(path.relative_to(root) for path in chosen)


Split = tuple[list[Path], list[Path]]


def _buildings(root: Path, images: list[Path]) -> Split:
    corrupt = {
        Path(line.strip()).stem
        for file in root.rglob('corrupt.txt')
        for line in _read_text(file).splitlines()
    }
    by_name = {path.stem: path for path in images if path.stem not in corrupt}
    queries = {}
    for file in sorted(root.rglob('*_query.txt')):
        name = Path((_read_text(file).split() or [''])[0].removeprefix('oxc1_')).stem
        if name not in by_name:
            raise FileNotFoundError(
                f'{file} names the image {name or "none"} in its first word, '
                f'which is not below {root}'
            )
        queries[name] = by_name[name]
    return list(queries.values()), list(by_name.values())


def _read_text(file: Path) -> str:
    try:
        return file.read_text()
    except UnicodeDecodeError as error:
        raise ValueError(f'{file} is no text file: {error}') from error


def _categories(root: Path, images: list[Path]) -> Split:
    folders: dict[Path, list[Path]] = {}
    for path in images:
        number, _, name = path.parent.name.partition('.')
        if number.isdigit() and name and name != 'clutter':
            folders.setdefault(path.parent, []).append(path)
    return (
        [paths[-1] for paths in folders.values()],
        [path for paths in folders.values() for path in paths[:-1]],
    )
