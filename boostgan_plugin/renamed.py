"""Old names, which go on working for one release and warn.

The old and the new words are in ``docs/words.md``. What is here goes with the release after the one
that renamed it: delete the entries, and the calls that they leave without any.
"""

from collections.abc import Callable, MutableMapping
from functools import wraps
from importlib import import_module
from typing import Any, TypeVar
import warnings

#: Registered classes, by their old names.
CLASSES = dict(
    CountingSampler='SeededInfiniteSampler',
    CountedDataset='SeededDatasetWrapper',
    SampleKeeper='SampleCollectorHook',
    SampleGridHook='InpaintingVisualizationHook',
    LeaveHole='MaskedBaseline',
    MeanColour='MeanFill',
    EraseHole='ApplyMask',
    LabelColours='GenerateColorLabels',
)

#: Entries of configs, wherever they stand, by their old names.
KEYS = dict(
    told='teacher_forcing_prob',
    told_samples='teacher_forcing_sample_prob',
    share='ratio',
    crossing='min_overlap',
)

Function = TypeVar('Function', bound=Callable)
Class = TypeVar('Class', bound=type)


def warn(old: str, new: str, stacklevel: int = 3) -> None:
    """Say that a name is going.

    Args:
        stacklevel: of the caller whose line is shown, as of :func:`warnings.warn`.
    """
    warnings.warn(
        f'{old} is now called {new}; the old name goes with the next release',
        DeprecationWarning,
        stacklevel=stacklevel,
    )


def current_class(name: str) -> str:
    """The name under which a class is registered now, with its scope if it had one."""
    scope, dot, short = name.rpartition('.')
    if scope not in ('', 'boostgan') or short not in CLASSES:
        return name
    warn(short, CLASSES[short])
    return f'{scope}{dot}{CLASSES[short]}'


def same_words(node: Any) -> Any:
    """A config of before in the present words, without a warning: to be compared, not built."""
    if isinstance(node, dict):
        return {KEYS.get(key, key): same_words(value) for key, value in node.items()}
    if isinstance(node, (list, tuple)):
        return [same_words(value) for value in node]
    if isinstance(node, str):
        scope, dot, name = node.rpartition('.')
        return f'{scope}{dot}{CLASSES[name]}' if name in CLASSES else node
    return node


def module_getattr(module: str) -> Callable[[str], Any]:
    """A ``__getattr__`` for a package whose classes have old names."""

    def get(name: str) -> Any:
        new = CLASSES.get(name)
        package = import_module(module)
        if new not in getattr(package, '__all__', ()):
            raise AttributeError(f'module {module!r} has no attribute {name!r}')
        warn(name, new)
        return getattr(package, new)

    return get


class Attribute:
    """An attribute or method of a class by its old name: ``old = Attribute('new')`` in its body."""

    def __init__(self, new: str) -> None:
        self._new = new

    def __set_name__(self, owner: type, name: str) -> None:
        self._old = f'{owner.__name__}.{name}'

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        warn(self._old, self._new)
        return getattr(instance, self._new)


def arguments(**names: str) -> Callable[[Function], Function]:
    """Keyword arguments of a function by their old names: ``old='new'``, see :func:`keys`."""

    def decorate(function: Function) -> Function:
        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            keys(kwargs, f'{function.__qualname__}: ', stacklevel=4, **names)
            return function(*args, **kwargs)

        return call  # type: ignore[return-value]

    return decorate


def options(**names: str) -> Callable[[Class], Class]:
    """As :func:`arguments`, of a registered class; goes above its registration, which checks."""

    def decorate(kind: Class) -> Class:
        kind.__init__ = arguments(**names)(kind.__init__)  # type: ignore[misc]
        return kind

    return decorate


def keys(node: MutableMapping, where: str = '', stacklevel: int = 3, **names: str) -> None:
    """Entries of a config by their old names, renamed in place: ``old='new'``.

    Where both are there the old one counts: somebody's config has it, the other is from the config
    that it builds on.

    Args:
        where: they are, for the message.
    """
    for old, new in names.items():
        if old in node:
            warn(f'{where}{old}', new, stacklevel + 1)
            node[new] = node.pop(old)
