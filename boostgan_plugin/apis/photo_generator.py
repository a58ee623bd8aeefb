"""How photographs are restored in use, as a row of a table."""

from dataclasses import replace

import numpy as np

from boostgan_plugin.inference.restorers import Answers, Crops, Restorer
from boostgan_plugin.models.generators.classical import PictureFilling
from boostgan_plugin.registry import MODELS

from .inferencer import InpaintingInferencer


class _WithoutRegions:
    """A restorer that keeps the regions that it reads for itself."""

    def __init__(self, restorer: Restorer) -> None:
        self.traits = replace(restorer.traits, classes=())
        self._restorer = restorer

    def __call__(self, crops: Crops) -> Answers:
        return self._restorer(crops)


@MODELS.register_module()
class AsPhotograph(PictureFilling):
    """Restores as :class:`~boostgan_plugin.apis.InpaintingInferencer` does: a window around each
    hole at the model's own scale, detail from the photograph, known pixels as they were.

    Args:
        model: a name that the inferencer knows, or a file of weights.
        config: instead, that of a training, with its ``checkpoint``, file or work directory.
        guided: whether the regions that the model reads decide where detail may come from.
        kwargs: further arguments of the inferencer, such as ``detail``.

    Raises:
        FileNotFoundError, ImportError, ValueError: as the inferencer.
    """

    def __init__(self, model: str | None = None, config: str | None = None,
                 checkpoint: str | None = None, guided: bool = True, **kwargs) -> None:
        super().__init__()
        self._restore = InpaintingInferencer(model or config, checkpoint, 'cpu', **kwargs)
        if not guided:
            self._restore.model = _WithoutRegions(self._restore.model)

    def _fill(self, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        filled, = self._restore(image, hole > 0)['predictions']
        return filled
