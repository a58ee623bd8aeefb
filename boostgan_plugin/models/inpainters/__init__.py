from .base import BaseInpainter
from .boostgan import BoostGAN
from .context_encoder import ContextEncoder
from .contextual_attention import ContextualAttention
from .global_local import GlobalLocal
from .partial_conv import PartialConv
from .training_free import TrainingFree

__all__ = ['BaseInpainter', 'BoostGAN', 'ContextEncoder', 'ContextualAttention', 'GlobalLocal',
           'PartialConv', 'TrainingFree']
