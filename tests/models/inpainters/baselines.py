"""The methods BoostGAN is compared with, cut down to 32 px."""

from copy import deepcopy

from mmengine.config import ConfigDict
from mmengine.optim import OptimWrapperDict

from boostgan_plugin.engine import PerNetworkOptimWrapperConstructor
from tests.conftest import SIZE

_CRITIC = dict(image_size=SIZE, base_channels=8, max_channels=16)
BASELINES = dict(
    ContextEncoder=dict(
        generator=dict(
            type='ContextEncoderGenerator', image_size=SIZE, base_channels=8, max_channels=32
        ),
        discriminator=dict(type='ContextEncoderDiscriminator', **_CRITIC),
    ),
    GlobalLocal=dict(
        generator=dict(type='GlobalLocalGenerator', base_channels=8),
        discriminator=dict(type='GlobalLocalDiscriminator', features=8, **_CRITIC),
        phases=[
            dict(name='generator', updates=['generator'], steps=2),
            dict(name='discriminator', updates=['discriminator'], steps=1),
            dict(name='joint', updates=['discriminator', 'generator']),
        ],
    ),
    PartialConv=dict(
        generator=dict(type='PartialConvUNet', levels=3, base_channels=8, max_channels=16),
        features=dict(type='EfficientNetLiteFeatures'),
    ),
    ContextualAttention=dict(
        generator=dict(type='ContextualAttentionGenerator', base_channels=8, dilations=[2]),
        discriminator=dict(type='GlobalLocalCritic', **_CRITIC),
    ),
)


def baseline_config(name: str) -> ConfigDict:
    return ConfigDict(type=name, **deepcopy(BASELINES[name]))


def optimizers(model, lr: float = 1e-3) -> OptimWrapperDict:
    """One for each network that the model has."""
    wrapper = dict(type='OptimWrapper', optimizer=dict(type='Adam', lr=lr))
    return PerNetworkOptimWrapperConstructor(
        {
            name: deepcopy(wrapper)
            for name in ('generator', 'discriminator')
            if getattr(model, name) is not None
        }
    )(model)
