"""An example of each shape, for the document and the page of facts: as its fields say, or as their kinds would be."""

import types
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from lms.api.shapes import outer_name, write

OF_KINDS: dict[Any, Any] = {
    str: "text",
    int: 1,
    float: 0.5,
    bool: True,
    date: "2026-04-09",
    datetime: "2026-04-09T09:30:00+01:00",
}


def example_of(shape: Any) -> Any:
    """What a shape may look like as JSON."""
    hints = get_type_hints(shape)
    named = [each for each in fields(shape) if not each.metadata.get("rest")]
    return {outer_name(each): _example(each, hints[each.name]) for each in named}


def _example(each: Field[Any], hint: Any) -> Any:
    said = each.metadata.get("example")
    if said is not None:
        return said
    if each.default not in (MISSING, None, ""):
        return write(each.default)
    return _of(hint, outer_name(each))


def _of(hint: Any, name: str) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        return _of(next(each for each in get_args(hint) if each is not type(None)), name)
    if get_origin(hint) is tuple:
        return [_of(get_args(hint)[0], name)]
    if get_origin(hint) is not None:
        return {}
    if is_dataclass(hint):
        return example_of(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return next(iter(hint)).value
    return OF_NAMES.get(name, OF_KINDS.get(hint))


OF_NAMES = {
    "id": "4711",
    "ref": "P1021",
    "person_ref": "P1021",
    "event_ref": "SB-12",
    "event_id": "12",
    "course_code": "SB",
    "agency_code": "LARK",
    "cursor": "",
    "next_cursor": "",
}
