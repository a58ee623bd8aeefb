"""What has to do with whole photos and with networks; on the page it has processes of its own.

Nothing is imported that takes long: the page itself needs names alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from boostgan_plugin.inference.images import ImageData, save_image
from boostgan_plugin.inference.restoration import nearest
from boostgan_plugin.inference.windows import windows_of

from .limits import Deadline, RequestLimits, TimeoutBackend, limit_decoding
from .session import EditSession, open_photo, open_session, shown_copy
from .worker import Worker

if TYPE_CHECKING:
    from boostgan_plugin.apis import InpaintingInferencer

#: Told how many windows are done, and of how many.
ProgressCallback = Callable[[int, int], None]
_EXAMPLE_SIDE = 256


@dataclass(frozen=True)
class Result:
    """The file of a restored photo, and how it is shown, (h, w, 3) uint8 RGB."""

    path: Path
    shown: np.ndarray


class Backend(Protocol):
    """Reads and restores photos with one model. Holes and regions are given at any size, and are
    brought to that of the photo.

    Errors are ``ValueError``, ``FileNotFoundError`` and ``TimeoutError``, their messages meant for
    the person at the page.
    """

    attributes: tuple[str, ...]
    classes: tuple[str, ...]

    def read(self, path: Path, hole: np.ndarray) -> tuple[dict[str, float], np.ndarray]:
        """The attributes' probabilities, and the regions, of the size of ``hole``; -1 where nothing
        was looked at."""

    def restore(
        self,
        path: Path,
        hole: np.ndarray,
        folder: Path,
        attributes: Mapping[str, int],
        segmentation: np.ndarray | None = None,
        progress: ProgressCallback | None = None,
    ) -> Result:
        """The restored photo, written into ``folder``, in full size and depth.

        Args:
            hole: (h, w) bool.
            attributes: those that are told, name -> 1 or 0.
            segmentation: (h, w) int16, -1 = as read.
            progress: gets the number of windows that are done, and of all, before each further one.
        """


class LocalBackend:
    """A :class:`Backend` in this process.

    Args:
        inferencer: what restores; from now on in limited time.
    """

    def __init__(self, inferencer: 'InpaintingInferencer', limits: RequestLimits) -> None:
        self._timed = inferencer.model = TimeoutBackend(inferencer.model)
        self._inferencer = inferencer
        self._limits = limits
        self.attributes = inferencer.attributes
        self.classes = inferencer.classes

    def read(self, path: Path, hole: np.ndarray) -> tuple[dict[str, float], np.ndarray]:
        """See :class:`Backend`."""
        deadline = Deadline(self._limits)
        photo = open_photo(path)
        [semantics] = self._run(deadline, photo, hole, show_semantics=True)['semantics']
        return semantics['attributes'], nearest(semantics['segmentation'], hole.shape)

    def restore(
        self,
        path: Path,
        hole: np.ndarray,
        folder: Path,
        attributes: Mapping[str, int],
        segmentation: np.ndarray | None = None,
        progress: ProgressCallback | None = None,
    ) -> Result:
        """See :class:`Backend`."""
        deadline = Deadline(self._limits)
        photo = open_photo(path)
        if segmentation is not None:
            segmentation = nearest(segmentation, photo.size)
        [pixels] = self._run(
            deadline, photo, hole, progress, attributes=attributes, segmentation=segmentation
        )['predictions']
        deadline.check()
        restored = replace(photo, pixels=pixels)
        return Result(write_result(restored, folder), shown_copy(restored))

    def _run(
        self,
        deadline: Deadline,
        photo: ImageData,
        hole: np.ndarray,
        progress: ProgressCallback | None = None,
        **options: Any,
    ) -> dict[str, list]:
        hole = nearest(hole, photo.size)
        count = sum(1 for _ in windows_of(hole, self._timed.info.window))
        self._timed.begin(
            deadline, None if progress is None else lambda done: progress(done, count)
        )
        deadline.check()
        return self._inferencer(photo.pixels, hole, **options)


class WorkerBackend:
    """A :class:`Backend` in a worker that holds several.

    Args:
        worker: of :class:`Models`.
        model: the name of one of them.
    """

    def __init__(self, worker: Worker, model: str) -> None:
        self._worker = worker
        self._model = model
        self.attributes, self.classes = worker.call('names', model)

    def read(self, path: Path, hole: np.ndarray) -> tuple[dict[str, float], np.ndarray]:
        """See :class:`Backend`."""
        return self._worker.call('read', self._model, path, hole)

    def restore(
        self,
        path: Path,
        hole: np.ndarray,
        folder: Path,
        attributes: Mapping[str, int],
        segmentation: np.ndarray | None = None,
        progress: ProgressCallback | None = None,
    ) -> Result:
        """See :class:`Backend`."""
        return self._worker.call(
            'restore', self._model, path, hole, folder, attributes, segmentation, progress=progress
        )


class Models:
    """What the process with the networks holds.

    Args:
        sources: for each name what :class:`~boostgan_plugin.apis.InpaintingInferencer` takes.
    """

    def __init__(self, sources: Mapping[str, Sequence[Any]], limits: RequestLimits) -> None:
        from boostgan_plugin.apis import InpaintingInferencer

        limit_decoding(limits)
        self._backends = {
            name: LocalBackend(InpaintingInferencer(*source), limits)
            for name, source in sources.items()
        }

    def names(self, model: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Of the attributes and of the regions."""
        return self._backends[model].attributes, self._backends[model].classes

    def read(self, model: str, *arguments: Any) -> tuple[dict[str, float], np.ndarray]:
        """See :class:`Backend`."""
        return self._backends[model].read(*arguments)

    def restore(self, model: str, *arguments: Any, **options: Any) -> Result:
        """See :class:`Backend`."""
        return self._backends[model].restore(*arguments, **options)

    def write_examples(self, folder: Path, numbers: Sequence[int]) -> list[Path]:
        """Faces that the package draws, as files."""
        import cv2

        from boostgan_plugin.datasets.face_renderer import render_face

        paths = [folder / f'face_{number}.png' for number in numbers]
        for number, path in zip(numbers, paths):
            cv2.imwrite(str(path), render_face(number, _EXAMPLE_SIDE).image)
        return paths


class Opener:
    """Opens photos to work on; what the process without networks holds."""

    def __init__(self, limits: RequestLimits) -> None:
        limit_decoding(limits)
        self._limits = limits

    def open(self, path: Path) -> EditSession:
        """See :func:`~boostgan_plugin.web.session.open_session`.

        Raises:
            TimeoutError: besides.
        """
        deadline = Deadline(self._limits)
        session = open_session(path, self._limits)
        deadline.check()
        return session


def write_result(image: ImageData, folder: str | Path) -> Path:
    """Write a restored photo without loss; PNG, but for floats, which only TIFF can hold."""
    suffix = '.tiff' if image.pixels.dtype.kind == 'f' else '.png'
    path = Path(folder) / f'{Path(image.name).stem}_restored{suffix}'
    save_image(image, path)
    return path
