"""What restores, from whatever a person has: a name, a file, or a training.

Nothing here imports PyTorch before it is known to be needed: that alone takes longer than restoring
a photograph with ONNX.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
import sys

from mmengine.config import Config

from boostgan_plugin.inference.backends import InferenceBackend, ModelInfo
from boostgan_plugin.inference.classical_backend import METHODS, ClassicalBackend
from boostgan_plugin.inference.edits import names_like
from boostgan_plugin.inference.metadata import check_info
from boostgan_plugin.inference.packaged import info_of, packaged_weights

#: Of those that have a name, for people who say nothing else.
DEFAULT = 'photos'

#: How the names of the devices begin that PyTorch may compute on instead of the CPU, in /dev.
_ACCELERATORS = ('nvidia', 'nvhost', 'nvmap', 'dxg', 'kfd', 'davinci', 'cambricon', 'mtgpu')


def load_backend(
    model: str | Path | Config,
    weights: str | Path | None = None,
    device: str | None = None,
    context: float | None = None,
    precision: str = 'float32',
) -> InferenceBackend:
    """See :class:`~boostgan_plugin.apis.InpaintingInferencer` for the arguments."""
    backend = _load(model, weights, device, precision)
    if context is not None:
        window = replace(backend.info.window, context=context)
        backend.info = replace(backend.info, window=window)
        check_info(backend.info, 'the inferencer')
    return backend


def default_model(attributes: Collection[str] = (), regions: Collection[str] = ()) -> str:
    """The weights of the package for those who name no model: ``photos``, or the first that know
    all that is told.

    Raises:
        ValueError: none knows all of it.
    """
    known = {name: info_of(path) for name, path in packaged_weights().items()}
    for name in sorted(known, key=lambda name: name != DEFAULT):
        if set(attributes) <= {*known[name].attributes} and set(regions) <= {*known[name].classes}:
            return name
    _refuse_unknown('attribute', attributes, [info.attributes for info in known.values()])
    _refuse_unknown('region', regions, [info.classes for info in known.values()])
    raise ValueError(
        f'none of {", ".join(known)} knows all of '
        f'{", ".join(sorted({*attributes, *regions}))}: --list-models tells what each '
        'of them knows'
    )


def _refuse_unknown(kind: str, wanted: Collection[str], known: Sequence[Sequence[str]]) -> None:
    names = list(chain.from_iterable(known))
    for name in sorted({*wanted} - {*names}):
        raise ValueError(
            f'no weights of the package know the {kind} {name}; {names_like(name, names)}'
        )


def known_models() -> dict[str, str]:
    """What can be named as a model without giving a file, and what to know of each.

    Weights that come with the package tell what they read; methods need no training and read
    nothing.
    """
    weights = {name: _tell(info_of(path)) for name, path in packaged_weights().items()}
    return {
        **weights,
        **{name: f'no training, any size: {method.summary}' for name, method in METHODS.items()},
    }


def _tell(info: ModelInfo) -> str:
    parts = [f'weights for {info.window.image_size} px']
    parts += [f'attributes: {" ".join(info.attributes)}'] if info.attributes else []
    parts += [f'regions: {" ".join(info.classes)}'] if info.classes else []
    return '; '.join(parts)


def best_device(devices: str | Path = '/dev') -> str:
    """The best device here; PyTorch is only asked where there may be another than the CPU.

    Args:
        devices: folder of Linux's device files.
    """
    names = (path.name for path in Path(devices).glob('*'))
    if sys.platform == 'linux' and not any(name.startswith(_ACCELERATORS) for name in names):
        return 'cpu'
    from mmengine.device import get_device

    return get_device()


def _load(
    model: str | Path | Config, weights: str | Path | None, device: str | None, precision: str
) -> InferenceBackend:
    if str(model) in METHODS:
        if weights is not None:
            raise ValueError(
                f'{model} needs no weights; weights= goes with a training config (.py)'
            )
        return ClassicalBackend(str(model))
    best = device or best_device()
    if isinstance(model, Config):
        return _trained(model, weights, best, precision)
    packaged = packaged_weights()
    path = Path(packaged.get(str(model), model))
    if not path.is_file():
        raise FileNotFoundError(
            f'{model} is no file, and none of the models that have a name: '
            f'{", ".join([*packaged, *METHODS])}'
        )
    if path.suffix == '.py':
        from .runs import load_config

        return _trained(load_config(path), weights, best, precision)
    if weights is not None:
        raise ValueError(f'{path} holds its weights; weights= goes with a training config (.py)')
    if path.suffix == '.safetensors':
        load = _packaged if str(model) in packaged else _released
        return load(path, best, precision)
    if path.suffix == '.onnx':
        from boostgan_plugin.inference.onnx_backend import OnnxBackend

        return OnnxBackend(path, device or ('cuda' if best == 'cuda' else 'cpu'))
    raise ValueError(
        f'{path}: expected a config (.py, with weights=), or a .safetensors or .onnx '
        'file of tools/export.py'
    )


def _packaged(path: Path, device: str, precision: str) -> InferenceBackend:
    """Weights of the package: on the CPU their graph, wherever onnxruntime is installed."""
    graph = path.with_suffix('.onnx')
    if device == 'cpu' and graph.is_file():
        from boostgan_plugin.inference.onnx_backend import OnnxBackend

        try:
            return OnnxBackend(graph)
        except ImportError:
            pass  # It is an optional extra; PyTorch is always there.
    return _released(path, device, precision)


def _released(path: Path, device: str, precision: str) -> InferenceBackend:
    from boostgan_plugin.inference.pretrained import load_pretrained
    from boostgan_plugin.inference.torch_backend import TorchBackend

    return TorchBackend(*load_pretrained(path), device, precision)


def _trained(
    config: Config, weights: str | Path | None, device: str, precision: str
) -> InferenceBackend:
    from boostgan_plugin.inference.torch_backend import TorchBackend

    from .trained import build_trained

    return TorchBackend(*build_trained(config, weights), device, precision)
