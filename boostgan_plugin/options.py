"""What options may be, as their annotations say: wrong ones are told where something is built."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, wraps
import inspect
import math
from numbers import Integral, Real
import os
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np


@dataclass(frozen=True)
class Limit:
    """What of a type is allowed, in words and as a function."""

    words: str
    holds: Callable[[Any], bool]


_RISING = Limit('the second not below the first', lambda pair: pair[0] <= pair[1])

#: Whole numbers.
Size = Annotated[int, Limit('1 or more', lambda number: number >= 1)]
Count = Annotated[int, Limit('0 or more', lambda number: number >= 0)]
#: Numbers.
Weight = Annotated[float, Limit('0 or more', lambda number: number >= 0)]
Positive = Annotated[float, Limit('above 0', lambda number: number > 0)]
Ratio = Annotated[float, Limit('from 0 to 1', lambda number: 0 <= number <= 1)]
#: From where to where.
SizeRange = Annotated[tuple[Size, Size], _RISING]
CountRange = Annotated[tuple[Count, Count], _RISING]
RatioRange = Annotated[tuple[Ratio, Ratio], _RISING]
#: Of layers, at least one.
Sizes = Annotated[Sequence[Size], Limit('at least one', lambda sizes: len(sizes) > 0)]

#: What is of one type, how that is called, and what fits it.
_TYPES: dict[Any, tuple[str, Callable[[Any], bool]]] = {
    NoneType: ('None', lambda value: value is None),
    bool: ('True or False', lambda value: isinstance(value, (bool, np.bool_))),
    int: (
        'a whole number',
        lambda value: isinstance(value, Integral) and not isinstance(value, bool),
    ),
    float: (
        'a number',
        lambda value: (
            isinstance(value, Real)
            and not isinstance(value, (bool, np.bool_))
            and math.isfinite(value)
        ),
    ),
    str: ('a text', lambda value: isinstance(value, (str, os.PathLike))),
    Path: ('a path', lambda value: isinstance(value, (str, os.PathLike))),
    dict: ('a dict', lambda value: isinstance(value, Mapping)),
    Mapping: ('a dict', lambda value: isinstance(value, Mapping)),
}
#: Goes on to mmengine, which takes more than is usual.
_NOT_OURS = frozenset({'init_cfg'})

Class = TypeVar('Class', bound=type)


def checked(kind: Class) -> Class:
    """Have the options of a class compared with their annotations before it is built.

    Numbers have to be finite, and True is none. Annotations that say more than plain types,
    sequences, ``Literal`` and those above are passed over.

    Raises:
        TypeError: (when it is built) an option that there is not, or one that is missing.
        ValueError: (when it is built) an option that does not fit; the message names it and what is
            allowed.
    """
    construct = kind.__init__
    signature = inspect.signature(construct)

    @wraps(construct)
    def construct_checked(self, *args, **kwargs) -> None:
        name = type(self).__name__
        try:
            given = signature.bind(self, *args, **kwargs).arguments
        except TypeError as error:
            raise TypeError(f'{name}: {error}') from None
        for option, hint in _hints(construct).items():
            if option in given and option not in _NOT_OURS:
                check_option(given[option], hint, option, name)
        construct(self, *args, **kwargs)

    kind.__init__ = construct_checked
    return kind


def check_option(value: Any, hint: Any, option: str, owner: str) -> None:
    """Compare one option with its annotation.

    Raises:
        ValueError: it does not fit.
    """
    if not _fits(value, hint):
        raise ValueError(f'{owner}: {option}={value!r}; expected {_words(hint)}')


@cache
def _hints(construct: Callable) -> dict[str, Any]:
    return get_type_hints(construct, include_extras=True)


def _fits(value: Any, hint: Any) -> bool:
    if hint in _TYPES:
        return _TYPES[hint][1](value)
    kind, arguments = get_origin(hint), get_args(hint)
    if kind is Annotated:
        return _fits(value, arguments[0]) and all(limit.holds(value) for limit in arguments[1:])
    if kind in (Union, UnionType):
        return any(_fits(value, each) for each in arguments)
    if kind is Literal:
        return isinstance(value, str) and value in arguments
    if kind is Mapping:
        return isinstance(value, Mapping) and all(
            _fits(key, arguments[0]) and _fits(each, arguments[1]) for key, each in value.items()
        )
    if kind in (tuple, Sequence):
        wanted = arguments[:1] if kind is Sequence or Ellipsis in arguments else arguments
        return (
            _is_list(value)
            and (len(wanted) in (1, len(value)))
            and all(
                _fits(each, wanted[min(place, len(wanted) - 1)]) for place, each in enumerate(value)
            )
        )
    return True


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _words(hint: Any) -> str:
    if hint in _TYPES:
        return _TYPES[hint][0]
    kind, arguments = get_origin(hint), get_args(hint)
    if kind is Annotated:
        return ', '.join([_words(arguments[0]), *(limit.words for limit in arguments[1:])])
    if kind in (Union, UnionType):
        return ' or '.join(dict.fromkeys(map(_words, arguments)))
    if kind is Literal:
        return f'one of {", ".join(map(repr, arguments))}'
    if kind is Mapping:
        return f'a dict, each {_words(arguments[1])}'
    if kind is Sequence or Ellipsis in arguments:
        return f'a list, each {_words(arguments[0])}'
    if kind is tuple:
        return f'a list of {len(arguments)}, each {_words(arguments[0])}'
    return 'something else'
