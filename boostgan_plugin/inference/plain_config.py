"""Configs of models that restore: made for files of weights, and judged when they come back.

Whoever wrote a file may have written anything into it. mmengine's registries import what ``type``
names, and parts of OpenMMLab open or download what other entries name. So a config may name
nothing but networks that are registered, and nothing in it may look like a file or an address.
"""

from collections.abc import Iterator, Mapping
import inspect
import json
import re
from typing import Any

from mmengine.registry import MODELS as ROOT
from torch import nn

from boostgan_plugin import renamed
from boostgan_plugin.models.embedders.frozen_network import model_config
from boostgan_plugin.registry import MODELS

#: Entries of an inpainter that only training needs.
_TRAINING = (
    'discriminator',
    'loss',
    'consistency',
    'teacher_forcing_prob',
    'teacher_forcing_sample_prob',
    'told',
    'told_samples',
    'perceptual',
    'augmentation',
    'features',
    'weights',
    'phases',
)
#: Those that some inpainters want to be given all the same.
_REQUIRED = ('discriminator', 'features')
#: Entries of networks for training, or that name weights: those come with the file.
_DROPPED = ('init_cfg', 'pretrained', 'auxiliary_head', 'train_cfg', 'batch_augments')
#: Entries that name what to open.
_OPENING = ('init_cfg', 'pretrained', 'checkpoint')
#: Entries that OpenMMLab takes for a file to read when they are text.
_READ_FROM_FILES = ('class_weight', 'margins')
#: The names of what embedders read are never anything but names.
_NAMES = ('attributes', 'classes')
_EMBEDDERS = ('attribute_embedder', 'segmentation_embedder')
#: Modules of OpenMMLab whose networks look for files of their own or download them.
_REACHING = re.compile(
    r'mm(pretrain|seg)\..*(timm|hugging_face|multimodal|vpd|text_encoder|selfsup'
    r'|retrievers|san_head|vqa|tokenizer|peft)'
)
_TYPE = re.compile(r'(boostgan\.)?[A-Za-z_]\w*')
#: Words such as 'whole', 'soft-label' and 'regnetx_3.2gf': no path, no address, no file.ending.
_WORD = re.compile(r'[\w +-]*(\.\d\w*)*')


def export_config(config: Mapping) -> dict:
    """What of an inpainter's config restoring needs, as plain values; embedders' configs inline.

    Raises:
        FileNotFoundError: the config of an embedder is not there.
        ValueError: a value that is no plain one.
    """
    kept = {key: value for key, value in config.items() if key not in _TRAINING}
    kept.update({key: None for key in _REQUIRED if key in config})
    for name in _EMBEDDERS:
        if kept.get(name):
            network = model_config(kept[name]['config'])
            kept[name] = {**kept[name], 'config': network, 'checkpoint': None}
    try:
        return json.loads(json.dumps(_without(kept, _DROPPED)))
    except TypeError as error:
        raise ValueError(
            f'the config of the model holds more than plain values: {error}'
        ) from error


def validate_config(config: Any, source: str) -> None:
    """Refuse a config that could do more than build networks.

    Raises:
        ValueError: it names something else than registered networks, or what to open; names
            ``source`` and the entry.
    """
    if not isinstance(config, dict):
        raise ValueError(f'{source}: the config of its model is no dict')
    for path, value in _entries(config):
        problem = _problem(path, value)
        if problem:
            raise ValueError(f'{source} is refused: {".".join(map(str, path))}={value!r} {problem}')


def _without(node: Any, keys: tuple[str, ...]) -> Any:
    if isinstance(node, Mapping):
        return {key: _without(value, keys) for key, value in node.items() if key not in keys}
    if isinstance(node, (list, tuple)):
        return [_without(value, keys) for value in node]
    return node


def _entries(node: Any, path: tuple = ()) -> Iterator[tuple[tuple, Any]]:
    """Every entry below a node with its path, dicts and lists before what they hold."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        yield (*path, key), value
        if isinstance(value, (dict, list)):
            yield from _entries(value, (*path, key))


def _problem(path: tuple, value: Any) -> str | None:
    """What is wrong with an entry."""
    key = path[-1]
    if key == 'type':
        return _problem_of_type(value)
    if isinstance(key, str) and key.startswith('_'):
        return 'is an entry that mmengine acts on'
    if key in _OPENING and value is not None:
        return 'names weights to open; a file of weights holds its own'
    is_name = len(path) == 3 and path[0] in _EMBEDDERS and path[1] in _NAMES
    if (
        isinstance(value, str)
        and not is_name
        and (key in _READ_FROM_FILES or not _WORD.fullmatch(value))
    ):
        return 'may be a file or an address'
    return None


def _problem_of_type(name: Any) -> str | None:
    if not isinstance(name, str) or not _TYPE.fullmatch(name):
        return 'is no plain name of a network'
    found = list(_registered(name))
    if not found:
        return 'is no network that is registered here'
    for network in found:
        if not (inspect.isclass(network) and issubclass(network, nn.Module)):
            return 'is no network'
        if _REACHING.match(network.__module__):
            return 'is a network that may look for files or download them'
    return None


def _registered(name: str) -> Iterator[Any]:
    """What the registries of models know under a name, without importing what it says."""
    import mmpretrain.registry
    import mmseg.registry

    ours, _, short = renamed.current_class(name).rpartition('.')
    registries = (
        [MODELS] if ours else [ROOT, MODELS, mmpretrain.registry.MODELS, mmseg.registry.MODELS]
    )
    for registry in registries:
        registry.import_from_location()
        if short in registry.module_dict:
            yield registry.module_dict[short]
