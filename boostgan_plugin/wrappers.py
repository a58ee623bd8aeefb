"""Distributed wrappers around models."""

from mmengine.model import is_model_wrapper
from torch import nn


def unwrapped(module: nn.Module) -> nn.Module:
    """The module inside a distributed wrapper, or itself."""
    return module.module if is_model_wrapper(module) else module
