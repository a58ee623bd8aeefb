"""What the buttons of the page do, without the page."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
import math
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np

from boostgan_plugin.inference.knowledge import Knowledge

from .backend import Backend, ProgressCallback, Result
from .selection import fill_outline, select_object
from .session import EditSession, edited_attributes, painted

Editor = Mapping[str, Any] | None
#: What a stroke stands for: itself, all inside it, or the object that it is on.
Tool = Literal['brush', 'outline', 'object']
#: A selected object gets a rim of so many pixels of the shown copy, for its soft edge.
_RIM = 3


class InpaintingController:
    """Opens, reads, and restores photos; one request at a time.

    Errors are ``ValueError``, ``FileNotFoundError`` and ``TimeoutError``, their messages meant for
    the person at the page.

    Args:
        opener: makes a work of a photo's path.
        backend: reads and restores.
        knowledge: what the weights know, if that is told.
    """

    def __init__(
        self,
        opener: Callable[[Path], EditSession],
        backend: Backend,
        knowledge: Knowledge | None = None,
    ) -> None:
        self._opener = opener
        self._backend = backend
        self._knowledge = knowledge

    @property
    def attributes(self) -> tuple[str, ...]:
        """The names of the switches; none for models that read nothing."""
        return self._backend.attributes

    @property
    def regions(self) -> tuple[str, ...]:
        """The names of the regions; none for models that read nothing."""
        return self._backend.classes

    @property
    def has_semantics(self) -> bool:
        """Whether the model predicts anything that can be overridden."""
        return bool(self.attributes or self.regions)

    @property
    def knows(self) -> str:
        """What the model knows, in words for the person at the page; empty where nobody told."""
        return self._knowledge.text if self._knowledge else ''

    def log_likelihood(self, session: EditSession) -> float:
        """How well a photo goes with those that the model knows, minus infinity where nobody
        told which."""
        return self._knowledge.log_likelihood(session.shown) if self._knowledge else -math.inf

    def doubt(self, session: EditSession) -> str:
        """A warning for a photo that is unlike all that the model knows, else nothing."""
        if self._knowledge is None or not self._knowledge.is_strange(session.shown):
            return ''
        return (
            '**This photo is unlike what the model was trained on**: expect something that '
            'does not fit.'
        )

    def open(self, path: str | Path) -> EditSession:
        """A photo to work on."""
        return self._opener(Path(path))

    def stroke(
        self, session: EditSession | None, editor: Editor, tool: Tool = 'brush'
    ) -> EditSession:
        """A stroke came; with it the hole is what the tool makes of it.

        Args:
            editor: all that is painted now, the stroke with it.

        Raises:
            ValueError: besides what all do, the tool finds no object there.
        """
        current = self.painted(session, editor)
        new = current & ~session.hole
        if new.any() and tool == 'outline':
            current |= fill_outline(_pieces_with(current, new))
        elif new.any() and tool == 'object':
            found = select_object(session.shown, new).astype(np.uint8)
            rim = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _RIM + 1, 2 * _RIM + 1))
            current = (current & session.hole) | (cv2.dilate(found, rim) > 0)
        return session.with_hole(current)

    def undo(self, session: EditSession | None) -> EditSession:
        """As it was before the last stroke."""
        return _chosen(session).undo()

    def clear(self, session: EditSession | None) -> EditSession:
        """No hole, but the photo stays; this can be undone as well."""
        return _chosen(session).with_hole(np.zeros_like(session.hole))

    def painted(self, session: EditSession | None, editor: Editor) -> np.ndarray:
        """Where paint is, (h, w) bool as it is shown; it may be nowhere."""
        return painted(editor, _chosen(session).shown.shape[:2])

    def read(self, session: EditSession | None, editor: Editor) -> EditSession:
        """What the networks read around the hole; in all of the photo where there is none."""
        hole = self.painted(session, editor)
        read, labels = self._backend.read(session.path, hole)
        return replace(session, read=read, labels=labels)

    def add_region(self, session: EditSession | None, strokes: Editor, region: str) -> EditSession:
        """Strokes on the regions say where ``region`` shall be.

        Raises:
            ValueError: nothing is painted, or no photo was chosen.
        """
        where = self.painted(session, strokes)
        if not where.any():
            raise ValueError('Nothing is painted yet: paint where this region shall be first')
        return session.add_region(where, self.regions.index(region))

    def clear_regions(self, session: EditSession | None) -> EditSession:
        """Nothing is told of the regions."""
        return _chosen(session).clear_regions()

    def restore(
        self,
        session: EditSession | None,
        editor: Editor,
        on: Collection[str],
        folder: str | Path,
        strokes: Editor = None,
        region: str | None = None,
        tool: Tool = 'brush',
        progress: ProgressCallback | None = None,
    ) -> Result:
        """The restored photo, in full size and depth; all but the hole is as it was.

        Args:
            editor: where the hole is painted.
            on: names of the switches that are on.
            folder: gets the file.
            strokes: where ``region`` shall be, besides what was told before.
            tool: of a stroke that was not yet looked at.
            progress: gets the number of windows that are done, and of all, before each further one.

        Raises:
            ValueError: nothing is painted, or the photo cannot be restored.
            TimeoutError: it took too long.
        """
        hole = self.stroke(session, editor, tool).hole
        if not hole.any():
            raise ValueError('Nothing is painted yet: paint over what is to be replaced first')
        if self.regions and self.painted(session, strokes).any():
            session = self.add_region(session, strokes, region)
        attributes = edited_attributes(session.read, on)
        return self._backend.restore(
            session.path, hole, Path(folder), attributes, session.segmentation, progress
        )


def _pieces_with(mask: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Those connected pieces of ``mask`` that ``part`` touches."""
    _, pieces = cv2.connectedComponents(mask.astype(np.uint8))
    return np.isin(pieces, np.unique(pieces[part]))


def _chosen(session: EditSession | None) -> EditSession:
    if session is None:
        raise ValueError('Please choose a photo first')
    return session
