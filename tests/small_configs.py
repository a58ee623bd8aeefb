"""Any config of configs/, cut down to what trains in a moment."""

from collections.abc import Mapping
from inspect import Parameter, signature
from typing import Any

from mmengine.config import Config, ConfigDict
import torch

from boostgan_plugin.apis.config_tree import mappings
from boostgan_plugin.registry import MODELS

SIZE = 64
#: By the name of an argument: the most that is left of it.
LARGEST = dict(
    size=SIZE,
    image_size=SIZE,
    scale=SIZE,
    base_channels=8,
    stem_channels=8,
    max_channels=16,
    channels=8,
    full_channels=8,
    features=16,
    hidden_features=16,
    depth=50,
    levels=4,
    dilations=8,
    length=4,
    batch_size=2,
    num_workers=0,
    persistent_workers=False,
)


def shrink(config: Config) -> None:
    """Cut sizes, widths, depths and numbers down; what joins what stays as it is."""
    _cut(config._cfg_dict, config.default_scope)
    config.train_cfg.update(max_iters=2, val_interval=2)
    config.load_from = None  # What it goes on from is of full size.
    config.model.pop('init_cfg', None)
    config.param_scheduler = config.param_scheduler[-1:]
    config.param_scheduler[0].pop('begin', None)
    # Its size is that of the weights; without it the widths were for nothing.
    config.default_hooks.checkpoint.save_optimizer = False
    if 'backbone' in config.model:
        _fit_heads(config.model, config.default_scope)


def _cut(node: Mapping, scope: str) -> None:
    with MODELS.switch_scope_and_registry(scope) as registry:
        for mapping in mappings(node):
            kind = mapping.get('type')
            given = {**_defaults(registry.get(kind) if kind else None), **mapping}
            mapping.update(
                {
                    name: _at_most(given[name], most)
                    for name, most in LARGEST.items()
                    if name in given
                }
            )


def _at_most(value: Any, most: int) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)(_at_most(item, most) for item in value)
    return min(value, most) if isinstance(value, (int, float)) else value


def _defaults(kind: Any) -> dict[str, Any]:
    """What a class takes for arguments that a config leaves out, its bases' among them."""
    found = {}
    for base in getattr(kind, '__mro__', ()):
        parameters = signature(base.__init__).parameters.values()
        found = {parameter.name: parameter.default for parameter in parameters} | found
        if all(parameter.kind is not Parameter.VAR_KEYWORD for parameter in parameters):
            break
    return found


def _fit_heads(model: ConfigDict, scope: str) -> None:
    """Tell the heads how many channels the narrow backbone gives."""
    with MODELS.switch_scope_and_registry(scope) as registry, torch.no_grad():
        backbone = registry.build(model.backbone)
    backbone.eval()
    planes = 3 + model.backbone.get('num_attributes', 0)
    channels = [maps.shape[1] for maps in backbone(torch.zeros(1, planes, SIZE, SIZE))]
    for name in {'head', 'decode_head', 'auxiliary_head'} & set(model):
        index = model[name].get('in_index', -1)
        model[name].in_channels = (
            [channels[i] for i in index] if isinstance(index, list) else channels[index]
        )
        if model[name].get('num_convs') == 0:
            model[name].channels = model[name].in_channels
