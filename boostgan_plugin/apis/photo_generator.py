"""How photographs are restored in use, as a row of a table."""

from dataclasses import replace

import numpy as np

from boostgan_plugin.inference.backends import InferenceBackend, ModelInputs, ModelOutputs
from boostgan_plugin.models.generators.classical import ImageFilling
from boostgan_plugin.registry import MODELS

from .inferencer import InpaintingInferencer


class _WithoutRegions:
    """A backend that keeps the regions that it predicts for itself."""

    def __init__(self, backend: InferenceBackend) -> None:
        self.info = replace(backend.info, classes=())
        self._backend = backend

    def __call__(self, inputs: ModelInputs) -> ModelOutputs:
        return self._backend(inputs)


@MODELS.register_module()
class AsPhotograph(ImageFilling):
    """Restores as :class:`~boostgan_plugin.apis.InpaintingInferencer` does: a window around each
    hole at the model's own scale, detail from the photograph, known pixels as they were.

    Args:
        model: a name that the inferencer knows, or a file of weights.
        config: instead, that of a training, with its ``checkpoint``, file or work directory.
        guided: whether the regions that the model predicts decide where detail may come from.
        kwargs: further arguments of the inferencer, such as ``detail``.

    Raises:
        FileNotFoundError, ImportError, ValueError: as the inferencer.
    """

    def __init__(
        self,
        model: str | None = None,
        config: str | None = None,
        checkpoint: str | None = None,
        guided: bool = True,
        **kwargs,
    ) -> None:
        super().__init__()
        self._restore = InpaintingInferencer(model or config, checkpoint, 'cpu', **kwargs)
        if not guided:
            self._restore.model = _WithoutRegions(self._restore.model)

    def _fill(self, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        (filled,) = self._restore(image, hole > 0)['predictions']
        return filled
