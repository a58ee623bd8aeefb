from boostgan_plugin import renamed

from .channels_last_hook import ChannelsLastHook
from .distributed import InpainterDistributedDataParallel
from .divergence_hook import DivergenceHook
from .durable_checkpoint_hook import DurableCheckpointHook
from .fused_moving_average import FusedExponentialMovingAverage
from .generator_ema_hook import GeneratorEMAHook
from .gradient_guard import GradientGuard
from .inpainting_visualization_hook import InpaintingVisualizationHook
from .interruption import Interruption, InterruptionHook
from .loss_curves_hook import LossCurvesHook
from .optim import AutocastOptimWrapper, PerNetworkOptimWrapperConstructor
from .pinned_discriminator_hook import PinnedDiscriminatorHook
from .progress_bar_hook import ProgressBarHook
from .sample_collector_hook import SampleCollectorHook
from .spike_hook import SpikeHook
from .strict_resume_hook import StrictResumeHook

__all__ = [
    'AutocastOptimWrapper',
    'ChannelsLastHook',
    'DivergenceHook',
    'DurableCheckpointHook',
    'FusedExponentialMovingAverage',
    'GeneratorEMAHook',
    'GradientGuard',
    'InpainterDistributedDataParallel',
    'Interruption',
    'InterruptionHook',
    'LossCurvesHook',
    'PerNetworkOptimWrapperConstructor',
    'PinnedDiscriminatorHook',
    'ProgressBarHook',
    'InpaintingVisualizationHook',
    'SampleCollectorHook',
    'SpikeHook',
    'StrictResumeHook',
]

#: Old names, with a warning.
__getattr__ = renamed.module_getattr(__name__)
