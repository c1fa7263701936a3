"""Whoever names somebody in any form, file or body: what no name holds is refused there, in words, and kept nowhere."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.frame.fields import NameField
from lms.frame.web import Form
from lms.testing.sheets import SheetFilled, sheets
from tests.hostile import HOSTILE_NAMES
from tests.house.world import WHO, World

pytestmark = pytest.mark.slow

NAMES_SOMEBODY = re.compile(
    r"((.*_)?name|.*_by|agency_words|job_title|team|host_authority|manager|dpo|chair)", re.ASCII
)
"""What fields are called that say who somebody is: a person, an agency, a team of one, or the partnership."""

NAME = re.compile(r'\bname="([^"]*)"')
"""Of any control. Most pages have none that names somebody, and need not be read."""

NAME_SOMETHING_ELSE = {
    "OrderForm.name": "a standing order of briefings",
    "VenueForm.name": "a house",
    "VenueWithEventsForm.name": "the same",
    "TokenForm.name": "a program",
    "TextThemeForm.name": "what answers are about",
    "ReviewThemeForm.name": "what reviews are about",
    "TermsForm.draft_name": "terms that someone prepares",
    "StartForm.draft_name": "terms that someone prepares",
    "ManagerForm.manager": "which of two: this person, or none",
    "AnotherManagerForm.manager": "the same",
    "PlaceForm.manager": "which of two: the manager of last time, or another",
    "StrangersForm.manager": "the same",
}
OF_SOMETHING_ELSE = frozenset({"coding", "orders", "policies", "theming", "tokens", "venues"})
"""Blueprints with the forms of those. They take odd names, and break at none."""


def every_form(kind: type[Form] = Form) -> Iterator[type[Form]]:
    for each in kind.__subclasses__():
        yield each
        yield from every_form(each)


def naming_fields() -> Iterator[tuple[str, type[Any]]]:
    """Every field of every form of this project that is called like somebody's name."""
    for form in every_form():
        for name in dir(form):
            kind = getattr(getattr(form, name), "field_class", None)
            if kind is not None and form.__module__.split(".")[0] != "tests" and NAMES_SOMEBODY.fullmatch(name):
                yield f"{form.__name__}.{name}", kind


def test_whatever_is_called_like_a_name_is_one_or_is_said_to_be_none(app: Flask) -> None:
    found = dict(naming_fields())
    assert len(found) > 20
    assert {name for name, kind in found.items() if not issubclass(kind, NameField)} == set(NAME_SOMETHING_ELSE)


@dataclass(frozen=True)
class Naming:
    """A form that somebody is shown, and the controls of it in which somebody is named."""

    who: str
    endpoint: str
    sheet: SheetFilled
    controls: tuple[str, ...]


@pytest.fixture(scope="session")
def naming_forms(sqlite_world: World) -> list[Naming]:
    """Every form in which somebody is named, as whoever was shown it first on their walk."""
    found: dict[tuple[str, ...], Naming] = {}
    for who in WHO:
        for url, seen in (*sqlite_world.walk(who).items(), *sqlite_world.walk_own(who).items()):
            for sheet in _sheets(url, seen.html):
                controls = tuple(each for each in sheet.typed if NAMES_SOMEBODY.fullmatch(each.rpartition("-")[2]))
                if controls:
                    found.setdefault((seen.endpoint, *controls), Naming(who, seen.endpoint, sheet, controls))
    return list(found.values())


def _sheets(url: str, html: str) -> list[SheetFilled]:
    named = any(NAMES_SOMEBODY.fullmatch(each.rpartition("-")[2]) for each in NAME.findall(html))
    return list(sheets(url, html)) if named else []


def posted(browser: FlaskClient, sheet: SheetFilled, naming: Sequence[str], name: str) -> TestResponse:
    """As an attacker's program sends it, which can send half a character as well."""
    typed = sheet.values | {each: [name] for each in naming}
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, values in typed.items()
        for value in values
    ]
    body = "".join([*parts, "--x--\r\n"]).encode("utf-8", "surrogatepass")
    return browser.post(sheet.action, data=body, content_type="multipart/form-data; boundary=x")


def fault(browser: FlaskClient, sheet: SheetFilled, naming: Sequence[str], name: str) -> str:
    """What is wrong with how a form takes a name that nobody has; "" where it refuses it at each of its fields."""
    with posted(browser, sheet, naming, name) as answer:
        if "\0" in name:
            return "" if answer.status_code == 400 else f"answers {answer.status_code} to a zero byte"
        if answer.status_code != 422:
            return f"answers {answer.status_code} to {name[:40]!r}"
        said = dict(SUMMARY.findall(answer.text))
    silent = [each for each in naming if "this name" not in said.get(each, "").casefold()]
    return f"says nothing of {name[:40]!r} at {', '.join(silent)}" if silent else ""


def breaks(browser: FlaskClient, sheet: SheetFilled, naming: Sequence[str], name: str) -> str:
    """What is wrong with how a form takes an odd name of something else."""
    with posted(browser, sheet, naming, name) as answer:
        return f"answers {answer.status_code} to {name[:40]!r}" if answer.status_code >= 500 else ""


SUMMARY = re.compile(r'<li><a href="#([^"]+)">([^<]+)</a></li>')
TURNS, TOO_LONG = 8, HOSTILE_NAMES[-2:]


def turn(number: int, kind: str) -> list[str]:
    """The names that a form is tried with. One rule refuses them everywhere, of which its own tests try each.

    On SQLite the forms take turns with all of them; on PostgreSQL, which is asked nothing by a refusal, with one of
    each kind, and all with those that meet a limit of its own where they are not refused.
    """
    return HOSTILE_NAMES[number % TURNS :: TURNS] if kind == "sqlite" else [HOSTILE_NAMES[::8][number % 9], *TOO_LONG]


MUST_BE_WALKED = frozenset(
    {
        "additions.add_new", "agencies.add", "agencies.change", "charging.answer", "groups.group",
        "groups.groups", "partnership.change", "partnership.statements", "people.add", "changes.change",
        "people.my_details", "points.agree", "registrations.register", "walkins.add", "wishes.book",
    }
)  # fmt: skip


@pytest.mark.parametrize("large_world", ["sqlite", "postgresql"], indirect=True)
def test_every_form_that_names_somebody_refuses_what_no_name_holds(
    naming_forms: list[Naming], large_world: World
) -> None:
    """Each form, as whoever is shown it first; all of its fields that name somebody."""
    kind, faults = large_world.engine.dialect.name, []
    browsers = {who: large_world.browser(who) for who in WHO}
    for number, form in enumerate(naming_forms, start=1):
        wrong = breaks if form.endpoint.split(".")[0] in OF_SOMETHING_ELSE else fault
        found = (wrong(browsers[form.who], form.sheet, form.controls, name) for name in turn(number, kind))
        faults += [f"{form.endpoint}: {each}" for each in found if each]
    assert faults == []
    assert {each.endpoint for each in naming_forms} >= MUST_BE_WALKED
    assert len(naming_forms) > 2 * TURNS, "each name is tried at several forms"
