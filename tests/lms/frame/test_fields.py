"""Fields: what nobody typed or chose is no surprise to whoever reads it."""

import re
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from lms.frame import fields
from lms.frame.fields import RadioField, SelectField, StringField, choices_of
from lms.frame.settings import ROOT

OF_WORDS = ("StringField", "TextAreaField", "EmailField", "TelField", "SearchField", "PasswordField", "HiddenField")
CHOICES = choices_of([("a", "A"), ("b", "B")])


def form_with(field: Any, typed: dict[str, str] | None, **given: Any) -> Form:
    return type("Asked", (Form,), {"said": field})(None if typed is None else MultiDict(typed), **given)


@pytest.mark.parametrize("kind", OF_WORDS)
@pytest.mark.parametrize("typed", [None, {}, {"other": "x"}, {"said": ""}])
def test_words_that_nobody_typed_are_empty_words(kind: str, typed: dict[str, str] | None) -> None:
    assert form_with(getattr(fields, kind)("Said"), typed).said.data == ""
    assert form_with(getattr(fields, kind)("Said"), None, said=None).said.data == ""


@pytest.mark.parametrize("kind", OF_WORDS)
def test_words_that_somebody_typed_are_theirs(kind: str) -> None:
    assert form_with(getattr(fields, kind)("Said"), {"said": "0"}).said.data == "0"


@pytest.mark.parametrize("kind", [SelectField, RadioField])
def test_what_nobody_chose_is_empty_and_no_choice(kind: Any) -> None:
    form = form_with(kind("Said", choices=CHOICES), {})
    assert form.said.data == ""
    assert not form.validate()
    assert form_with(kind("Said", choices=choices_of([(1, "One")]), coerce=int), {}).said.data is None


def test_no_code_asks_whether_a_field_was_left_empty() -> None:
    """It would ask in vain: fields come from `lms.frame.fields`."""
    kinds = "String|TextArea|Select|Radio|Email|Tel|Search|Password|Hidden"
    asks = re.compile(rf'\.data or ""|^from wtforms(\.fields)? import .*\b({kinds})Field\b', re.MULTILINE)
    rooms = ("lms", "courses", "charges", "reviews", "surveys", "briefings")
    files = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    assert [path.name for path in files if asks.search(path.read_text(encoding="utf-8"))] == []
    assert StringField.__module__ == "lms.frame.fields"
