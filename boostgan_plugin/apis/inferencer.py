"""Photo in, photo out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, repeat
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmengine.infer import BaseInferencer
from mmengine.structures import BaseDataElement
import numpy as np

from boostgan_plugin.image_files import IMAGE_EXTENSIONS, list_images
from boostgan_plugin.inference.edits import (
    AttributeEdits,
    SegmentationEdits,
    attribute_vector,
    number_of,
    segmentation_map,
)
from boostgan_plugin.inference.masks import (
    MaskSource,
    doubt_polarity,
    is_box,
    match_masks,
    read_mask,
)
from boostgan_plugin.inference.pictures import open_picture, save_picture, to_bytes
from boostgan_plugin.inference.restoration import Restored, Task, restore
from boostgan_plugin.visualization import attribute_line, restoration_picture

from .loading import load_restorer

#: An image: a file or an array (H, W) or (H, W, C), RGB.
ImageSource = str | Path | np.ndarray


class InpaintingInferencer(BaseInferencer):
    """Restores images of any size; known pixels stay as they are, bit for bit.

    A window around each hole is brought to the size that the model was trained at, restored, and
    the hole alone is pasted back. Files of weights are read without running code.

    Args:
        model: the name of weights that come with the package, a ``.safetensors`` or
            ``.onnx`` file of ``tools/export.py``, or a training config (path or ``Config``).
        weights: of a config: a checkpoint or a work directory. None for classical methods.
        device: such as 'cpu' or 'cuda:0'; default the best one here.
        context: side of the window around a hole, in sides of the hole; default the model's own.
        show_progress: a progress bar over batches.

    Raises:
        FileNotFoundError: no such model or weights.
        ValueError: the weights do not fit, or a file is not what it should be.
    """

    preprocess_kwargs = {'mask', 'attributes', 'segmentation', 'out'}
    forward_kwargs = {'show_semantics'}
    visualize_kwargs = {'draw'}

    def __init__(self,
                 model: str | Path | Config = 'faces',
                 weights: str | Path | None = None,
                 device: str | None = None,
                 context: float | None = None,
                 show_progress: bool = False) -> None:
        self.model = load_restorer(model, weights, device, context)
        self.show_progress = show_progress

    @property
    def attributes(self) -> tuple[str, ...]:
        """The names that ``attributes=`` knows; none for models that read none."""
        return self.model.traits.attributes

    @property
    def classes(self) -> tuple[str, ...]:
        """The regions that ``segmentation=`` knows, in the order of their numbers."""
        return self.model.traits.classes

    def __call__(self,
                 inputs: ImageSource | Sequence[ImageSource],
                 mask: MaskSource | Sequence[MaskSource] | None = None,
                 *,
                 attributes: AttributeEdits | None = None,
                 segmentation: SegmentationEdits | None = None,
                 show_semantics: bool = False,
                 draw: bool = False,
                 out: str | Path | None = None,
                 return_datasamples: bool = False,
                 batch_size: int = 1) -> dict[str, list]:
        """Restore one or more images.

        Args:
            inputs: a file, a folder, an array (H, W), (H, W, 1), (H, W, 3) or (H, W, 4) in RGB
                order, uint8, uint16 or float in [0, 1], or a list of files and arrays.
            mask: what is missing: a file (white = hole), an array (H, W), a box (left, top, right,
                bottom), one of them for all images; a folder whose files have the images' names;
                or a list with one for each image.
            attributes: by name, 1 or 0: what the hole shall show, whatever Wa reads.
            segmentation: class numbers (H, W), -1 = as Ws reads, an array or a picture (255 =
                as read); or where each named region shall be, as a mask.
            show_semantics: also give what the networks read.
            draw: also give pictures of before and after, with the regions that were read.
            out: write the restored images: the name of a file for one image, or a folder that
                gets them under their names. Formats with loss, such as JPEG, change known pixels
                a little.
            return_datasamples: give ``BaseDataElement``s with ``restored``, ``mask`` and, if asked
                for, ``attributes`` (N1,) and ``segmentation`` (H, W).
            batch_size: images on their way together.

        Returns:
            dict: ``predictions``, arrays of the shapes and types of the inputs, or data samples;
            ``visualization``, (H, W, 3) uint8 RGB for each image, if ``draw``; ``semantics``, if
            ``show_semantics``: for each image a dict of ``attributes``, name -> probability, and
            ``segmentation``, class numbers (H, W), -1 where nothing was looked at.

        Raises:
            FileNotFoundError: an image or a mask is not there.
            ValueError: an image, mask or edit is not as described, or a result would overwrite
                what was given; the message says which.
            TypeError: an image or a mask is neither path nor array.
        """
        if out is not None:
            refuse_overwriting(targets_of(self._inputs_to_list(inputs), Path(out)),
                               (inputs, mask, segmentation))
        return super().__call__(
            inputs, return_datasamples, batch_size, mask=mask, attributes=attributes,
            segmentation=segmentation, show_semantics=show_semantics, draw=draw, out=out)

    def check_edits(self, attributes: AttributeEdits | None = None,
                    segmentation: SegmentationEdits | None = None) -> None:
        """Raise what a call with these edits would raise, as far as no image is needed for it."""
        attribute_vector(attributes, self.attributes)
        for region in segmentation if isinstance(segmentation, Mapping) else ():
            number_of(region, self.classes, 'region')

    # The steps of mmengine's inferencers --------------------------------------------------------

    def preprocess(self, inputs: list[ImageSource], batch_size: int = 1,
                   mask: MaskSource | Sequence[MaskSource] | None = None,
                   attributes: AttributeEdits | None = None,
                   segmentation: SegmentationEdits | None = None,
                   out: str | Path | None = None) -> Iterator[list[Task]]:
        """Batches of tasks; an image is read when its batch begins."""
        told = attribute_vector(attributes, self.attributes)
        masks = _masks_of(inputs, mask)
        targets = repeat(None, len(inputs)) if out is None else targets_of(inputs, Path(out))

        def task(number: int, image: ImageSource, hole: MaskSource, target: Path | None) -> Task:
            picture = open_picture(image, f'image {number}')
            missing = read_mask(hole, picture.size, picture.name)
            doubt_polarity(missing, f'the mask of {picture.name}')
            regions = segmentation_map(segmentation, self.classes, picture.size, picture.name)
            return Task(picture, missing, told, regions, target)

        tasks = (task(number, *given)
                 for number, given in enumerate(zip(inputs, masks, targets, strict=True)))
        return _chunks(tasks, batch_size)

    def forward(self, inputs: list[Task], show_semantics: bool = False) -> list[Restored]:
        """Restore a batch and write what shall be written, before the next one begins."""
        restored = list(restore(inputs, self.model, show_semantics))
        for task, done in zip(inputs, restored):
            if task.target is not None:
                save_picture(done.picture, task.target)
        return restored

    def visualize(self, inputs: list[ImageSource], preds: list[Restored], draw: bool = False
                  ) -> list[np.ndarray]:
        """Before and after."""
        if not draw:
            return []
        return [self._draw(open_picture(image).pixels, done) for image, done in zip(inputs, preds)]

    def _draw(self, before: np.ndarray, done: Restored) -> np.ndarray:
        pictures = to_bytes(before), to_bytes(done.picture.pixels), done.hole
        if done.reading is None:
            return restoration_picture(*pictures)
        return restoration_picture(*pictures, done.reading.segmentation, len(self.classes),
                                   attribute_line(done.reading.attributes, self.attributes))

    def postprocess(self, preds: list[Restored], visualization: list[np.ndarray],
                    return_datasample: bool = False) -> dict[str, list]:
        """Arrays or data samples."""
        return dict(
            predictions=[_data_sample(done) if return_datasample else done.picture.pixels
                         for done in preds],
            visualization=visualization,
            semantics=[self._name(done) for done in preds if done.reading is not None])

    def _name(self, done: Restored) -> dict[str, Any]:
        return dict(attributes=dict(zip(self.attributes, done.reading.attributes.tolist())),
                    segmentation=done.reading.segmentation)

    def _inputs_to_list(self, inputs: ImageSource | Sequence[ImageSource]) -> list[ImageSource]:
        if isinstance(inputs, (str, Path)):
            return images_in(Path(inputs)) if Path(inputs).is_dir() else [inputs]
        return list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]

    def _init_pipeline(self, cfg: Config) -> None:
        """There is none: images are prepared window by window."""


def images_in(folder: Path) -> list[Path]:
    """The image files in a folder, sorted.

    Raises:
        FileNotFoundError: it holds none.
    """
    images = list_images(folder)
    if not images:
        raise FileNotFoundError(f'{folder} holds no images')
    return images


def targets_of(images: Sequence[ImageSource], out: Path) -> list[Path]:
    """Where each restored image is written; arrays are numbered.

    Raises:
        ValueError: one file for several images, or two results of one name.
    """
    if out.suffix.lower() in IMAGE_EXTENSIONS and not out.is_dir():
        if len(images) != 1:
            raise ValueError(f'{out} is one file, but there are {len(images)} images: give a '
                             'folder')
        targets = [out]
    else:
        targets = [out / (Path(image).name if _is_image_file(image) else f'{number}.png')
                   for number, image in enumerate(images)]
    twice = [target for target, times in Counter(targets).items() if times > 1]
    if twice:
        raise ValueError(f'two images would be written to {twice[0]}: restore them into different '
                         'folders')
    return targets


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


def _is_image_file(image: ImageSource) -> bool:
    return isinstance(image, (str, Path)) and Path(image).suffix.lower() in IMAGE_EXTENSIONS


def _masks_of(images: Sequence[ImageSource], mask: MaskSource | Sequence[MaskSource] | None
              ) -> Iterable[MaskSource]:
    """One mask for each image."""
    if mask is None:
        raise ValueError('give a mask: a file (white = hole), an array, or a box (left, top, '
                         'right, bottom)')
    if isinstance(mask, (str, Path)) and Path(mask).is_dir():
        if not all(isinstance(image, (str, Path)) for image in images):
            raise ValueError(f'a folder of masks ({mask}) is matched by name, but some images are '
                             'arrays: give a list of masks')
        return match_masks(Path(mask), [Path(image) for image in images])
    if isinstance(mask, (list, tuple)) and not is_box(mask):
        if len(mask) != len(images):
            raise ValueError(f'{len(mask)} masks for {len(images)} images: give one for all, or '
                             'one for each')
        return mask
    return repeat(mask, len(images))


def _chunks(items: Iterator[Task], size: int) -> Iterator[list[Task]]:
    if size < 1:
        raise ValueError(f'batch_size={size} must be at least 1')
    while chunk := list(islice(items, size)):
        yield chunk


def _data_sample(done: Restored) -> BaseDataElement:
    fields = dict(restored=done.picture.pixels, mask=done.hole)
    if done.reading is not None:
        fields.update(vars(done.reading))
    return BaseDataElement(metainfo=dict(img_path=done.picture.name), **fields)
