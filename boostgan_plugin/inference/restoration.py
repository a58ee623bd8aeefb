"""From an image with holes to the restored image, window by window."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from .edits import AS_READ
from .pictures import Picture, blend, paste, to_rgb
from .restorers import Crops, Restorer
from .texture import add_texture
from .thin import fill_thin
from .windows import Window, narrow_holes, resize, thickness_of, windows_of


@dataclass(frozen=True)
class Task:
    """An image, its hole (H, W) bool, and what is told: ``attributes`` (N1,) float32 and
    ``segmentation`` (H, W) int16 or None, -1 = as read. ``target``: where the result goes, if
    anywhere. ``share`` (H, W) float32 in [0, 1]: how much of what is restored replaces what was
    there, 0 outside the hole; None: all of it."""
    picture: Picture
    hole: np.ndarray
    attributes: np.ndarray
    segmentation: np.ndarray | None = None
    target: Path | None = None
    share: np.ndarray | None = None

    @property
    def tells(self) -> bool:
        """Whether anything is told."""
        return self.segmentation is not None or bool((self.attributes != AS_READ).any())


@dataclass(frozen=True)
class Reading:
    """What the networks read off an image with holes.

    ``attributes`` (N1,) in [0, 1], as seen around the largest hole; ``segmentation`` (H, W) int16
    class numbers, -1 where no window was.
    """
    attributes: np.ndarray
    segmentation: np.ndarray


@dataclass(frozen=True)
class Restored:
    """A restored image, what was filled, (H, W) bool, what was read, if that was asked for and the
    model reads, and where the image is written, if anywhere."""
    picture: Picture
    hole: np.ndarray
    reading: Reading | None
    target: Path | None = None


class _Progress:
    """An image on its way: its pixels so far, and the windows that are left."""

    def __init__(self, task: Task, restorer: Restorer, show_semantics: bool, detail: str) -> None:
        self.task = task
        self.traits = restorer.traits
        self.detail = detail
        self.pixels = task.picture.pixels.copy()
        self.left = task.hole.copy()
        self.reading: Reading | None = None
        self._read = show_semantics and bool(self.traits.classes)
        if not self._read and not task.tells:
            self._fill_narrow(self.traits.scale.narrow)
        self._windows = windows_of(self.left, self.traits.scale)
        if self._read and not task.hole.any():
            self._windows = iter([Window(0, 0, *task.hole.shape)])

    def next_crop(self) -> tuple[Window, Crops] | None:
        """The next window as the model wants it; None when all is done."""
        window = next(self._windows, None)
        return None if window is None else (window, self._cut(window))

    def put(self, window: Window, crops: Crops, output: np.ndarray, attributes: np.ndarray,
            segmentation: np.ndarray) -> None:
        """Paste what the model made of a window; note what it read."""
        known = crops.holes[0, 0] < 0.5
        rgb = np.where(known, crops.images[0], output).transpose(1, 2, 0)
        part, hole = self.pixels[window.slices], self.left[window.slices]
        rgb = resize(np.ascontiguousarray(rgb), window.size)
        rgb += 1
        rgb /= 2
        np.clip(rgb, 0, 1, out=rgb)
        if self.detail == 'patches':
            blur = self.traits.scale.blur_of(window, thickness_of(hole))
            np.copyto(rgb, to_rgb(part), where=~hole[..., None])
            rgb = add_texture(rgb, hole, blur, self._labels(window, crops, segmentation))
        paste(part, rgb, hole)
        hole[...] = False
        if self._read:
            self._note(window, attributes, segmentation)

    def _fill_narrow(self, width: int) -> None:
        """Specks and scratches are continued from around them: windows along them would take long,
        and hold nothing that a model would have to know."""
        narrow = narrow_holes(self.left, width)
        if narrow.any():
            fill_thin(self.pixels, self.left, narrow)
            self.left &= ~narrow

    def _labels(self, window: Window, crops: Crops, read: np.ndarray) -> np.ndarray | None:
        """The regions in a window, told or read; None if the model reads none."""
        if not self.traits.classes:
            return None
        told = crops.segmentation[0, 0]
        return nearest(np.where(told == AS_READ, read.astype(np.int16), told), window.size)

    def _cut(self, window: Window) -> Crops:
        size = self.traits.scale.size_of(window)
        known = (~self.left[window.slices]).astype(np.float32)
        rgb = to_rgb(self.pixels[window.slices]) * 2 - 1
        # A pixel of the small picture is the mean of the known ones below it.
        share = resize(known, size)
        is_known = share > 0.5
        small = resize(rgb * known[..., None], size) / np.maximum(share, 1e-6)[..., None]
        image = np.where(is_known[..., None], np.clip(small, -1, 1), 0).astype(np.float32)
        told = np.full(size, AS_READ, np.int16)
        if self.task.segmentation is not None:
            part = self.task.segmentation[window.slices]
            told = nearest(part, size)
        return Crops(np.ascontiguousarray(image.transpose(2, 0, 1)[None]),
                     (~is_known).astype(np.float32)[None, None],
                     self.task.attributes[None], np.ascontiguousarray(told[None, None]))

    def _note(self, window: Window, attributes: np.ndarray, segmentation: np.ndarray) -> None:
        if self.reading is None:
            self.reading = Reading(attributes, np.full(self.left.shape, AS_READ, np.int16))
        self.reading.segmentation[window.slices] = nearest(
            segmentation.astype(np.int16), window.size)

    def finish(self) -> Restored:
        """What came out."""
        if self.task.share is not None:
            blend(self.pixels, self.task.picture.pixels, self.task.share)
        return Restored(replace(self.task.picture, pixels=self.pixels), self.task.hole,
                        self.reading, self.task.target)


def nearest(labels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Resize (H, W) class numbers without mixing them."""
    rows, columns = ((np.arange(new) + 0.5) * old / new for new, old in zip(size, labels.shape))
    return labels[rows.astype(int)[:, None], columns.astype(int)]


def restore(tasks: Sequence[Task], restorer: Restorer, show_semantics: bool = False,
            detail: str = 'off') -> Iterator[Restored]:
    """Restore images together: one window of each at a time, those of one size in one batch.

    Memory is that of the images, and about 40 bytes for each pixel of the largest window.

    Args:
        show_semantics: also give what was read, of images without a hole as well.
        detail: one of :data:`~boostgan_plugin.inference.restorers.DETAILS`. With 'patches' memory
            is about 120 bytes for each pixel of the largest window.
    """
    progress = [_Progress(task, restorer, show_semantics, detail) for task in tasks]
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
            _run(batch, restorer)
    yield from (image.finish() for image in progress)


def _run(batch: list[tuple[_Progress, Window, Crops]], restorer: Restorer) -> None:
    crops = Crops(*(np.concatenate(parts)
                    for parts in zip(*(vars(crop).values() for _, _, crop in batch))))
    answers = restorer(crops)
    if not np.isfinite(answers.outputs).all():
        raise ValueError(f'{restorer.traits.name} gives values that are no numbers: its weights '
                         'are damaged, or were trained until they diverged')
    for (image, window, crop), *answer in zip(batch, answers.outputs, answers.attributes,
                                              answers.segmentation):
        image.put(window, crop, *answer)
