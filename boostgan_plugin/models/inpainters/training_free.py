from torch import Tensor

from boostgan_plugin.registry import MODELS

from .base import BaseInpainter, InpaintingBatch, LossAndParts


@MODELS.register_module()
class TrainingFree(BaseInpainter):
    """An inpainter whose generator has nothing to learn, such as :class:`Telea`."""

    def discriminator_loss(self, batch: InpaintingBatch, output: Tensor) -> LossAndParts:
        """There is none, nor one of the generator.

        Raises:
            TypeError: always.
        """
        raise TypeError(f'{type(self.generator).__name__} needs no training')

    generator_loss = discriminator_loss
