"""What restores, from whatever a person has: a name, a file, or a training."""

from dataclasses import replace
from pathlib import Path

from mmengine.config import Config
from mmengine.device import get_device
from mmengine.registry import init_default_scope

from boostgan_plugin.checkpoint import load_trained
from boostgan_plugin.inference.metadata import check_traits
from boostgan_plugin.inference.release import load_release, packaged_weights
from boostgan_plugin.inference.restorers import Restorer, TorchRestorer, Traits
from boostgan_plugin.inference.windows import Scale
from boostgan_plugin.models.inpainters import BoostGAN
from boostgan_plugin.models.inpainters.base import BaseInpainter
from boostgan_plugin.registry import MODELS

from .runs import load_config


def load_restorer(model: str | Path | Config, weights: str | Path | None = None,
                  device: str | None = None, context: float | None = None) -> Restorer:
    """See :class:`~boostgan_plugin.apis.InpaintingInferencer` for the arguments."""
    restorer = _load(model, weights, device)
    if context is not None:
        scale = replace(restorer.traits.scale, context=context)
        restorer.traits = replace(restorer.traits, scale=scale)
        check_traits(restorer.traits, 'the inferencer')
    return restorer


def build_trained(config: Config, weights: str | Path | None) -> tuple[BaseInpainter, Traits]:
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


def _load(model: str | Path | Config, weights: str | Path | None, device: str | None
          ) -> Restorer:
    best = device or get_device()
    if isinstance(model, Config):
        return TorchRestorer(*build_trained(model, weights), best)
    packaged = packaged_weights()
    path = Path(packaged.get(str(model), model))
    if not path.is_file():
        raise FileNotFoundError(f'{model} is no file, and none of the weights that come with the '
                                f'package: {", ".join(packaged)}')
    if path.suffix == '.py':
        return TorchRestorer(*build_trained(load_config(path), weights), best)
    if weights is not None:
        raise ValueError(f'{path} holds its weights; weights= goes with a training config (.py)')
    if path.suffix == '.safetensors':
        return TorchRestorer(*load_release(path), best)
    if path.suffix == '.onnx':
        from boostgan_plugin.inference.onnx_restorer import OnnxRestorer  # An optional extra.
        return OnnxRestorer(path, device or ('cuda' if best == 'cuda' else 'cpu'))
    raise ValueError(f'{path}: expected a config (.py, with weights=), or a .safetensors or .onnx '
                     'file of tools/export.py')


def _traits(inpainter: BaseInpainter, config: Config) -> Traits:
    if set(config.get('inference', ())) != {'image_size', 'context'}:
        raise ValueError('the config does not say how large an image the model wants to see: add '
                         'inference = dict(image_size=..., context=...)')
    names = {}
    if isinstance(inpainter, BoostGAN):
        names = dict(attributes=inpainter.attribute_embedder.names,
                     classes=inpainter.segmentation_embedder.names)
    name = Path(config.filename).stem if config.filename else type(inpainter).__name__
    traits = Traits(name, Scale(**config.inference), **names)
    check_traits(traits, f'inference of {name}')
    return traits
