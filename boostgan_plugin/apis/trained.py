"""The inpainter that a training has made, in PyTorch."""

from pathlib import Path

from mmengine.config import Config
from mmengine.registry import init_default_scope

from boostgan_plugin.checkpoint import load_trained, only_weights
from boostgan_plugin.inference.backends import ModelInfo
from boostgan_plugin.inference.metadata import check_info
from boostgan_plugin.inference.windows import WindowConfig
from boostgan_plugin.models.inpainters import BoostGAN
from boostgan_plugin.models.inpainters.base import BaseInpainter
from boostgan_plugin.registry import MODELS


@only_weights()
def build_trained(config: Config, weights: str | Path | None) -> tuple[BaseInpainter, ModelInfo]:
    """The inpainter of a training config with its weights, and what to know of it.

    Raises:
        FileNotFoundError: no such weights.
        ValueError: the weights do not fit, or there are none for a model that has some.
    """
    init_default_scope('boostgan')
    name = config.filename or 'the config'
    kind = config.get('model', {}).get('type', 'nothing')
    if kind not in MODELS:
        raise ValueError(f'{name} trains no inpainter, but {kind}')
    inpainter = MODELS.build(config.model)
    load_trained(inpainter, weights, 'give a checkpoint or a work directory as weights')
    return inpainter, _traits(inpainter, config)


def _traits(inpainter: BaseInpainter, config: Config) -> ModelInfo:
    wanted = dict(config.get('inference', {}))
    detail = wanted.pop('detail', 'off')
    if set(wanted) != {'image_size', 'context'}:
        raise ValueError(
            'the config does not say how large an image the model wants to see: add '
            "inference = dict(image_size=..., context=...), and detail='patches' for "
            'a model of photographs'
        )
    names = {}
    if isinstance(inpainter, BoostGAN):
        names = dict(
            attributes=inpainter.attribute_embedder.names,
            classes=inpainter.segmentation_embedder.names,
        )
    name = Path(config.filename).stem if config.filename else type(inpainter).__name__
    info = ModelInfo(name, WindowConfig(**wanted), **names, detail=detail)
    check_info(info, f'inference of {name}')
    return info
