"""Several processes that train one GAN."""

from collections.abc import MutableMapping
from typing import Any

from mmengine.model import MMSeparateDistributedDataParallel
import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from boostgan_plugin.registry import MODEL_WRAPPERS

_NESTED = 'module.'


@MODEL_WRAPPERS.register_module()
class InpainterDistributedDataParallel(MMSeparateDistributedDataParallel):
    """Generator and discriminator wrapped each by itself, on CUDA as on CPU.

    The ``state_dict`` has the names of the plain model, and those are what it loads: a checkpoint
    does not tell by how many processes it was written. (With mmengine's wrapper it holds
    ``generator.module.*``, which mmengine then does not find.)
    """

    def __init__(self, module: nn.Module, device_ids: list[int] | None = None, **kwargs) -> None:
        # The Runner names a device always; on CPU there is none.
        super().__init__(
            module, device_ids=device_ids if torch.cuda.is_available() else None, **kwargs
        )
        for child in module.children():
            if isinstance(child, DistributedDataParallel):
                child.register_state_dict_post_hook(_leave_out_wrapper)
                child.register_load_state_dict_pre_hook(_put_in_wrapper)


def _leave_out_wrapper(
    module: nn.Module, state_dict: MutableMapping[str, Any], prefix: str, *_
) -> None:
    _rename(state_dict, prefix + _NESTED, prefix)


def _put_in_wrapper(
    module: nn.Module, state_dict: MutableMapping[str, Any], prefix: str, *_
) -> None:
    _rename(state_dict, prefix, prefix + _NESTED)


def _rename(state_dict: MutableMapping[str, Any], old: str, new: str) -> None:
    for names in (state_dict, getattr(state_dict, '_metadata', {})):
        for name in [name for name in names if name.startswith(old)]:
            names[new + name.removeprefix(old)] = names.pop(name)
