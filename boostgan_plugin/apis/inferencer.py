"""Photo in, photo out."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
import warnings

from mmengine.config import Config
from mmengine.infer import BaseInferencer
from mmengine.structures import BaseDataElement
import numpy as np

from boostgan_plugin.inference.edits import AttributeEdits, SegmentationEdits
from boostgan_plugin.inference.masks import MaskSource
from boostgan_plugin.inference.photo_inpainter import (
    Finish,
    ImageSource,
    PhotoInpainter,
    images_in,
    unread_in,
)
from boostgan_plugin.inference.restoration import InpaintRequest, InpaintResult, SemanticsResult

from .loading import load_backend


class InpaintingInferencer(BaseInferencer):
    """Restores images of any size; known pixels stay as they are, bit for bit,
    unless ``grow`` or ``blend`` says otherwise.

    A window around each hole is brought to the size that the model was trained at, restored, and
    the hole alone is pasted back. Files of weights are read without running code.

    Args:
        model: a name (weights that come with the package, or a method without training:
            'telea', 'navier-stokes' or 'patchmatch'), a ``.safetensors`` or ``.onnx`` file of
            ``tools/export.py``, or a training config (path or ``Config``).
        weights: of a config: a checkpoint or a work directory. None for classical methods.
        device: such as 'cpu' or 'cuda:0'; default the best one here.
        context: side of the window around a hole, in sides of the hole; default the model's own.
        precision: of PyTorch: 'float32', or 'fastest', which is bfloat16 where that is faster and
            changes what is restored by a few grey levels at most. A graph has its own.
        show_progress: a progress bar over batches.
        detail: of large holes: 'off', what the model makes is enlarged, or 'patches', it is remade
            of known patches of the photograph; default as the model is meant to be used.
        grow: pixels by which holes are larger than their masks, for shadows and halos.
        blend: pixels around the hole over which what is restored fades into the photograph; with 0
            all pixels outside stay as they are.

    Raises:
        FileNotFoundError: no such model or weights.
        ImportError: the model needs a package that is not installed.
        ValueError: the weights do not fit, a file is not what it should be, or an option is none.
    """

    preprocess_kwargs = {'mask', 'attributes', 'segmentation', 'out'}
    forward_kwargs = {'show_semantics'}
    visualize_kwargs = {'draw'}

    def __init__(
        self,
        model: str | Path | Config = 'faces',
        weights: str | Path | None = None,
        device: str | None = None,
        context: float | None = None,
        precision: str = 'float32',
        show_progress: bool = False,
        detail: str | None = None,
        grow: int = 0,
        blend: int = 0,
    ) -> None:
        self.finish = Finish(detail, grow, blend)
        self.model = load_backend(model, weights, device, context, precision)
        self.show_progress = show_progress

    @property
    def attributes(self) -> tuple[str, ...]:
        """The names that ``attributes=`` knows; none for models that read none."""
        return self._photos.attributes

    @property
    def classes(self) -> tuple[str, ...]:
        """The regions that ``segmentation=`` knows, in the order of their numbers."""
        return self._photos.classes

    @property
    def _photos(self) -> PhotoInpainter:
        return PhotoInpainter(self.model, self.finish)

    def __call__(
        self,
        inputs: ImageSource | Sequence[ImageSource],
        mask: MaskSource | Sequence[MaskSource] | None = None,
        *,
        attributes: AttributeEdits | None = None,
        segmentation: SegmentationEdits | None = None,
        show_semantics: bool = False,
        draw: bool = False,
        out: str | Path | None = None,
        return_datasamples: bool = False,
        batch_size: int = 1,
    ) -> dict[str, list]:
        """Restore one or more images.

        Args:
            inputs: a file, a folder, an array (H, W), (H, W, 1), (H, W, 3) or (H, W, 4) in RGB
                order, uint8, uint16 or float in [0, 1], or a list of files and arrays.
            mask: what is missing: a file (white = hole), an array (H, W), a box (left, top, right,
                bottom), one of them for all images; a folder whose files have the images' names;
                or a list with one for each image.
            attributes: by name, 1 or 0: what the hole shall show, whatever Wa reads.
            segmentation: class numbers (H, W), -1 = as Ws reads, an array or an image (255 =
                as read); or where each named region shall be, as a mask.
            show_semantics: also give what the networks read.
            draw: also give images of before and after, with the regions that were read.
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
        return super().__call__(
            inputs,
            return_datasamples,
            batch_size,
            mask=mask,
            attributes=attributes,
            segmentation=segmentation,
            show_semantics=show_semantics,
            draw=draw,
            out=out,
        )

    def check_edits(
        self,
        attributes: AttributeEdits | None = None,
        segmentation: SegmentationEdits | None = None,
    ) -> None:
        """Raise what a call with these edits would raise, as far as no image is needed for it."""
        self._photos.check_edits(attributes, segmentation)

    # The steps of mmengine's inferencers --------------------------------------------------------

    def preprocess(
        self,
        inputs: list[ImageSource],
        batch_size: int = 1,
        mask: MaskSource | Sequence[MaskSource] | None = None,
        attributes: AttributeEdits | None = None,
        segmentation: SegmentationEdits | None = None,
        out: str | Path | None = None,
    ) -> Iterator[list[InpaintRequest]]:
        """Batches of tasks; an image is read when its batch begins."""
        requests = self._photos.requests(inputs, mask, attributes, segmentation, out)
        return _chunks(requests, batch_size)

    def forward(
        self, inputs: list[InpaintRequest], show_semantics: bool = False
    ) -> list[InpaintResult]:
        """Restore a batch and write what shall be written, before the next one begins."""
        return self._photos.restore(inputs, show_semantics)

    def visualize(
        self, inputs: list[ImageSource], preds: list[InpaintResult], draw: bool = False
    ) -> list[np.ndarray]:
        """Before and after."""
        if not draw:
            return []
        return [self._photos.draw(image, done) for image, done in zip(inputs, preds)]

    def postprocess(
        self,
        preds: list[InpaintResult],
        visualization: list[np.ndarray],
        return_datasample: bool = False,
    ) -> dict[str, list]:
        """Arrays or data samples."""
        return dict(
            predictions=[
                _data_sample(done) if return_datasample else done.image.pixels for done in preds
            ],
            visualization=visualization,
            semantics=[self._name(done.semantics) for done in preds if done.semantics is not None],
        )

    def _name(self, semantics: SemanticsResult) -> dict[str, Any]:
        return dict(
            attributes=dict(zip(self.attributes, semantics.attributes.tolist())),
            segmentation=semantics.segmentation,
        )

    def _inputs_to_list(self, inputs: ImageSource | Sequence[ImageSource]) -> list[ImageSource]:
        if isinstance(inputs, (str, Path)):
            if not Path(inputs).is_dir():
                return [inputs]
            unread = unread_in(Path(inputs))
            if unread:
                warnings.warn(
                    f'not restored, as they cannot be read: {", ".join(map(str, unread))}',
                    stacklevel=3,
                )
            return list(images_in(Path(inputs)))
        return list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]  # type: ignore[list-item]

    def _init_pipeline(self, cfg: Config) -> None:
        """There is none: images are prepared window by window."""


def _chunks(items: Iterator[InpaintRequest], size: int) -> Iterator[list[InpaintRequest]]:
    if size < 1:
        raise ValueError(f'batch_size={size} must be at least 1')
    while chunk := list(islice(items, size)):
        yield chunk


def _data_sample(done: InpaintResult) -> BaseDataElement:
    fields = dict(restored=done.image.pixels, mask=done.hole)
    if done.semantics is not None:
        fields.update(vars(done.semantics))
    return BaseDataElement(metainfo=dict(img_path=done.image.name), **fields)
