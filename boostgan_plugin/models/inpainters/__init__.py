from .base import BaseInpainter
from .boostgan import BoostGAN
from .boostgan_plus import BoostGANPlus
from .context_encoder import ContextEncoder
from .contextual_attention import ContextualAttention
from .global_local import GlobalLocal
from .partial_conv import PartialConv
from .training_free import TrainingFree

__all__ = [
    'BaseInpainter',
    'BoostGAN',
    'BoostGANPlus',
    'ContextEncoder',
    'ContextualAttention',
    'GlobalLocal',
    'PartialConv',
    'TrainingFree',
]
