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

from .backends import ModelInfo, ModelInputs, ModelOutputs
from .windows import NativeWindowConfig


@dataclass(frozen=True)
class Method:
    """``fill``: (H, W, 3) and (H, W) uint8, 1 = hole -> (H, W, 3) uint8. ``window``: bounds what
    one window takes. ``summary``: what to tell of it. ``check``: raises ImportError where it cannot
    run. ``detail``: see :class:`ModelInfo`."""

    fill: Callable[[np.ndarray, np.ndarray], np.ndarray]
    window: NativeWindowConfig
    summary: str
    check: Callable[[], object] = lambda: None
    detail: str = 'off'


#: By the names that people use. The time of PatchMatch grows with the window, and is a few seconds
#: for the largest.
METHODS = {
    'telea': Method(
        fill_telea, NativeWindowConfig(2048, 2), 'smooth continuation by fast marching (Telea 2004)'
    ),
    'navier-stokes': Method(
        fill_navier_stokes,
        NativeWindowConfig(2048, 2),
        'smooth continuation by fluid dynamics (Bertalmio et al. 2001)',
    ),
    'harmonic': Method(
        fill_harmonic,
        NativeWindowConfig(2048, 2),
        'a membrane between the known pixels (Chan and Shen 2001)',
    ),
    'patches': Method(
        fill_harmonic,
        NativeWindowConfig(2048, 4),
        'for photographs: known patches, in the colours of a membrane',
        detail='patches',
    ),
    'patchmatch': Method(
        fill_patchmatch,
        NativeWindowConfig(768, 4, smallest=96),
        'copies patches of the photograph (Barnes et al. 2009); needs boostgan_plugin[patchmatch]',
        patchmatch,
    ),
}


class ClassicalBackend:
    """Runs one of :data:`METHODS`. It computes with 8 bits, whatever the depth of the photograph.

    Raises:
        ImportError: it needs a package that is not installed.
    """

    def __init__(self, name: str) -> None:
        self._method = METHODS[name]
        self._method.check()
        self.info = ModelInfo(name, self._method.window, detail=self._method.detail)

    def __call__(self, inputs: ModelInputs) -> ModelOutputs:
        """See :class:`~boostgan_plugin.inference.backends.InferenceBackend`."""
        images = ((inputs.images + 1) * 127.5).round().astype(np.uint8).transpose(0, 2, 3, 1)
        holes = (inputs.masks[:, 0] > 0.5).astype(np.uint8)
        filled = np.stack(
            [
                self._method.fill(np.ascontiguousarray(image), hole)
                for image, hole in zip(images, holes)
            ]
        )
        nothing = np.zeros((len(images), 0, 0), np.float32)
        return ModelOutputs(filled.transpose(0, 3, 1, 2) / np.float32(127.5) - 1, nothing, nothing)
