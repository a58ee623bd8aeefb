"""From photographs, holes and what is told of them to restored photographs, without PyTorch.

The inferencer and tools/inpaint.py are two ways to call it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any, TypeGuard, cast

import numpy as np

from boostgan_plugin.image_files import (
    IMAGE_EXTENSIONS,
    OTHER_IMAGES,
    WRITABLE_EXTENSIONS,
    list_images,
    list_others,
)
from boostgan_plugin.visualization import attribute_line, restoration_image

from .backends import DETAILS, InferenceBackend
from .edits import (
    AttributeEdits,
    SegmentationEdits,
    attribute_vector,
    number_of,
    segmentation_map,
)
from .images import open_image, save_image, to_bytes
from .masks import MaskSource, fading, grown, is_box, match_masks, read_mask, warn_if_inverted
from .restoration import InpaintRequest, InpaintResult, restore

#: An image: a file or an array (H, W) or (H, W, C), RGB.
ImageSource = str | Path | np.ndarray


@dataclass(frozen=True)
class Finish:
    """What is done around the model.

    ``detail``: where the fine detail of large holes comes from, 'off' or 'patches', known patches
    of the photograph; None: as the model is meant to be used. ``grow``: by so many pixels holes are
    larger than their masks, for shadows and halos. ``blend``: over a band of so many pixels around
    the hole what is restored fades into what was there; 0 leaves all outside the hole as it is, bit
    for bit.

    Raises:
        ValueError: an unknown source of detail, or no whole number of pixels.
    """

    detail: str | None = None
    grow: int = 0
    blend: int = 0

    def __post_init__(self) -> None:
        if self.detail not in (None, *DETAILS):
            raise ValueError(f'detail={self.detail!r} is unknown; choose {" or ".join(DETAILS)}')
        for name in ('grow', 'blend'):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 0:
                raise ValueError(
                    f'{name}={value!r} is no number of pixels: give a whole number, 0 or more'
                )


class PhotoInpainter:
    """Reads photographs, restores them and writes them.

    Args:
        backend: what fills holes at the model's scale.
        finish: what is done around it; default nothing but what the model asks for.
    """

    def __init__(self, backend: InferenceBackend, finish: Finish | None = None) -> None:
        self.backend = backend
        self.finish = finish or Finish()

    @property
    def detail(self) -> str:
        """Where fine detail comes from, 'off' or 'patches'."""
        return self.finish.detail or self.backend.info.detail

    @property
    def attributes(self) -> tuple[str, ...]:
        """The names of attributes that can be told; none for models that read none."""
        return self.backend.info.attributes

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of regions that can be told, in the order of their numbers."""
        return self.backend.info.classes

    def check_edits(
        self,
        attributes: AttributeEdits | None = None,
        segmentation: SegmentationEdits | None = None,
    ) -> None:
        """Raise what :meth:`requests` would raise, as far as no image is needed for it.

        Raises:
            ValueError: an unknown attribute or region, or a value that is none.
        """
        attribute_vector(attributes, self.attributes)
        for region in segmentation if isinstance(segmentation, Mapping) else ():
            number_of(region, self.classes, 'region')

    def requests(
        self,
        images: Sequence[ImageSource],
        mask: MaskSource | Sequence[MaskSource] | None,
        attributes: AttributeEdits | None = None,
        segmentation: SegmentationEdits | None = None,
        out: str | Path | None = None,
    ) -> Iterator[InpaintRequest]:
        """What there is to do, one task for each image, which is read when its turn comes.

        The arguments are those of a call of :class:`~boostgan_plugin.apis.InpaintingInferencer`;
        what is wrong with them all is raised at once, with an image when its turn comes.

        Raises:
            FileNotFoundError: an image or a mask is not there.
            ValueError: an image, mask or edit is not as described, or a result would overwrite
                what was given.
            TypeError: an image or a mask is neither path nor array.
        """
        targets: Iterable[Path | None] = repeat(None, len(images))
        if out is not None:
            targets = files = targets_of(images, Path(out))
            refuse_overwriting(files, (images, mask, segmentation))
        override = attribute_vector(attributes, self.attributes)
        masks = _masks_of(images, mask)

        def request(
            number: int, image: ImageSource, hole: MaskSource, target: Path | None
        ) -> InpaintRequest:
            loaded = open_image(image, f'image {number}')
            missing = read_mask(hole, loaded.size, loaded.name)
            warn_if_inverted(missing, f'the mask of {loaded.name}')
            regions = segmentation_map(segmentation, self.classes, loaded.size, loaded.name)
            missing = grown(missing, self.finish.grow)
            band = self.finish.blend
            return InpaintRequest(
                loaded,
                grown(missing, band),
                override,
                regions,
                target,
                fading(missing, band) if band else None,
            )

        return (
            request(number, *given)
            for number, given in enumerate(zip(images, masks, targets, strict=True))
        )

    def restore(
        self, requests: Sequence[InpaintRequest], show_semantics: bool = False
    ) -> list[InpaintResult]:
        """Restore images together, and write those that have a target.

        Args:
            show_semantics: also give what was read.

        Raises:
            ValueError: the model cannot restore them, or a file cannot hold the result.
        """
        restored = list(restore(requests, self.backend, show_semantics, self.detail))
        for request, done in zip(requests, restored):
            if request.target is not None:
                save_image(done.image, request.target)
        return restored

    def draw(self, image: ImageSource, done: InpaintResult) -> np.ndarray:
        """Before and after, and between them what was read, if anything: (H, W, 3) uint8 RGB."""
        images = to_bytes(open_image(image).pixels), to_bytes(done.image.pixels), done.hole
        if done.semantics is None:
            return restoration_image(*images)
        return restoration_image(
            *images,
            done.semantics.segmentation,
            len(self.classes),
            attribute_line(done.semantics.attributes, self.attributes),
        )


def images_in(folder: Path) -> list[Path]:
    """The image files in a folder, sorted.

    Raises:
        FileNotFoundError: it holds none.
    """
    images = list_images(folder)
    if not images:
        unread = ', '.join(path.name for path in unread_in(folder)[:4])
        raise FileNotFoundError(
            f'{folder} holds no images' + (f' that can be read ({unread})' if unread else '')
        )
    return images


def unread_in(folder: Path) -> list[Path]:
    """The images in a folder that :func:`images_in` leaves out: other formats, and links that
    lead nowhere."""
    return [
        path
        for path in list_others(folder)
        if path.suffix.lower() in OTHER_IMAGES | IMAGE_EXTENSIONS
    ]


def targets_of(images: Sequence[ImageSource], out: Path, is_folder: bool = False) -> list[Path]:
    """Where each restored image is written; arrays are numbered, and what is of a format that does
    not hold known pixels as they are, such as GIF, becomes a PNG file.

    Args:
        is_folder: ``out`` is meant to be a folder, however many images there are.

    Raises:
        ValueError: one file for several images, two results of one name, an ending that cannot be
            written, or a folder of which not even the place is there.
    """
    suffix = out.suffix.lower()
    if not out.is_dir():
        if suffix in IMAGE_EXTENSIONS - WRITABLE_EXTENSIONS or (
            suffix and len(images) == 1 and not is_folder and suffix not in WRITABLE_EXTENSIONS
        ):
            raise ValueError(
                f'{out}: {suffix} cannot be written without changing known pixels, or '
                f'not at all. Endings that can: '
                f'{", ".join(sorted(WRITABLE_EXTENSIONS))}. If it shall be a folder, '
                'make it first'
            )
        _refuse_mistyped(out.parent if suffix in WRITABLE_EXTENSIONS else out)
    if suffix in WRITABLE_EXTENSIONS and not out.is_dir():
        if len(images) != 1 or is_folder:
            raise ValueError(
                f'{out} is one file, but there are {len(images)} images: give a folder'
            )
        targets = [out]
    else:
        targets = [
            out / (_name_of_result(Path(image)) if _is_image_file(image) else f'{number}.png')
            for number, image in enumerate(images)
        ]
    twice = [target for target, times in Counter(targets).items() if times > 1]
    if twice:
        raise ValueError(
            f'two images would be written to {twice[0]}: restore them into different folders'
        )
    return targets


def _name_of_result(image: Path) -> str:
    return (
        image if image.suffix.lower() in WRITABLE_EXTENSIONS else image.with_suffix('.png')
    ).name


def _refuse_mistyped(folder: Path) -> None:
    if not folder.is_dir() and not folder.absolute().parent.is_dir():
        raise ValueError(
            f'there is neither a folder {folder} nor {folder.absolute().parent}, in '
            'which it could be made: mend the name, or make the folder'
        )


def refuse_overwriting(targets: Iterable[Path], given: Any) -> None:
    """Keep what a person gave from being written over.

    Args:
        given: paths of files and folders, at any depth of lists and mappings.

    Raises:
        ValueError: a target is one of the files, or lies in one of the folders and is there.
    """
    paths = {Path(path).resolve() for path in _paths(given)}
    for target in targets:
        place = target.resolve()
        if place in paths or (place.parent in paths and place.exists()):
            raise ValueError(f'the result would overwrite {target}: choose another place')


def _paths(given: Any) -> Iterator[str | Path]:
    if isinstance(given, (str, Path)):
        yield given
    elif isinstance(given, (list, tuple, Mapping)):
        for part in given.values() if isinstance(given, Mapping) else given:
            yield from _paths(part)


def _is_image_file(image: ImageSource) -> TypeGuard[str | Path]:
    return isinstance(image, (str, Path)) and Path(image).suffix.lower() in IMAGE_EXTENSIONS


def _masks_of(
    images: Sequence[ImageSource], mask: MaskSource | Sequence[MaskSource] | None
) -> Iterable[MaskSource]:
    """One mask for each image."""
    if mask is None:
        raise ValueError(
            'give a mask: a file (white = hole), an array, or a box (left, top, right, bottom)'
        )
    if isinstance(mask, (str, Path)) and Path(mask).is_dir():
        paths = [Path(image) for image in images if isinstance(image, (str, Path))]
        if len(paths) != len(images):
            raise ValueError(
                f'a folder of masks ({mask}) is matched by name, but some images are '
                'arrays: give a list of masks'
            )
        return match_masks(Path(mask), paths)
    if isinstance(mask, (list, tuple)) and not is_box(mask):
        if len(mask) != len(images):
            raise ValueError(
                f'{len(mask)} masks for {len(images)} images: give one for all, or one for each'
            )
        return mask
    return repeat(cast(MaskSource, mask), len(images))
