"""A model for use in one file: what restoring needs, small, and nothing that runs."""

from collections.abc import Mapping
import json
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from boostgan_plugin.checkpoint import load_strictly
from boostgan_plugin.files import replacing
from boostgan_plugin.models.inpainters.base import BaseInpainter
from boostgan_plugin.registry import MODELS

from .backends import ModelInfo
from .metadata import info_from_text, info_to_text
from .plain_config import export_config, validate_config
from .stored_weights import PRECISION, in_use, stored

#: What a file says of itself, and the version of that. In the first all weights were float16.
_FORMAT, _VERSION, _READABLE = 'boostgan_release', '2', ('1', '2')


def save_pretrained(
    inpainter: BaseInpainter, model_config: Mapping, info: ModelInfo, path: str | Path
) -> None:
    """Write an inpainter without discriminator and losses, its weights as
    :func:`~boostgan_plugin.inference.stored_weights.stored` rounds them.

    Args:
        inpainter: with its weights, as a checkpoint has them: the generator's already averaged.
        model_config: what it was built from.

    Raises:
        FileNotFoundError: the config of an embedder is not there.
        ValueError: the model's config names files or types that :func:`load_pretrained` would
            refuse.
    """
    config = export_config(model_config)
    restoring = _build(config, f'{path} (to be written)')
    weights = inpainter.state_dict()
    tensors = stored({name: weights[name] for name in restoring.state_dict()})
    metadata = {
        _FORMAT: _VERSION,
        'name': info.name,
        'weights': PRECISION,
        'config': json.dumps(config),
        'traits': info_to_text(info),
    }
    with replacing(path) as part:
        part.write_bytes(_ordered(save(tensors, metadata)))


def load_pretrained(path: str | Path) -> tuple[BaseInpainter, ModelInfo]:
    """Build and load a model of :func:`save_pretrained`, wherever the file comes from.

    No code of the file is run, and nothing but the file is opened.

    Raises:
        FileNotFoundError: no such file.
        ValueError: the file is broken or none of this package, its config names more than
            networks, or its weights do not fit its config.
    """
    metadata, tensors = _read(Path(path))
    if metadata.get(_FORMAT) not in _READABLE or not {'config', 'traits'} <= metadata.keys():
        raise ValueError(
            f'{path} holds weights, but is no file of this version of '
            'tools/export.py: write it again from a config and a checkpoint'
        )
    info = info_from_text(metadata['traits'], str(path))
    try:
        config = json.loads(metadata['config'])
    except (ValueError, RecursionError) as error:
        raise ValueError(f'{path}: the config of its model is no JSON: {error}') from error
    inpainter = _build(config, str(path))
    load_strictly(inpainter, in_use(tensors, str(path)), str(path))
    _check_names(inpainter, info, path)
    return inpainter.eval(), info


def _read(path: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    if not path.is_file():
        raise FileNotFoundError(f'{path} does not exist: write it with tools/export.py')
    try:
        with safe_open(path, framework='pt') as file:
            names = file.keys()
            return file.metadata() or {}, {name: file.get_tensor(name) for name in names}
    except (SafetensorError, OSError) as error:
        raise ValueError(
            f'{path} is broken or no safetensors file: write it again with '
            f'tools/export.py, or fetch it again ({error})'
        ) from error


def _build(config: dict, source: str) -> BaseInpainter:
    """The inpainter of a config that passes the check, without its weights."""
    validate_config(config, source)
    try:
        inpainter = MODELS.build({**config, '_scope_': 'boostgan'})
    except Exception as error:  # A config from elsewhere can be wrong in any way.
        raise ValueError(f'{source}: its model cannot be built: {error}') from error
    if not isinstance(inpainter, BaseInpainter):
        raise ValueError(f'{source} holds a {type(inpainter).__name__}, which is no inpainter')
    return inpainter


def _ordered(data: bytes) -> bytes:
    """The same model always as the same bytes: safetensors orders metadata at random."""
    start = 8 + int.from_bytes(data[:8], 'little')
    header = json.dumps(json.loads(data[8:start]), sort_keys=True).encode()
    header += b' ' * (-len(header) % 8)
    return len(header).to_bytes(8, 'little') + header + data[start:]


def _check_names(inpainter: BaseInpainter, info: ModelInfo, path: str | Path) -> None:
    """What a person is told has to be what the networks read."""
    names = [
        getattr(getattr(inpainter, embedder, None), 'names', ())
        for embedder in ('attribute_embedder', 'segmentation_embedder')
    ]
    if names != [info.attributes, info.classes]:
        raise ValueError(f'{path} tells other attributes or classes than its networks read')
