"""Whether the parts of a plugin are of the kinds that the contract says, so that a forgotten comma is named."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from inspect import isclass
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from lms.frame.plugins import Plugin

NAMED = ("name", "kind", "title", "place")
SAID = {bool: "True or False", str: "a text", int: "a whole number", type: "a class", NoneType: "None"}


def wrong_values(plugin: Plugin) -> Iterator[str]:
    """What in a plugin is not what the contract says, a sentence each."""
    for each in fields(plugin):
        value, hint = getattr(plugin, each.name), _hints(Plugin)[each.name]
        if not _fits(value, hint):
            yield f"{plugin.name}: `{each.name}` should be {_said(hint)}."
        elif isinstance(value, tuple):
            yield from (line for part in value for line in _wrong_parts(plugin, part))
        else:
            yield from _wrong_parts(plugin, value)


def _wrong_parts(plugin: Plugin, part: Any) -> Iterator[str]:
    if not is_dataclass(part) or isclass(part):
        return
    for each in fields(part):
        value, hint = getattr(part, each.name), _hints(type(part))[each.name]
        if not _fits(value, hint):
            yield f"{plugin.name}: `{each.name}` of {_called(part)} should be {_said(hint)}."
        elif isinstance(value, tuple):
            yield from (line for inner in value for line in _wrong_parts(plugin, inner))


def _called(part: Any) -> str:
    """the Permission parking.look"""
    known = (getattr(part, name, "") for name in NAMED)
    name = next((value for value in known if isinstance(value, str) and value), "")
    return f"the {type(part).__name__} {name}".strip() if name else f"a {type(part).__name__}"


def _fits(value: Any, hint: Any) -> bool:
    origin, args = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if origin in (Union, UnionType):
        return any(_fits(value, each) for each in args)
    if origin is Callable or origin is get_origin(Callable[..., Any]):
        return callable(value)
    if origin in (tuple, frozenset):
        return isinstance(value, origin) and all(_fits(each, args[0]) for each in value)
    if origin is not None:
        return isinstance(value, origin)
    return isinstance(value, hint) and not (hint is int and isinstance(value, bool))


def _said(hint: Any) -> str:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return " or ".join(_said(each) for each in args)
    if origin in (tuple, frozenset):
        return f"a {origin.__name__} of {_many(args[0])}"
    if origin is get_origin(Mapping[str, str]):
        return "a mapping"
    if origin is not None:
        return "a function"
    return SAID.get(hint) or f"a {hint.__name__}"


def _many(hint: Any) -> str:
    return "texts" if hint is str else str(hint.__name__)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
