"""Frozen dataclasses as the shapes of JSON: read from what was sent, written back, and described as a schema.

A field is text, a whole number, a number, yes or no, a day, a moment, an enumeration, another shape, a tuple of these,
a mapping by name, or one of these or nothing. `says(...)` adds its words, its limits and, where Python reserves the
name (`from`), how it is called outside. What cannot be read raises Invalid with the place as `field`: `days.0.venue`.
"""

import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from lms.kit.errors import Invalid
from lms.kit.words import listed
from lms.kit.working_days import london

PLAIN = r"^[^\x00-\x1f\x7f]*$"
"""One line of text: what may come in. Nothing in it upsets a database, a letter's header or a spreadsheet.

Every kind of regular expression reads it alike. Half a character is no text in JSON, so it needs no mention here.
"""
NOT_PLAIN = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
LONGEST_TEXT = 500
FIRST_YEAR, LAST_YEAR = 1970, 2199
SMALLEST, LARGEST = -2_147_483_648, 2_147_483_647
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
SCHEMAS: Mapping[Any, dict[str, Any]] = {
    Any: {},
    type(None): {"type": "null"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    str: {"type": "string"},
}
BOOLEANS = {"true": True, "false": False}


def says(
    words: str,
    *,
    name: str = "",
    longest: int = LONGEST_TEXT,
    least: int = 0,
    most: int = LARGEST,
    example: Any = None,
) -> Any:
    """What a field is, for the document, and its limits: `longest` of text, `least` and `most` of whole numbers."""
    return {"words": words, "name": name, "longest": longest, "least": least, "most": most, "example": example}


@dataclass(frozen=True)
class Limits:
    """How long a text may be, and between what a whole number lies."""

    longest: int = LONGEST_TEXT
    least: int = SMALLEST
    most: int = LARGEST


NO_LIMITS = Limits()
REST: Mapping[str, Any] = {"rest": True}
"""Marks the field of a shape that goes out whose mapping stands in the object itself, under names not known before."""


@lru_cache
def _hints(shape: type) -> dict[str, Any]:
    return get_type_hints(shape)


def outer_name(field: Field[Any]) -> str:
    """How a field is called in JSON and in addresses."""
    return field.metadata.get("name") or field.name


def _limits(field: Field[Any]) -> Limits:
    told = field.metadata
    return Limits(told["longest"], told["least"], told["most"]) if "longest" in told else NO_LIMITS


def _is_rest(field: Field[Any]) -> bool:
    return bool(field.metadata.get("rest"))


def is_needed(field: Field[Any]) -> bool:
    """Whether it has to be given."""
    return field.default is MISSING and field.default_factory is MISSING


# In


@dataclass(frozen=True)
class ShapeSource:
    """Where a shape comes from: an address, where numbers are text; or from ourselves, where text may be anything."""

    is_typed: bool = False
    is_ours: bool = False


def read(shape: Any, given: Any, *, is_typed: bool = False, is_ours: bool = False) -> Any:
    """The shape that was sent, typed into an address, or written by ourselves. Raises Invalid at the first fault."""
    if not isinstance(given, Mapping):
        raise Invalid("Send a JSON object, in curly brackets.")
    return _read_shape(shape, given, "", ShapeSource(is_typed, is_ours))


def _read_shape(shape: Any, given: Mapping[str, Any], where: str, source: ShapeSource) -> Any:
    known = {outer_name(field): field for field in fields(shape)}
    unknown = [str(name) for name in given if name not in known]
    if unknown:
        names = f"Use {listed(known, 'or')}." if known else "Leave it out."
        raise Invalid(f"There is nothing called {unknown[0][:80]} here. {names}", field=_place(where, unknown[0][:80]))
    values = {}
    for name, field in known.items():
        if name in given:
            hint = _hints(shape)[field.name]
            values[field.name] = _read(hint, given[name], _place(where, name), _limits(field), source)
        elif is_needed(field):
            raise Invalid("This is needed.", field=_place(where, name))
    return shape(**values)


def _read(hint: Any, given: Any, where: str, limits: Limits, source: ShapeSource) -> Any:  # noqa: PLR0911  (a table of kinds)
    kinds = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    if given is None and type(None) in kinds:
        return None
    kind = next(each for each in kinds if each is not type(None))
    if is_dataclass(kind):
        if not isinstance(given, Mapping):
            raise Invalid("Send a JSON object here, in curly brackets.", field=where)
        return _read_shape(kind, given, where, source)
    if get_origin(kind) is tuple:
        if not isinstance(given, list):
            raise Invalid("Send a list here, in square brackets.", field=where)
        return tuple(_read(get_args(kind)[0], each, f"{where}.{n}", limits, source) for n, each in enumerate(given))
    if kind is bool:
        return _bool(given, where, source.is_typed)
    if kind is int:
        return _int(given, where, limits, source.is_typed)
    text = given if source.is_ours and isinstance(given, str) else _text(given, where, limits)
    if kind is date:
        return _day(text, where)
    if kind is datetime:
        return _moment(text, where)
    return _choice(kind, text, where) if issubclass(kind, StrEnum) else text


def _bool(given: Any, where: str, is_typed: bool) -> bool:
    value = BOOLEANS.get(given) if is_typed and isinstance(given, str) else given
    if not isinstance(value, bool):
        raise Invalid("Say true or false.", field=where)
    return value


def _int(given: Any, where: str, limits: Limits, is_typed: bool) -> int:
    value = given
    if is_typed and isinstance(given, str) and re.fullmatch(r"-?[0-9]{1,10}", given):
        value = int(given)
    if isinstance(value, bool) or not isinstance(value, int) or not limits.least <= value <= limits.most:
        raise Invalid(f"Give a whole number from {limits.least} to {limits.most}.", field=where)
    return value


def _text(given: Any, where: str, limits: Limits) -> str:
    if not isinstance(given, str):
        raise Invalid("Give text here, in quotation marks.", field=where)
    if len(given) > limits.longest:
        raise Invalid(f"This is too long: {limits.longest} characters at most.", field=where)
    if NOT_PLAIN.search(given):
        raise Invalid("This holds characters that are not text. Take them out.", field=where)
    return given


def _day(text: str, where: str) -> date:
    try:
        if DAY.fullmatch(text) and FIRST_YEAR <= date.fromisoformat(text).year <= LAST_YEAR:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Invalid("Give a real day as year-month-day, like 2026-04-09.", field=where)


def _moment(text: str, where: str) -> datetime:
    try:
        if MOMENT.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Invalid("Give a moment with its offset, like 2026-04-09T09:30:00+01:00.", field=where)


def _choice(kind: type[StrEnum], text: str, where: str) -> StrEnum:
    try:
        return kind(text)
    except ValueError:
        raise Invalid(f"Say {listed((each.value for each in kind), 'or')}.", field=where) from None


def _place(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


# Out


def write(value: Any) -> Any:  # noqa: PLR0911  (a table of kinds)
    """Plain JSON of a shape: moments with London's offset, days as ISO dates."""
    if is_dataclass(value) and not isinstance(value, type):
        said = {outer_name(field): write(getattr(value, field.name)) for field in fields(value) if not _is_rest(field)}
        rest = [getattr(value, field.name) for field in fields(value) if _is_rest(field)]
        return said | (write(rest[0]) if rest else {})
    if isinstance(value, datetime):
        return london(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Mapping):
        return {str(name): write(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [write(each) for each in value]
    return value


# Described


def schema(shape: Any, found: dict[str, Any], *, incoming: bool) -> dict[str, Any]:
    """A reference to the shape's JSON schema; the schema itself, and those it needs, are put into `found`.

    What comes in has its limits and may leave out what has a default; what goes out is always whole, and may have more
    one day: whoever reads it passes over what they do not know.
    """
    name = shape.__name__
    if name not in found:
        found[name] = {}
        found[name] = _object(shape, found, incoming)
    return {"$ref": f"#/components/schemas/{name}"}


def _object(shape: Any, found: dict[str, Any], incoming: bool) -> dict[str, Any]:
    named = [field for field in fields(shape) if not _is_rest(field)]
    return {
        "type": "object",
        "description": shape.__doc__,
        "properties": {outer_name(field): field_schema(shape, field, found, incoming=incoming) for field in named},
        "required": [outer_name(field) for field in named if not incoming or is_needed(field)],
        "additionalProperties": not incoming,
    }


def field_schema(shape: Any, field: Field[Any], found: dict[str, Any], *, incoming: bool) -> dict[str, Any]:
    """The schema of one field, with its words and its default."""
    told = _schema(_hints(shape)[field.name], _limits(field), found, incoming)
    if field.metadata.get("words"):
        told = {**told, "description": field.metadata["words"]}
    if incoming and field.default not in (MISSING, None, ""):
        told = {**told, "default": write(field.default)}
    if field.metadata.get("example") is not None:
        told = {**told, "examples": [field.metadata["example"]]}
    return told


def _schema(hint: Any, limits: Limits, found: dict[str, Any], incoming: bool) -> dict[str, Any]:
    if get_origin(hint) in (Union, types.UnionType):
        return {"anyOf": [_schema(each, limits, found, incoming) for each in get_args(hint)]}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _schema(get_args(hint)[0], limits, found, incoming)}
    if get_origin(hint) is not None:  # a mapping by name
        return {"type": "object", "additionalProperties": _schema(get_args(hint)[1], limits, found, incoming)}
    if is_dataclass(hint):
        return schema(hint, found, incoming=incoming)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        values = [each.value for each in hint]
        return {"type": "string", "enum": values} if incoming else {"type": "string", "x-extensible-enum": values}
    told = dict(SCHEMAS[hint])
    if incoming and hint is str:
        told |= {"maxLength": limits.longest, "pattern": PLAIN}
    if incoming and hint is int:
        told |= {"minimum": limits.least, "maximum": limits.most}
    return told
