"""How much one person may ask for."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from pathlib import Path
from time import monotonic
import warnings

from PIL import Image

from boostgan_plugin.inference.backends import InferenceBackend, ModelInputs, ModelOutputs

#: What both Pillow, which tells the size, and OpenCV, which decodes, know well.
FORMATS = ('PNG', 'JPEG', 'WEBP', 'TIFF', 'BMP')
#: Room for an RGBA image of what is painted, however noisy the photo, in megabytes.
_LEAST_UPLOAD = 2


@dataclass(frozen=True)
class RequestLimits:
    """``megapixels`` of a photo, ``seconds`` for a request, ``upload_mb`` megabytes of a file,
    ``memory_gb`` gigabytes of memory for a request, ``disk_gb`` for the files of all people."""

    megapixels: float = 25
    seconds: float = 60
    upload_mb: float = 25
    memory_gb: float = 1.75
    disk_gb: float = 1

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise ValueError(f'{name}={value}: a limit is more than 0')
        if self.upload_mb < _LEAST_UPLOAD:
            raise ValueError(
                f'upload_mb={self.upload_mb}: what is painted is sent to the server '
                f'as an image, for which {_LEAST_UPLOAD} MB are needed'
            )
        if self.disk_gb * 2**10 < 2 * self.upload_mb:
            raise ValueError(
                f'disk_gb={self.disk_gb}: what is restored needs room beside what '
                'was sent; please allow twice the size of an upload at least'
            )


def limit_decoding(limits: RequestLimits) -> None:
    """Whoever lets Pillow decode in this process has no more pixels than twice the limit; sizes
    are told by :func:`check_size`, in better words than its warning."""
    Image.MAX_IMAGE_PIXELS = int(limits.megapixels * 1e6)
    warnings.simplefilter('ignore', Image.DecompressionBombWarning)


def too_much_time(limits: RequestLimits) -> TimeoutError:
    """What is said when the time is over."""
    return TimeoutError(
        f'This took more than {limits.seconds:g} seconds, which is the limit '
        'here. Please paint less, or take a smaller photo'
    )


def too_much_memory() -> ValueError:
    """What is said when memory does not suffice."""
    return ValueError(
        'This needs more memory than there is for one photo here. Please paint less, '
        'or take a smaller photo'
    )


def check_size(path: Path, limits: RequestLimits) -> None:
    """Look at a photo's size without decoding it.

    Raises:
        ValueError: it is too large, or no image of a kind that is taken here.
    """
    try:
        with Image.open(path, formats=FORMATS) as image:
            width, height = image.size
    except Image.DecompressionBombError:
        raise ValueError(
            f'{path.name} has far too many pixels; the limit here is '
            f'{limits.megapixels:g} megapixels'
        ) from None
    except FileNotFoundError:
        raise FileNotFoundError(f'{path.name} is no longer here; please choose it again') from None
    except (OSError, SyntaxError):
        raise ValueError(
            f'{path.name} is no image that can be opened here; please choose a '
            f'{", ".join(FORMATS[:-1])} or {FORMATS[-1]} file'
        ) from None
    if width * height > limits.megapixels * 1e6:
        raise ValueError(
            f'{path.name} is too large: {width} x {height} are '
            f'{width * height / 1e6:.1f} megapixels, the limit here is '
            f'{limits.megapixels:g}. Please make it smaller or cut it'
        )


class Deadline:
    """The end of one request that begins now."""

    def __init__(self, limits: RequestLimits) -> None:
        self._limits = limits
        self._end = monotonic() + limits.seconds

    def check(self) -> None:
        """Go on, if there is time left.

        Raises:
            TimeoutError: there is none.
        """
        if monotonic() > self._end:
            raise too_much_time(self._limits)


class TimeoutBackend:
    """A restorer that gives up when its time is over, and tells how far it is.

    A large photo is restored window by window; time is looked at before each of them, so that a
    request ends, and its work with it, at most one window late.

    Args:
        backend: what restores; one request at a time.
    """

    def __init__(self, backend: InferenceBackend) -> None:
        self.info = backend.info
        self._backend = backend
        self.begin(Deadline(RequestLimits(seconds=inf)))

    def begin(self, deadline: Deadline, progress: Callable[[int], None] | None = None) -> None:
        """A new request.

        Args:
            progress: gets the number of windows that are done, before each further one.
        """
        self._deadline, self._progress, self._done = deadline, progress, 0

    def __call__(self, inputs: ModelInputs) -> ModelOutputs:
        """See :class:`~boostgan_plugin.inference.backends.InferenceBackend`.

        Raises:
            TimeoutError: the time is over.
        """
        self._deadline.check()
        if self._progress is not None:
            self._progress(self._done)
        self._done += 1
        return self._backend(inputs)
