"""A photo that is worked on: what is seen of it, what was read, what a person says."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from boostgan_plugin.inference.edits import KEEP_PREDICTED
from boostgan_plugin.inference.images import ImageData, open_image, to_bytes
from boostgan_plugin.inference.windows import resize
from boostgan_plugin.visualization import overlay, with_hole

from .limits import RequestLimits, check_size

#: The longer side of the copy that is shown and painted on.
SHOWN_SIDE = 640
#: Steps that can be undone.
_STEPS = 40


@dataclass(frozen=True)
class EditSession:
    """A photo and all that is said of it.

    ``path`` is the file as it was given, of ``size`` (H, W) when upright; it is what gets
    restored, so that depth, alpha and profile stay. ``shown`` (h, w, 3) uint8 RGB is a copy to
    look at and paint on, and all maps have its size: ``labels`` (h, w) int16, the regions that
    were read, -1 where none, and ``override`` (h, w) int16, the regions that a person painted, -1
    elsewhere. ``hole`` (h, w) bool is what shall be replaced, and ``before`` the holes that there
    were, the last one last, to go back to. ``read`` are the attributes' probabilities. ``copy`` is
    a file of ``shown``, once the browser was given one.
    """

    path: Path
    size: tuple[int, int]
    shown: np.ndarray
    labels: np.ndarray
    override: np.ndarray
    hole: np.ndarray
    before: tuple[bytes, ...] = ()
    read: Mapping[str, float] = field(default_factory=dict)
    copy: Path | None = None

    def with_hole(self, hole: np.ndarray) -> 'EditSession':
        """Another hole, (h, w) bool; from where it can be undone."""
        if np.array_equal(hole, self.hole):
            return self
        # Bits, as many people may be at work for an hour each.
        before = (*self.before, np.packbits(self.hole).tobytes())[-_STEPS:]
        return replace(self, hole=hole, before=before)

    def undo(self) -> 'EditSession':
        """The hole that there was before, as long as there is one."""
        if not self.before:
            return self
        bits = np.unpackbits(np.frombuffer(self.before[-1], np.uint8), count=self.hole.size)
        return replace(self, hole=bits.reshape(self.hole.shape) > 0, before=self.before[:-1])

    @property
    def segmentation(self) -> np.ndarray | None:
        """What overrides the regions, (h, w) int16; None when nothing does."""
        return self.override if (self.override != KEEP_PREDICTED).any() else None

    def add_region(self, strokes: np.ndarray, number: int) -> 'EditSession':
        """Also: where ``strokes`` (h, w) bool are, region ``number`` shall be."""
        return replace(self, override=np.where(strokes, number, self.override).astype(np.int16))

    def clear_regions(self) -> 'EditSession':
        """Nothing is told of the regions."""
        return replace(self, override=np.full_like(self.override, KEEP_PREDICTED))

    def unread(self) -> 'EditSession':
        """Nothing was read, nor told: another model is to be asked, with names of its own."""
        labels = np.full_like(self.labels, KEEP_PREDICTED)
        return replace(self.clear_regions(), labels=labels, read={})

    def regions(self, hole: np.ndarray, num_classes: int) -> np.ndarray:
        """The photo under its regions, those that are told above those that were read.

        Args:
            hole: (h, w) bool, shown in grey.

        Returns:
            (h, w, 3) uint8 RGB.
        """
        labels = np.where(self.override == KEEP_PREDICTED, self.labels, self.override)
        return overlay(with_hole(self.shown, hole), labels, num_classes)


def open_session(path: str | Path, limits: RequestLimits) -> EditSession:
    """A photo to begin with.

    Raises:
        FileNotFoundError: the file is gone.
        ValueError: too large, or nothing that can be restored.
    """
    path = Path(path)
    check_size(path, limits)
    image = open_photo(path)
    shown = shown_copy(image)
    nothing = np.full(shown.shape[:2], KEEP_PREDICTED, np.int16)
    return EditSession(path, image.size, shown, nothing, nothing, np.zeros(shown.shape[:2], bool))


def open_photo(path: Path) -> ImageData:
    """The photo as it was given; errors name the file, but not where the server keeps it.

    Raises:
        FileNotFoundError: the file is gone.
        ValueError: nothing that can be restored.
    """
    try:
        return open_image(path)
    except FileNotFoundError:
        raise FileNotFoundError(f'{path.name} is no longer here; please choose it again') from None
    except ValueError as error:
        raise ValueError(str(error).replace(str(path), path.name)) from error


def shown_copy(image: ImageData) -> np.ndarray:
    """An image of any size and depth as it is shown: (h, w, 3) uint8 RGB, its longer side
    ``SHOWN_SIDE``."""
    scale = SHOWN_SIDE / max(image.size)
    height, width = (max(1, round(side * scale)) for side in image.size)
    return to_bytes(resize(image.pixels, (height, width)))


def painted(editor: Mapping[str, Any] | None, size: tuple[int, int]) -> np.ndarray:
    """All that paint touches, (h, w) bool.

    Args:
        editor: the value of Gradio's image editor; its layers are RGBA (h, w, 4) uint8.
        size: (h, w) of the image that was painted on.

    Raises:
        ValueError: a layer of another size.
    """
    strokes = np.zeros(size, bool)
    for layer in (editor or {}).get('layers', []):
        if layer.shape != (*size, 4):
            raise ValueError(
                'what was painted does not fit the photo; please choose the photo again'
            )
        strokes |= layer[..., 3] > 0
    return strokes


def edited_attributes(read: Mapping[str, float], on: Collection[str]) -> dict[str, int]:
    """The switches that a person turned: name -> 1 or 0, of those that differ from what was read.

    Args:
        read: probabilities; above a half it is there. Before anything is read all switches are off.
        on: the names of the switches that are on.
    """
    return {
        name: int(name in on)
        for name in (*read, *(set(on) - set(read)))
        if (name in on) != (read.get(name, 0) > 0.5)
    }


def switch_labels(read: Mapping[str, float]) -> list[tuple[str, str]]:
    """What stands beside each switch, such as 'Wearing Hat 12 %', and the name that it has."""
    return [(f'{readable(name)} {100 * value:.0f} %', name) for name, value in read.items()]


def readable(name: str) -> str:
    """A name of an attribute or region as people write it."""
    return name.replace('_', ' ')
