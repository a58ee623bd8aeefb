"""What a file of weights tells of itself, as text."""

import json
from numbers import Real

from .restorers import DETAILS, Traits
from .windows import Scale


def traits_to_text(traits: Traits) -> str:
    """JSON that :func:`traits_from_text` reads."""
    return json.dumps(dict(name=traits.name, **vars(traits.scale), attributes=traits.attributes,
                           classes=traits.classes, detail=traits.detail))


def traits_from_text(text: str, source: str) -> Traits:
    """The opposite of :func:`traits_to_text`.

    Raises:
        ValueError: the text is something else; names ``source``.
    """
    try:
        told = json.loads(text)
        traits = Traits(told['name'], Scale(told['image_size'], told['context']),
                        _names(told['attributes']), _names(told['classes']),
                        told.get('detail', 'off'))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f'{source} does not tell what to know of its model: {error!r}') from error
    check_traits(traits, source)
    return traits


def _names(told: object) -> tuple:
    if not isinstance(told, list):
        raise TypeError('names are no list')
    return tuple(told)


def check_traits(traits: Traits, source: str) -> None:
    """Refuse what cannot be true of a model.

    Raises:
        ValueError: says what; names ``source``.
    """
    size, context = traits.scale.image_size, traits.scale.context
    names = (traits.name, *traits.attributes, *traits.classes)
    if not all(isinstance(name, str) for name in names):
        raise ValueError(f'{source}: names of its model, attributes and classes have to be text')
    if type(size) is not int or not 1 <= size <= 8192:
        raise ValueError(f'{source}: image_size={size!r} is no side of an image in pixels')
    if isinstance(context, bool) or not isinstance(context, Real) or not 1 <= context <= 1000:
        raise ValueError(f'{source}: context={context!r}: a window is at least as large as its '
                         'hole, 1')
    if traits.detail not in DETAILS:
        raise ValueError(f'{source}: detail={traits.detail!r} is unknown; choose '
                         f'{" or ".join(DETAILS)}')
