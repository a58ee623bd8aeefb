"""Child registries of mmengine's roots under the scope ``boostgan``.

Each kind of mmengine has its child, so that ``default_scope='boostgan'`` finds them all; what
nothing of ours is registered in falls through to mmengine's own.
"""

from collections.abc import Callable
from inspect import isclass
import sys
from typing import Any

from mmengine import registry as root
from mmengine.registry import Registry

from . import renamed
from .options import checked

# mmengine looks for the registries of a scope in the module '<scope>.registry'.
sys.modules['boostgan.registry'] = sys.modules[__name__]


class CheckedRegistry(Registry):
    """Of classes that compare their options with their annotations, see
    :func:`~boostgan_plugin.options.checked`, in configs as in Python."""

    def register_module(
        self,
        name: str | list[str] | None = None,
        force: bool = False,
        module: Callable | None = None,
    ) -> Callable:
        """As mmengine's. Classes of other projects stay as they are."""
        if module is None:
            return lambda given: self.register_module(name, force, given)
        if isclass(module) and _is_ours(module.__init__):
            checked(module)
        return super().register_module(name, force, module)

    def get(self, key: str) -> Any:
        """As mmengine's; classes that were renamed are found by their old names, with a warning."""
        return super().get(renamed.current_class(key) if isinstance(key, str) else key)


def _is_ours(function: Callable) -> bool:
    return getattr(function, '__module__', '').startswith(f'{__package__}.')


def _child(parent: Registry, *locations: str) -> Registry:
    return CheckedRegistry(
        parent.name,
        parent=parent,
        scope='boostgan',
        locations=[f'boostgan_plugin.{location}' for location in locations],
    )


DATASETS = _child(root.DATASETS, 'datasets')
TRANSFORMS = _child(root.TRANSFORMS, 'datasets')
DATA_SAMPLERS = _child(root.DATA_SAMPLERS, 'datasets')
MODELS = _child(root.MODELS, 'models')
MODEL_WRAPPERS = _child(root.MODEL_WRAPPERS, 'engine')
WEIGHT_INITIALIZERS = _child(root.WEIGHT_INITIALIZERS)
METRICS = _child(root.METRICS, 'evaluation')
EVALUATOR = _child(root.EVALUATOR)
HOOKS = _child(root.HOOKS, 'engine')
LOOPS = _child(root.LOOPS)
RUNNERS = _child(root.RUNNERS)
RUNNER_CONSTRUCTORS = _child(root.RUNNER_CONSTRUCTORS)
OPTIMIZERS = _child(root.OPTIMIZERS)
OPTIM_WRAPPERS = _child(root.OPTIM_WRAPPERS, 'engine')
OPTIM_WRAPPER_CONSTRUCTORS = _child(root.OPTIM_WRAPPER_CONSTRUCTORS, 'engine')
PARAM_SCHEDULERS = _child(root.PARAM_SCHEDULERS)
TASK_UTILS = _child(root.TASK_UTILS)
VISUALIZERS = _child(root.VISUALIZERS)
VISBACKENDS = _child(root.VISBACKENDS)
LOG_PROCESSORS = _child(root.LOG_PROCESSORS)
INFERENCERS = _child(root.INFERENCERS)
STRATEGIES = _child(root.STRATEGIES)
FUNCTIONS = _child(root.FUNCTIONS)
