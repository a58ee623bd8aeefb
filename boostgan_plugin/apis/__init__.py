"""What the tools and other programs call. Each name is imported when it is first asked for, so that
those who restore photographs do not wait for what trains."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .inferencer import InpaintingInferencer
    from .runs import load_config, test, train

__all__ = ['InpaintingInferencer', 'load_config', 'test', 'train']

_MODULES = dict(InpaintingInferencer='inferencer', load_config='runs', test='runs', train='runs')


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    return getattr(import_module(f'.{_MODULES[name]}', __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
