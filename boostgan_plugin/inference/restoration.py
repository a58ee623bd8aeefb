"""From an image with holes to the restored image, window by window."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from .backends import InferenceBackend, ModelInputs
from .edits import KEEP_PREDICTED
from .images import ImageData, blend, paste, to_rgb
from .texture import add_texture
from .thin import fill_thin
from .windows import Window, narrow_holes, resize, thickness_of, windows_of


@dataclass(frozen=True)
class InpaintRequest:
    """An image, its hole (H, W) bool, and what overrides the predicted semantics: ``attributes``
    (N1,) float32 and ``segmentation`` (H, W) int16 or None, -1 keeps the prediction.
    ``target``: where the result goes, if anywhere. ``blend_weight`` (H, W) float32 in [0, 1]: how
    much of what is restored replaces what was there, 0 outside the hole; None: all of it."""

    image: ImageData
    hole: np.ndarray
    attributes: np.ndarray
    segmentation: np.ndarray | None = None
    target: Path | None = None
    blend_weight: np.ndarray | None = None

    @property
    def has_override(self) -> bool:
        """Whether any semantics are overridden."""
        return self.segmentation is not None or bool((self.attributes != KEEP_PREDICTED).any())


@dataclass(frozen=True)
class SemanticsResult:
    """What the networks predict for an image with holes.

    ``attributes`` (N1,) in [0, 1], as seen around the largest hole; ``segmentation`` (H, W) int16
    class numbers, -1 where no window was.
    """

    attributes: np.ndarray
    segmentation: np.ndarray


@dataclass(frozen=True)
class InpaintResult:
    """A restored image, what was filled, (H, W) bool, what was read, if that was asked for and the
    model reads, and where the image is written, if anywhere."""

    image: ImageData
    hole: np.ndarray
    semantics: SemanticsResult | None
    target: Path | None = None


class _WindowState:
    """An image on its way: its pixels so far, and the windows that are left."""

    def __init__(
        self, request: InpaintRequest, backend: InferenceBackend, show_semantics: bool, detail: str
    ) -> None:
        self.request = request
        self.info = backend.info
        self.detail = detail
        self.pixels = request.image.pixels.copy()
        self.remaining = request.hole.copy()
        self.semantics: SemanticsResult | None = None
        self._show_semantics = show_semantics and bool(self.info.classes)
        if not self._show_semantics and not request.has_override:
            self._fill_narrow(self.info.window.narrow)
        self._windows = windows_of(self.remaining, self.info.window)
        if self._show_semantics and not request.hole.any():
            self._windows = iter([Window(0, 0, *request.hole.shape)])

    def next_crop(self) -> tuple[Window, ModelInputs] | None:
        """The next window as the model wants it; None when all is done."""
        window = next(self._windows, None)
        return None if window is None else (window, self._cut(window))

    def paste(
        self,
        window: Window,
        inputs: ModelInputs,
        output: np.ndarray,
        attributes: np.ndarray,
        segmentation: np.ndarray,
    ) -> None:
        """Paste what the model made of a window; note what it read."""
        known = inputs.masks[0, 0] < 0.5
        rgb = np.where(known, inputs.images[0], output).transpose(1, 2, 0)
        part, hole = self.pixels[window.slices], self.remaining[window.slices]
        rgb = resize(np.ascontiguousarray(rgb), window.size)
        rgb += 1
        rgb /= 2
        np.clip(rgb, 0, 1, out=rgb)
        if self.detail == 'patches':
            blur = self.info.window.blur_of(window, thickness_of(hole))
            np.copyto(rgb, to_rgb(part), where=~hole[..., None])
            rgb = add_texture(rgb, hole, blur, self._labels(window, inputs, segmentation))
        paste(part, rgb, hole)
        hole[...] = False
        if self._show_semantics:
            self._note(window, attributes, segmentation)

    def _fill_narrow(self, width: int) -> None:
        """Specks and scratches are continued from around them: windows along them would take long,
        and hold nothing that a model would have to know."""
        narrow = narrow_holes(self.remaining, width)
        if narrow.any():
            fill_thin(self.pixels, self.remaining, narrow)
            self.remaining &= ~narrow

    def _labels(self, window: Window, inputs: ModelInputs, pred: np.ndarray) -> np.ndarray | None:
        """The regions in a window, predicted or overridden; None if the model has none."""
        if not self.info.classes:
            return None
        override = inputs.segmentation[0, 0]
        labels = np.where(override == KEEP_PREDICTED, pred.astype(np.int16), override)
        return nearest(labels, window.size)

    def _cut(self, window: Window) -> ModelInputs:
        size = self.info.window.size_of(window)
        known = (~self.remaining[window.slices]).astype(np.float32)
        rgb = to_rgb(self.pixels[window.slices]) * 2 - 1
        # A pixel of the small image is the mean of the known ones below it.
        known_ratio = resize(known, size)
        is_known = known_ratio > 0.5
        small = resize(rgb * known[..., None], size) / np.maximum(known_ratio, 1e-6)[..., None]
        image = np.where(is_known[..., None], np.clip(small, -1, 1), 0).astype(np.float32)
        override = np.full(size, KEEP_PREDICTED, np.int16)
        if self.request.segmentation is not None:
            part = self.request.segmentation[window.slices]
            override = nearest(part, size)
        return ModelInputs(
            images=np.ascontiguousarray(image.transpose(2, 0, 1)[None]),
            masks=(~is_known).astype(np.float32)[None, None],
            attributes=self.request.attributes[None],
            segmentation=np.ascontiguousarray(override[None, None]),
        )

    def _note(self, window: Window, attributes: np.ndarray, segmentation: np.ndarray) -> None:
        if self.semantics is None:
            nothing = np.full(self.remaining.shape, KEEP_PREDICTED, np.int16)
            self.semantics = SemanticsResult(attributes, nothing)
        self.semantics.segmentation[window.slices] = nearest(
            segmentation.astype(np.int16), window.size
        )

    def finish(self) -> InpaintResult:
        """What came out."""
        if self.request.blend_weight is not None:
            blend(self.pixels, self.request.image.pixels, self.request.blend_weight)
        return InpaintResult(
            replace(self.request.image, pixels=self.pixels),
            self.request.hole,
            self.semantics,
            self.request.target,
        )


def nearest(labels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Resize (H, W) class numbers without mixing them."""
    rows, columns = ((np.arange(new) + 0.5) * old / new for new, old in zip(size, labels.shape))
    return labels[rows.astype(int)[:, None], columns.astype(int)]


def restore(
    requests: Sequence[InpaintRequest],
    backend: InferenceBackend,
    show_semantics: bool = False,
    detail: str = 'off',
) -> Iterator[InpaintResult]:
    """Restore images together: one window of each at a time, those of one size in one batch.

    Memory is that of the images, and about 40 bytes for each pixel of the largest window.

    Args:
        show_semantics: also give what was read, of images without a hole as well.
        detail: one of :data:`~boostgan_plugin.inference.backends.DETAILS`. With 'patches' memory
            is about 120 bytes for each pixel of the largest window.
    """
    progress = [_WindowState(request, backend, show_semantics, detail) for request in requests]
    waiting = list(progress)
    while waiting:
        batches: dict[tuple, list] = {}
        for image in list(waiting):
            step = image.next_crop()
            if step is None:
                waiting.remove(image)
            else:
                batches.setdefault(step[1].images.shape, []).append((image, *step))
        for batch in batches.values():
            _run(batch, backend)
    yield from (image.finish() for image in progress)


def _run(batch: list[tuple[_WindowState, Window, ModelInputs]], backend: InferenceBackend) -> None:
    parts = [crop for _, _, crop in batch]
    outputs = backend(
        ModelInputs(
            **{
                field.name: np.concatenate([getattr(part, field.name) for part in parts])
                for field in fields(ModelInputs)
            }
        )
    )
    if not np.isfinite(outputs.outputs).all():
        raise ValueError(
            f'{backend.info.name} gives values that are no numbers: its weights '
            'are damaged, or were trained until they diverged'
        )
    for index, (image, window, crop) in enumerate(batch):
        image.paste(
            window,
            crop,
            outputs.outputs[index],
            outputs.attributes[index],
            outputs.segmentation[index],
        )
