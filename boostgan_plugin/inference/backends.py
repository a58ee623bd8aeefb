"""What fills holes at the model's scale, whatever it runs on; without PyTorch."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from .windows import WindowConfig

#: Where fine detail of a large hole comes from: nowhere, what the model makes is enlarged; or from
#: known patches of the photograph, see :mod:`boostgan_plugin.inference.texture`.
DETAILS = ('off', 'patches')


@dataclass(frozen=True)
class ModelInfo:
    """What a person has to know of a model: the names that it predicts, none for models without
    semantics, how it wants to see an image, and whether what it makes of large holes should get
    detail, one of :data:`DETAILS`."""

    name: str
    window: WindowConfig
    attributes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    detail: str = 'off'


@dataclass(frozen=True)
class ModelInputs:
    """N crops at the model's scale, all of one size.

    ``images`` (N, 3, H, W) float32 RGB in [-1, 1], 0 in the hole; ``masks`` (N, 1, H, W) float32,
    1 = hole; ``attributes`` (N, N1) float32 and ``segmentation`` (N, 1, H, W) int16 override what
    is predicted, -1 keeps it.
    """

    images: np.ndarray
    masks: np.ndarray
    attributes: np.ndarray
    segmentation: np.ndarray


@dataclass(frozen=True)
class ModelOutputs:
    """``outputs`` (N, 3, H, W) in [-1, 1]; ``attributes`` (N, N1) in [0, 1] and ``segmentation``
    (N, H, W) class numbers: what was predicted, empty for models without semantics."""

    outputs: np.ndarray
    attributes: np.ndarray
    segmentation: np.ndarray


class InferenceBackend(Protocol):
    """Fills holes, whatever it runs on."""

    info: ModelInfo

    def __call__(self, inputs: ModelInputs) -> ModelOutputs:
        """The raw outputs of N crops; what they hold outside the holes is of no account."""
