from boostgan_plugin import renamed

from .classical import MaskedBaseline, MeanFill, NavierStokes, PatchMatch, Telea
from .context_encoder_generator import ContextEncoderGenerator
from .contextual_attention_generator import ContextualAttentionGenerator
from .global_local_generator import GlobalLocalGenerator
from .modulated_generator import ModulatedGenerator
from .partial_conv_unet import PartialConvUNet
from .semantic_generator import SemanticGenerator
from .transposed_conv import TransposedConv2d

__all__ = [
    'ContextEncoderGenerator',
    'ContextualAttentionGenerator',
    'GlobalLocalGenerator',
    'MaskedBaseline',
    'MeanFill',
    'ModulatedGenerator',
    'NavierStokes',
    'PartialConvUNet',
    'PatchMatch',
    'SemanticGenerator',
    'Telea',
    'TransposedConv2d',
]

#: Old names, with a warning.
__getattr__ = renamed.module_getattr(__name__)
