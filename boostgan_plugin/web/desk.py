"""What the buttons of the page do, without the page."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from boostgan_plugin.apis.inferencer import InpaintingInferencer
from boostgan_plugin.inference.pictures import Picture, save_picture
from boostgan_plugin.inference.restoration import nearest

from .limits import Limits, TimedRestorer
from .work import Work, open_photo, open_work, painted, told_attributes

Editor = Mapping[str, Any] | None


class Desk:
    """Opens, reads, and restores photos; one request at a time.

    Errors are ``ValueError``, ``FileNotFoundError`` and ``TimeoutError``, their messages meant for
    the person at the page.

    Args:
        inferencer: what restores; from now on in limited time.
        limits: how much a person may ask for.
    """

    def __init__(self, inferencer: InpaintingInferencer, limits: Limits) -> None:
        self._timer = inferencer.model = TimedRestorer(inferencer.model, limits.seconds)
        self._inferencer = inferencer
        self._limits = limits

    @property
    def attributes(self) -> tuple[str, ...]:
        """The names of the switches; none for models that read nothing."""
        return self._inferencer.attributes

    @property
    def regions(self) -> tuple[str, ...]:
        """The names of the regions; none for models that read nothing."""
        return self._inferencer.classes

    def open(self, path: str | Path) -> Work:
        """A photo to work on."""
        return open_work(path, self._limits)

    def painted(self, work: Work | None, editor: Editor) -> np.ndarray:
        """Where paint is, (h, w) bool as it is shown; it may be nowhere."""
        return painted(editor, _chosen(work).shown.shape[:2])

    def read(self, work: Work | None, editor: Editor) -> Work:
        """What the networks read around the hole; in all of the photo where there is none."""
        hole = self.painted(work, editor)
        pixels = open_photo(work.path).pixels
        [semantics] = self._run(work, pixels, hole, show_semantics=True)['semantics']
        labels = nearest(semantics['segmentation'], hole.shape)
        return replace(work, read=semantics['attributes'], labels=labels)

    def tell(self, work: Work | None, strokes: Editor, region: str) -> Work:
        """Strokes on the regions say where ``region`` shall be."""
        where = self.painted(work, strokes)
        if not where.any():
            raise ValueError('Nothing is painted yet: paint where this region shall be first')
        return work.tell(where, self.regions.index(region))

    def forget(self, work: Work | None) -> Work:
        """Nothing is told of the regions."""
        return _chosen(work).forget()

    def restore(self, work: Work | None, editor: Editor, on: Collection[str],
                strokes: Editor = None, region: str | None = None) -> Picture:
        """The restored photo, in full size and depth; all but the hole is as it was.

        Args:
            editor: where the hole is painted.
            on: names of the switches that are on.
            strokes: where ``region`` shall be, besides what was told before.
        """
        hole = self.painted(work, editor)
        if not hole.any():
            raise ValueError('Nothing is painted yet: paint over what is to be replaced first')
        if self.painted(work, strokes).any():
            work = self.tell(work, strokes, region)
        photo = open_photo(work.path)
        [pixels] = self._run(work, photo.pixels, hole, segmentation=work.segmentation,
                             attributes=told_attributes(work.read, on))['predictions']
        return replace(photo, pixels=pixels)

    def _run(self, work: Work, pixels: np.ndarray, hole: np.ndarray, **options: Any
             ) -> dict[str, list]:
        self._timer.restart()
        return self._inferencer(pixels, nearest(hole, work.size), **options)


def write_result(picture: Picture, folder: str | Path) -> Path:
    """Write a restored photo without loss; PNG, but for floats, which only TIFF can hold."""
    suffix = '.tiff' if picture.pixels.dtype.kind == 'f' else '.png'
    path = Path(folder) / f'{Path(picture.name).stem}_restored{suffix}'
    save_picture(picture, path)
    return path


def _chosen(work: Work | None) -> Work:
    if work is None:
        raise ValueError('Please choose a photo first')
    return work
