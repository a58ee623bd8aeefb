from .classical import LeaveHole, MeanColour, NavierStokes, PatchMatch, Telea
from .context_encoder_generator import ContextEncoderGenerator
from .contextual_attention_generator import ContextualAttentionGenerator
from .global_local_generator import GlobalLocalGenerator
from .modulated_generator import ModulatedGenerator
from .partial_conv_unet import PartialConvUNet
from .semantic_generator import SemanticGenerator
from .transposed_conv import TransposedConv2d

__all__ = [
    'ContextEncoderGenerator', 'ContextualAttentionGenerator', 'GlobalLocalGenerator', 'LeaveHole',
    'MeanColour', 'ModulatedGenerator', 'NavierStokes', 'PartialConvUNet', 'PatchMatch',
    'SemanticGenerator', 'Telea', 'TransposedConv2d'
]
