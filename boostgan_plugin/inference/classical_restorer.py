"""Restoring by methods that need no training."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from boostgan_plugin.classical import (
    fill_harmonic,
    fill_navier_stokes,
    fill_patchmatch,
    fill_telea,
    patchmatch,
)

from .restorers import Answers, Crops, Traits
from .windows import OwnScale


@dataclass(frozen=True)
class Method:
    """``fill``: (H, W, 3) and (H, W) uint8, 1 = hole -> (H, W, 3) uint8. ``scale``: bounds what
    one window takes. ``summary``: what to tell of it. ``check``: raises ImportError where it cannot
    run. ``detail``: see :class:`Traits`."""
    fill: Callable[[np.ndarray, np.ndarray], np.ndarray]
    scale: OwnScale
    summary: str
    check: Callable[[], object] = lambda: None
    detail: str = 'off'


#: By the names that people use. The time of PatchMatch grows with the window, and is a few seconds
#: for the largest.
METHODS = {
    'telea': Method(fill_telea, OwnScale(2048, 2),
                    'smooth continuation by fast marching (Telea 2004)'),
    'navier-stokes': Method(fill_navier_stokes, OwnScale(2048, 2),
                            'smooth continuation by fluid dynamics (Bertalmio et al. 2001)'),
    'harmonic': Method(fill_harmonic, OwnScale(2048, 2),
                       'a membrane between the known pixels (Chan and Shen 2001)'),
    'patches': Method(fill_harmonic, OwnScale(2048, 4),
                      'for photographs: known patches, in the colours of a membrane',
                      detail='patches'),
    'patchmatch': Method(fill_patchmatch, OwnScale(768, 4, smallest=96),
                         'copies patches of the photograph (Barnes et al. 2009); needs '
                         'boostgan_plugin[patchmatch]', patchmatch),
}


class ClassicalRestorer:
    """Runs one of :data:`METHODS`. It computes with 8 bits, whatever the depth of the photograph.

    Raises:
        ImportError: it needs a package that is not installed.
    """

    def __init__(self, name: str) -> None:
        self._method = METHODS[name]
        self._method.check()
        self.traits = Traits(name, self._method.scale, detail=self._method.detail)

    def __call__(self, crops: Crops) -> Answers:
        """See :class:`~boostgan_plugin.inference.restorers.Restorer`."""
        images = ((crops.images + 1) * 127.5).round().astype(np.uint8).transpose(0, 2, 3, 1)
        holes = (crops.holes[:, 0] > 0.5).astype(np.uint8)
        filled = np.stack([self._method.fill(np.ascontiguousarray(image), hole)
                           for image, hole in zip(images, holes)])
        nothing = np.zeros((len(images), 0, 0), np.float32)
        return Answers(filled.transpose(0, 3, 1, 2) / np.float32(127.5) - 1, nothing, nothing)
