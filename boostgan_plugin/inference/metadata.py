"""What a file of weights tells of itself, as text."""

import json
from numbers import Real

from .backends import DETAILS, ModelInfo
from .windows import WindowConfig


def info_to_text(info: ModelInfo) -> str:
    """JSON that :func:`info_from_text` reads."""
    return json.dumps(
        dict(
            name=info.name,
            **vars(info.window),
            attributes=info.attributes,
            classes=info.classes,
            detail=info.detail,
        )
    )


def info_from_text(text: str, source: str) -> ModelInfo:
    """The opposite of :func:`info_to_text`.

    Raises:
        ValueError: the text is something else; names ``source``.
    """
    try:
        stored = json.loads(text)
        info = ModelInfo(
            stored['name'],
            WindowConfig(stored['image_size'], stored['context']),
            _names(stored['attributes']),
            _names(stored['classes']),
            stored.get('detail', 'off'),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f'{source} does not tell what to know of its model: {error!r}') from error
    check_info(info, source)
    return info


def _names(stored: object) -> tuple:
    if not isinstance(stored, list):
        raise TypeError('names are no list')
    return tuple(stored)


def check_info(info: ModelInfo, source: str) -> None:
    """Refuse what cannot be true of a model.

    Raises:
        ValueError: says what; names ``source``.
    """
    size, context = info.window.image_size, info.window.context
    names = (info.name, *info.attributes, *info.classes)
    if not all(isinstance(name, str) for name in names):
        raise ValueError(f'{source}: names of its model, attributes and classes have to be text')
    if type(size) is not int or not 1 <= size <= 8192:
        raise ValueError(f'{source}: image_size={size!r} is no side of an image in pixels')
    if isinstance(context, bool) or not isinstance(context, Real) or not 1 <= context <= 1000:
        raise ValueError(
            f'{source}: context={context!r}: a window is at least as large as its hole, 1'
        )
    if info.detail not in DETAILS:
        raise ValueError(
            f'{source}: detail={info.detail!r} is unknown; choose {" or ".join(DETAILS)}'
        )
