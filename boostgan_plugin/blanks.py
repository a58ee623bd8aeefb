"""Entries that a config leaves open: ``'{size}'`` stands for a fact of the data."""

from collections.abc import Mapping
from typing import Any


def fill(node: Any, facts: Mapping[str, Any]) -> Any:
    """A part of a config with the facts in place; what is no fact stays open."""
    if isinstance(node, dict):
        return type(node)({key: fill(value, facts) for key, value in node.items()})
    if isinstance(node, (list, tuple)):
        return type(node)(fill(value, facts) for value in node)
    return facts.get(node[1:-1], node) if is_blank(node) else node


def has_blanks(node: Any) -> bool:
    """Whether a part of a config leaves anything open."""
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, (list, tuple)):
        return any(map(has_blanks, node))
    return is_blank(node)


def is_blank(entry: Any) -> bool:
    """Whether an entry is left open."""
    return isinstance(entry, str) and entry[:1] == '{' and entry[-1:] == '}'
