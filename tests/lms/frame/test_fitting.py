"""Every fault of a plugin is named at the start, each by the plugin that has it."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, time, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Blueprint

from courses.facts import BookingConfirmed
from lms.frame.access import Role
from lms.frame.db import Base
from lms.frame.fitting_tables import wrong_tables
from lms.frame.plugins import (
    CONTRACT,
    Asked,
    Column,
    Export,
    Import,
    Job,
    Listener,
    Operation,
    Panel,
    Permission,
    PersonalData,
    Plugin,
    Setting,
    StillNeeded,
    ToldFact,
    Waiting,
    Written,
)
from lms.frame.settings import Settings
from lms.frame.site import SiteError
from lms.frame.web import public
from lms.frame.work import Work
from lms.hosting import host
from lms.hosting.app import create_app
from tests.built_in import BUILT_IN

LOOK = Permission("parking.look", "look", frozenset({Role.COORDINATOR}), is_asked_in_code=True)
PLACES = (
    "agencies.agency, briefings.briefing, briefings.desk, courses.booking, courses.course, courses.event, "
    "courses.learning, courses.manage_course, courses.week, partnership.settings, people.person, policies.draft, "
    "reviews.learning_point"
)


@dataclass(frozen=True)
class Imagined:
    """A fact that stands in no facts.py."""


def nothing(*_: Any) -> Any:
    return []


def stranger(**adds: Any) -> Plugin:
    return Plugin(**{"name": "parking", "title": "Parking", "requires": ("courses",), **adds})


def page(rule: str, name: str = "spaces", methods: tuple[str, ...] = ("GET",)) -> Blueprint:
    bp = Blueprint("parking", __name__)
    bp.add_url_rule(rule, name, public(lambda **_: "open"), methods=methods)
    return bp


def reaching(hook: Callable[[Blueprint], Any]) -> Blueprint:
    bp = page("/parking")
    hook(bp)
    return bp


def operation(name: str, path: str, method: str = "GET") -> Operation:
    def run(work: Work, asked: Asked) -> Any:
        return None

    return Operation(name, method, path, "words", Imagined, run)


MISFITS: list[tuple[dict[str, Any], str]] = [
    ({"permissions": (replace(LOOK, roles=frozenset({"coordinator"})),)}, "`roles` of the Permission parking.look"),
    ({"permissions": (replace(LOOK, roles="coordinator"),)}, "`roles` of the Permission parking.look"),
    ({"permissions": LOOK}, "parking: `permissions` should be a tuple of Permission."),
    ({"requires": "courses"}, "parking: `requires` should be a tuple of texts."),
    ({"panels": (Panel("people.person", "show"),)}, "`show` of the Panel people.person should be a function."),  # type: ignore[arg-type]
    ({"settings": (Setting("parking.days", "days", 1, "int"),)}, "`read` of the Setting parking.days should be a"),  # type: ignore[arg-type]
    ({"panels": (Panel("people.page", nothing),)}, f"a place people.page for panels. There are: {PLACES}."),
    ({"exports": (Export("cars", "Cars", "parking.see", ("ref",), nothing),)}, "the export cars needs parking.see"),
    ({"waiting": (Waiting("parking.full", "parking.see", 1, nothing),)}, "the waiting parking.full needs parking.see"),
    (
        {"imports": (Import("cars", "Cars", (Column("ref", is_key=True),), nothing, nothing, "parking.see", 1),)},
        "the import cars needs parking.see, which no plugin declares.",
    ),
    (
        {"told_facts": (ToldFact("parking.told", "told", BookingConfirmed, "parking.see", nothing),)},
        "the told fact parking.told needs parking.see, which no plugin declares.",
    ),
    (
        {"imports": (Import("cars", "Cars", (Column("ref"),), nothing, nothing, "parking.look", 1),)},
        "parking: the import cars has no column that is the key of a row.",
    ),
    (
        {"exports": (Export("cars", "Cars", "parking.look", ("ref", "ref"), nothing),)},
        "parking: cars has two columns of the same name.",
    ),
    ({"jobs": (Job("parking.count", "c", nothing, every=timedelta(0)),)}, "the job parking.count runs every minute at"),
    ({"jobs": (Job("parking.count", "c", nothing, every=-timedelta(1)),)}, "job parking.count runs every minute at"),
    (
        {"jobs": (Job("parking.count", "c", nothing, daily_at=time(7, tzinfo=UTC)),)},
        "the job parking.count has a time zone: `daily_at` is a wall time in London.",
    ),
    ({"listeners": (Listener(str, nothing),)}, "parking: it listens to str, which is no fact"),
    ({"listeners": (Listener(Imagined, nothing),)}, "parking: it listens to Imagined, which is no fact"),
    (
        {"listeners": (Listener(BookingConfirmed, nothing),), "requires": ()},
        "it listens to BookingConfirmed of courses.facts, a plugin that it does not require.",
    ),
    ({"blueprints": (page("/courses/<code>"),)}, "parking: GET /courses/<code> (parking.spaces) is there already"),
    (
        {"blueprints": (page("/agencies/<int:number>"),)},
        "GET /agencies/<int:number> (parking.spaces) is there",
    ),
    (
        {"operations": (operation("parking.courses", "/courses"),)},
        "parking: GET /api/v1/courses (api.parking_courses) is there already: api.courses",
    ),
    ({"operations": (operation("parking.one", "cars"),)}, "parking.one needs a method like GET and a path that begins"),
    ({"operations": (operation("parking.one", "/cars", "get"),)}, "parking.one needs a method like GET and a path"),
    (
        {"personal_data": PersonalData(("parking_car",), nothing, nothing)},
        "for parking_car, which is no table.",
    ),
    ({"personal_data": PersonalData(("booking",), nothing, nothing)}, "already a table answered for called booking."),
]


@pytest.fixture
def plain(tmp_path: Path) -> Settings:
    return Settings("a key for tests, long enough", "sqlite://", "file:///x", "a@b", "http://localhost", tmp_path)


def refusal(settings: Settings, *plugins: Plugin) -> str:
    with pytest.raises(SiteError) as refused:
        create_app(settings, [*BUILT_IN, *plugins])
    return str(refused.value)


@pytest.mark.parametrize(("adds", "words"), MISFITS, ids=[words for _, words in MISFITS])
def test_a_fault_stops_the_start_by_name(plain: Settings, adds: dict[str, Any], words: str) -> None:
    adds = adds if "permissions" in adds else {"permissions": (LOOK,), **adds}
    lines = refusal(plain, stranger(**adds)).splitlines()
    assert len(lines) == 1
    assert words in lines[0]


@pytest.fixture
def as_stranger(plain: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The refusal of a plugin that comes by LMS_PLUGINS."""

    def refused(**adds: Any) -> str:
        plugin = stranger(**{"package": "tests", "contract": "1.0", **adds})
        monkeypatch.setattr("lms.hosting.app.find_plugins", lambda _names: (plugin,))
        return refusal(replace(plain, plugins=(plugin.name,)))

    return refused


WHOLE_SITE = [
    (lambda bp: bp.before_app_request(nothing), "before_request_funcs"),
    (lambda bp: bp.after_app_request(nothing), "after_request_funcs"),
    (lambda bp: bp.app_context_processor(dict), "template_context_processors"),
    (lambda bp: bp.app_errorhandler(404)(nothing), "error_handler_spec"),
    (lambda bp: bp.add_app_template_filter(len, "size"), "filters"),
    (lambda bp: bp.record_once(lambda state: state.app.config.update(DEBUG=True)), "config"),
    (lambda bp: bp.record(lambda state: state.app.extensions.update(other=1)), "extensions"),
]


@pytest.mark.parametrize(("hook", "what"), WHOLE_SITE, ids=[what for _, what in WHOLE_SITE])
def test_a_blueprint_that_reaches_for_all_pages_is_refused(
    as_stranger: Callable[..., str], hook: Callable[[Blueprint], Any], what: str
) -> None:
    words = f"parking: a blueprint changes {what} of the whole site. It may only say what concerns its own pages."
    assert as_stranger(blueprints=(reaching(hook),)) == words


def test_a_blueprint_may_have_hooks_of_its_own(plain: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = stranger(package="tests", contract="1.0", blueprints=(reaching(lambda bp: bp.before_request(nothing)),))
    monkeypatch.setattr("lms.hosting.app.find_plugins", lambda _names: (plugin,))
    create_app(replace(plain, plugins=("parking",)), BUILT_IN)


def test_a_blueprint_with_folders_of_its_own_is_refused(as_stranger: Callable[..., str]) -> None:
    bp = Blueprint("parking", __name__, template_folder="templates")
    assert "Templates and static files lie in templates/ and static/ of tests." in as_stranger(blueprints=(bp,))


def test_a_blueprint_that_raises_is_named(as_stranger: Callable[..., str]) -> None:
    refused = as_stranger(blueprints=(reaching(lambda bp: bp.record(lambda state: 1 / 0)),))
    assert refused.startswith("parking: the blueprint parking cannot be added: ZeroDivisionError: division by zero")


@pytest.mark.parametrize(
    ("adds", "words"),
    [
        ({"contract": ""}, f'parking: say which contract it was written for: contract="{CONTRACT}".'),
        ({"contract": "2.0"}, f"parking: it was written for contract 2.0, and this site has {CONTRACT}."),
        ({"contract": "1.9"}, f"parking: it was written for contract 1.9, and this site has {CONTRACT}."),
        ({"package": None}, "parking: say package=__package__, so that its tables, templates and static files"),
        ({"name": "car-park"}, "car-park: a plugin's name is small letters, digits and underscores"),
        ({"name": "govuk"}, "govuk: choose another name: the host has static/govuk."),
        ({"name": "layouts"}, "layouts: choose another name: the host has templates/layouts."),
        ({"name": "queue"}, "queue: choose another name: queue_counter is not yours, and begins like your tables."),
        ({"name": "event"}, "event: choose another name: event_day is not yours, and begins like your tables."),
    ],
)
def test_a_third_party_introduces_itself(as_stranger: Callable[..., str], adds: dict[str, Any], words: str) -> None:
    assert words in as_stranger(**adds)


@pytest.fixture
def table() -> Iterator[Callable[..., sa.Table]]:
    """Makes a table as a stranger's package would, gone again afterwards."""
    module = ModuleType("golden_thread_imagined")
    sys.modules[module.__name__] = module

    def make(name: str, *columns: sa.Column[Any]) -> sa.Table:
        made = sa.Table(name, Base.metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)
        setattr(module, name, made)
        return made

    yield make
    for made in vars(module).values():
        if isinstance(made, sa.Table):
            Base.metadata.remove(made)
    del sys.modules[module.__name__]


def pointing(at: str, name: str = "other_id", **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.ForeignKey(f"{at}.id"), **more)


def table_faults(**adds: Any) -> list[str]:
    plugin = stranger(package="golden_thread_imagined", **adds)
    found = wrong_tables([*host.PLUGINS, *BUILT_IN, plugin], ["parking"])
    return [line for line in found if "no folder migrations" not in line]


def test_a_table_begins_with_the_name_of_its_plugin(table: Callable[..., sa.Table]) -> None:
    table("parking_place")
    table("car")
    assert table_faults() == ["parking: the table car should be called parking_something."]


def test_a_table_needs_migrations(table: Callable[..., sa.Table]) -> None:
    table("parking_place")
    plugin = stranger(package="golden_thread_imagined")
    assert list(wrong_tables([*host.PLUGINS, *BUILT_IN, plugin], ["parking"])) == [
        "parking: it has parking_place, but no folder migrations: lms plugins migrate parking WORDS"
    ]


def test_a_table_points_at_the_host_and_at_what_is_required(table: Callable[..., sa.Table]) -> None:
    table("parking_place", pointing("agency"), pointing("event", "event_id"), pointing("review", "review_id"))
    assert table_faults() == []  # reviews are required by courses
    assert table_faults(requires=()) == [
        "parking: parking_place points at event, which is of no plugin that parking requires.",
        "parking: parking_place points at review, which is of no plugin that parking requires.",
    ]


def test_a_table_about_people_is_answered_for(table: Callable[..., sa.Table]) -> None:
    table("parking_place")
    table("parking_permit", pointing("person", "person_id"))
    table("parking_day", pointing("booking", nullable=False))
    table("parking_note", pointing("event"))
    missing = [
        "parking: parking_day is about people, and `personal_data` is missing.",
        "parking: parking_permit is about people, and `personal_data` is missing.",
    ]
    assert table_faults() == missing
    kept = PersonalData(("parking_permit",), nothing, nothing)
    assert table_faults(personal_data=kept) == [
        "parking: parking_day is about people, and `personal_data` does not name it."
    ]
    assert table_faults(personal_data=replace(kept, tables=("parking_permit", "parking_day"))) == []


def test_what_erasing_never_changes_is_a_plugins_own_to_say(table: Callable[..., sa.Table]) -> None:
    table("parking_rule", sa.Column("words", sa.Text))
    written = Written("parking_rule", "rules of the car park", ("words",))
    assert table_faults(written=(written,)) == []
    assert table_faults(written=(replace(written, table="booking"),)) == [
        "parking: `written` names booking, which is no table of parking."
    ]
    assert table_faults(written=(replace(written, columns=("words", "text")),)) == [
        "parking: `written` names parking_rule.text, which is no column."
    ]


def test_what_is_not_shown_and_still_needed_is_there(table: Callable[..., sa.Table]) -> None:
    needed = StillNeeded("courses.nothing", lambda: sa.select(sa.literal(1)))
    kept = PersonalData((), nothing, nothing, still_needed=(needed,), not_shown=("parking_secret",))
    assert table_faults(personal_data=kept) == [
        "parking: `not_shown` names parking_secret, which is no table.",
        "parking: `still_needed` names the retention courses.nothing, which no plugin has.",
    ]
