"""Attribute labels as mmpretrain's MultiLabelDataset reads them, looked through before they are
trained on: what is wrong there makes losses negative, or ends deep inside."""

from collections.abc import Sequence
import json
from pathlib import Path
from typing import Any

FORMS = (
    '"gt_label", a list of class numbers such as [0, 2], each once, or "gt_score", 0 or 1 for '
    'each class such as [1, 0, 1]'
)


def check_label_file(path: str | Path, classes: Sequence[str] | None = None) -> tuple[str, ...]:
    """Refuse a file of labels that does not have this form::

        {"metainfo": {"classes": ["beard", "glasses", "hat"]},
         "data_list": [{"img_path": "a.jpg", "gt_label": [0, 2]},
                       {"img_path": "b.jpg", "gt_score": [0, 1, 0]}]}

    Args:
        classes: those that a config names; then the file needs none, and has no others.

    Returns:
        The classes.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is of another form; names the file, the entry and what is allowed.
    """
    content = _read(Path(path))
    classes = _classes(content['metainfo'], classes, path)
    entries = content['data_list']
    if not isinstance(entries, list) or not entries:
        raise ValueError(
            f'{path}: "data_list" is {_shown(entries)}; expected a list of entries, at least one'
        )
    for number, entry in enumerate(entries):
        fault = _fault(entry, len(classes))
        if fault:
            name = entry.get('img_path') if isinstance(entry, dict) else None
            raise ValueError(f'{path}: entry {number}{f" ({name})" if name else ""}: {fault}')
    _refuse_mixture(entries, path)
    return classes


def _read(path: Path) -> dict:
    if not path.is_file():
        raise FileNotFoundError(f'label file {path} does not exist')
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ValueError(f'{path} is no JSON: {error}') from error
    if not isinstance(content, dict) or not {'metainfo', 'data_list'} <= content.keys():
        raise ValueError(
            f'{path}: expected {{"metainfo": {{"classes": [...]}}, "data_list": [...]}}'
        )
    return content


def _classes(metainfo: Any, wanted: Sequence[str] | None, path: str | Path) -> tuple[str, ...]:
    classes = metainfo.get('classes') if isinstance(metainfo, dict) else None
    if classes is None and wanted is not None:
        return tuple(wanted)
    if (
        not isinstance(classes, list)
        or not classes
        or not all(isinstance(name, str) for name in classes)
        or len(set(classes)) < len(classes)
    ):
        raise ValueError(
            f'{path}: "classes" in "metainfo" is {_shown(classes)}; expected the '
            'names of the attributes, in the order of their numbers, each once'
        )
    if wanted is not None and tuple(wanted) != tuple(classes):
        raise ValueError(
            f'{path} has other classes than its config, or another order: '
            f'{difference(classes, wanted)}'
        )
    return tuple(classes)


def _fault(entry: Any, classes: int) -> str | None:
    if not isinstance(entry, dict):
        return f'is {_shown(entry)}; expected {{"img_path": ..., "gt_label": [...]}}'
    if not isinstance(entry.get('img_path'), str) or not entry['img_path']:
        return f'"img_path" is {_shown(entry.get("img_path"))}; expected the path of an image'
    if 'gt_score' in entry:
        return _score_fault(entry['gt_score'], classes)
    if 'gt_label' not in entry:
        return f'has no labels; expected {FORMS}'
    return _number_fault(entry['gt_label'], classes)


def _score_fault(scores: Any, classes: int) -> str | None:
    if (
        isinstance(scores, list)
        and len(scores) == classes
        and all(type(score) in (int, float) and score in (0, 1) for score in scores)
    ):
        return None
    return f'"gt_score" is {_shown(scores)}; expected 0 or 1 for each of the {classes} classes'


def _number_fault(numbers: Any, classes: int) -> str | None:
    if (
        isinstance(numbers, list)
        and all(type(number) is int and 0 <= number < classes for number in numbers)
        and (len(set(numbers)) == len(numbers))
    ):
        return None
    looks = ''
    if (
        isinstance(numbers, list)
        and len(numbers) == classes
        and all(type(number) in (int, float) and number in (-1, 0, 1) for number in numbers)
    ):
        looks = ', which looks like 0 or 1 for each class'
    return (
        f'"gt_label" is {_shown(numbers)}{looks}; allowed are {FORMS}; classes have the '
        f'numbers 0 to {classes - 1}'
    )


def _refuse_mixture(entries: Sequence[dict], path: str | Path) -> None:
    """mmpretrain takes all labels of a batch in the form of the first."""
    with_scores = ['gt_score' in entry for entry in entries]
    if any(with_scores) and not all(with_scores):
        raise ValueError(
            f'{path}: entry {with_scores.index(True)} has "gt_score", entry '
            f'{with_scores.index(False)} has not: give all entries one form'
        )


def difference(first: Sequence[str], second: Sequence[str]) -> str:
    """Where two lists of names part, in words."""
    for number, names in enumerate(zip(first, second)):
        if names[0] != names[1]:
            return f'number {number} is {names[0]!r} here, {names[1]!r} there'
    return f'{len(first)} names here, {len(second)} there'


def _shown(value: Any) -> str:
    text = 'missing' if value is None else json.dumps(value)
    return text if len(text) <= 60 else f'{text[:57]}...'
