"""Shapes of JSON: what is read, refused in words, written and described."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.api.cursors import read_cursor, write_cursor
from lms.api.shapes import read, says, schema, write
from lms.kit.errors import Invalid


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True)
class Part:
    """A part."""

    name: str
    size: int = field(default=1, metadata=says("How large.", least=1, most=9))


@dataclass(frozen=True)
class Thing:
    """A thing."""

    ref: str = field(metadata=says("Its name.", longest=5))
    from_on: date | None = field(default=None, metadata=says("Since when.", name="from"))
    at: datetime | None = None
    colour: Colour = Colour.RED
    is_big: bool = False
    parts: tuple[Part, ...] = ()


def test_what_was_sent_is_read_and_written_back() -> None:
    sent = {
        "ref": "a", "from": "2026-04-09", "at": "2026-04-09T09:30:00+01:00", "colour": "green", "is_big": True,
        "parts": [{"name": "b", "size": 2}],
    }  # fmt: skip
    thing = read(Thing, sent)
    assert thing == Thing(
        "a", date(2026, 4, 9), datetime(2026, 4, 9, 8, 30, tzinfo=UTC), Colour.GREEN, True, (Part("b", 2),)
    )
    assert write(thing) == sent


@pytest.mark.parametrize(
    ("sent", "place", "words"),
    [
        ({}, "ref", "needed"),
        ({"ref": 1}, "ref", "text"),
        ({"ref": "toolong"}, "ref", "5 characters"),
        ({"ref": "a\0"}, "ref", "not text"),
        ({"ref": "\ud800"}, "ref", "not text"),
        ({"ref": "a", "from": "2026-02-30"}, "from", "real day"),
        ({"ref": "a", "from": "20260201"}, "from", "real day"),
        ({"ref": "a", "at": "2026-04-09T09:30:00"}, "at", "offset"),
        ({"ref": "a", "at": "0001-01-01T00:00:00+23:59"}, "at", "offset"),
        ({"ref": "a", "colour": "blue"}, "colour", "red or green"),
        ({"ref": "a", "is_big": 1}, "is_big", "true or false"),
        ({"ref": "a", "parts": {}}, "parts", "list"),
        ({"ref": "a", "parts": [{"name": "b", "size": True}]}, "parts.0.size", "from 1 to 9"),
        ({"ref": "a", "parts": [{"name": "b", "size": 10}]}, "parts.0.size", "from 1 to 9"),
        ({"ref": "a", "parts": ["b"]}, "parts.0", "object"),
        ({"ref": "a", "more": 1}, "more", "nothing called more"),
        ({"ref": "a", "from_on": "2026-01-01"}, "from_on", "nothing called"),
        ([], None, "object"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(sent: Any, place: str | None, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refusal:
        read(Thing, sent)
    assert refusal.value.field == place


def test_numbers_in_an_address_are_text() -> None:
    assert read(Part, {"name": "a", "size": "7"}, is_typed=True) == Part("a", 7)
    with pytest.raises(Invalid):
        read(Part, {"name": "a", "size": "7.0"}, is_typed=True)
    with pytest.raises(Invalid):
        read(Part, {"name": "a", "size": "7"})


def test_a_shape_describes_what_comes_in_with_its_limits_and_what_goes_out_whole() -> None:
    coming, going = {}, {}  # type: ignore[var-annotated]
    assert schema(Thing, coming, incoming=True) == {"$ref": "#/components/schemas/Thing"}
    schema(Thing, going, incoming=False)
    assert coming["Thing"]["required"] == ["ref"]
    assert going["Thing"]["required"] == ["ref", "from", "at", "colour", "is_big", "parts"]
    assert coming["Part"]["properties"]["size"] == {
        "type": "integer", "minimum": 1, "maximum": 9, "default": 1, "description": "How large."
    }  # fmt: skip
    assert going["Part"]["properties"]["name"] == {"type": "string"}


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 2**31 - 1))
def test_a_cursor_comes_back_as_it_was(at: datetime, row_id: int) -> None:
    assert read_cursor(write_cursor(at, row_id)) == (at, row_id)


@given(st.text(max_size=40))
def test_what_is_no_cursor_is_refused_or_is_one(text: str) -> None:
    with suppress(Invalid):
        read_cursor(text)
