from .base import BaseInpainter
from .boostgan import BoostGAN
from .training_free import TrainingFree

__all__ = ['BaseInpainter', 'BoostGAN', 'TrainingFree']
