from collections.abc import Iterator
from contextlib import contextmanager

from mmengine.optim import OptimWrapper, OptimWrapperDict, build_optim_wrapper
import torch
from torch import nn

from boostgan_plugin.precision import bfloat16_is_faster
from boostgan_plugin.registry import OPTIM_WRAPPER_CONSTRUCTORS, OPTIM_WRAPPERS
from boostgan_plugin.wrappers import unwrapped


@OPTIM_WRAPPERS.register_module()
class AutocastOptimWrapper(OptimWrapper):
    """Mixed precision in bfloat16, on CPU as on CUDA.

    bfloat16 has the range of float32, so there is no loss scale. (mmengine's ``AmpOptimWrapper``,
    with a loss scale for float16, works on CUDA only.)

    Args:
        precision: 'bfloat16', or 'fastest': bfloat16 where it is faster than float32, which on CPU
            is measured when it is first needed, see
            :func:`~boostgan_plugin.precision.bfloat16_is_faster`.

    Raises:
        ValueError: another precision.
    """

    def __init__(self, *args, precision: str = 'fastest', **kwargs) -> None:
        if precision not in ('bfloat16', 'fastest'):
            raise ValueError(f"precision='{precision}' is unknown; choose 'bfloat16' or 'fastest'")
        super().__init__(*args, **kwargs)
        self.precision = precision

    @contextmanager
    def optim_context(self, model: nn.Module) -> Iterator[None]:
        """Autocast on the device of the parameters."""
        device = self.optimizer.param_groups[0]['params'][0].device.type
        enabled = self.precision == 'bfloat16' or bfloat16_is_faster(device)
        with super().optim_context(model), torch.autocast(device, torch.bfloat16, enabled=enabled):
            yield


@OPTIM_WRAPPER_CONSTRUCTORS.register_module()
class PerNetworkOptimWrapperConstructor:
    """One optimizer for each named child of the model.

    ``optim_wrapper=dict(constructor='PerNetworkOptimWrapperConstructor', generator=dict(...),
    discriminator=dict(...))``: each value is the config of an OptimWrapper.

    Raises:
        ValueError: the model has no such child.
    """

    def __init__(self, optim_wrapper_cfg: dict, paramwise_cfg: dict | None = None) -> None:
        if paramwise_cfg:
            raise ValueError('give paramwise_cfg to the single networks in optim_wrapper')
        self.configs = {name: cfg for name, cfg in optim_wrapper_cfg.items() if name != 'type'}

    def __call__(self, model: nn.Module) -> OptimWrapperDict:
        """An optimizer wrapper for each network that the config names.

        Raises:
            ValueError: the model has no network of that name.
        """
        model = unwrapped(model)
        for name in self.configs:
            if not isinstance(getattr(model, name, None), nn.Module):
                raise ValueError(
                    f'optim_wrapper names the network {name!r}, which '
                    f'{type(model).__name__} does not have'
                )
        return OptimWrapperDict(
            **{
                name: build_optim_wrapper(getattr(model, name), cfg.copy())
                for name, cfg in self.configs.items()
            }
        )
