"""The site refuses plugins that do not fit together, and says what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint

from lms.frame.access import Actor, Role
from lms.frame.plugins import (
    Check,
    Column,
    Import,
    Job,
    Listener,
    MenuItem,
    Panel,
    PanelContent,
    PanelPlace,
    Permission,
    Plugin,
    Setting,
)
from lms.frame.settings import Settings
from lms.frame.site import SiteError, assemble
from lms.frame.web import public, requires
from lms.frame.work import Work
from lms.hosting.app import create_app
from tests.built_in import BUILT_IN

KEY = (Column("name", is_key=True),)
OPEN = Permission("gate.open", "open the gate", frozenset({Role.COORDINATOR}))
DAYS = Setting("gate.days", "a number of days", 5, int)


@dataclass(frozen=True)
class Rang:
    """A fact of the plugin `a`."""

    __module__ = "bell.facts"
    times: int


@dataclass(frozen=True)
class RangTwice(Rang):
    """Another, however alike."""

    __module__ = "bell.facts"


@dataclass(frozen=True)
class Opened:
    """A fact of the plugin `b`."""

    __module__ = "wall.facts"


def nothing(*_: Any) -> Any:
    return []


def job(name: str, **when: Any) -> Job:
    return Job(name, "does nothing", nothing, **when)


def gate(name: str = "gate", **adds: Any) -> Plugin:
    return Plugin(name=name, title="Gate", **adds)


def blueprint(view: Callable[..., Any] | None = None, name: str = "gate") -> Blueprint:
    made = Blueprint(name, __name__)
    if view is not None:
        made.add_url_rule("/gate", "gate", view)
    return made


@pytest.fixture
def plain(tmp_path: Path) -> Settings:
    return Settings("a key for tests, long enough", "sqlite://", "file:///x", "a@b", "http://localhost", tmp_path)


def refusal(settings: Settings, *plugins: Plugin) -> list[str]:
    with pytest.raises(SiteError) as refused:
        create_app(settings, plugins)
    return str(refused.value).splitlines()


TWICE = "gate: there is already a"
MISFITS = [
    ([gate(requires=("wall",))], ["gate requires wall, which is not among the plugins."]),
    (
        [gate(requires=("wall",)), gate("wall", requires=("gate",))],
        ["These plugins require each other in a circle: gate, wall."],
    ),
    ([gate(), gate()], ["gate: there is already a plugin called gate."]),
    (
        [gate(permissions=(replace(OPEN, name="wall.open", is_asked_in_code=True),))],
        ["gate: the permission wall.open should be called gate.something."],
    ),
    ([gate(permissions=(OPEN,))], ["Nothing asks for the permission gate.open."]),
    ([gate(settings=(replace(DAYS, name="days"),))], ["gate: the setting days should be called gate.something."]),
    ([gate(settings=(DAYS, DAYS))], [f"{TWICE} setting called gate.days.", f"{TWICE} variable called LMS_GATE_DAYS."]),
    (
        [gate(settings=(replace(DAYS, name="gate.a_b"),)), gate("gate.a", settings=(replace(DAYS, name="gate.a.b"),))],
        ["gate.a: there is already a variable called LMS_GATE_A_B."],
    ),
    (
        [gate("base", settings=(replace(DAYS, name="base.url"),))],
        ["base: the setting base.url would be LMS_BASE_URL, the host's own."],
    ),
    ([gate(jobs=(job("gate.sweep"),))], ["gate: the job gate.sweep needs either `every` or `daily_at`."]),
    (
        [gate(jobs=(job("gate.sweep", every=timedelta(hours=1), daily_at=time(7)),))],
        ["gate: the job gate.sweep needs either `every` or `daily_at`."],
    ),
    ([gate(jobs=(job("sweep", daily_at=time(7)),))], ["gate: the job sweep should be called gate.something."]),
    ([gate(checks=(Check("shut", "shut", nothing),))], ["gate: the check shut should be called gate.something."]),
    (
        [gate(imports=(Import("gates", "gates", KEY, nothing, nothing, "gate.open", 1),) * 2, permissions=(OPEN,))],
        ["gate: there is already an import called gates."],
    ),
    (
        [gate(blueprints=(blueprint(),)), gate("wall", blueprints=(blueprint(),))],
        ["wall: there is already a blueprint called gate."],
    ),
    (
        [gate(menu=(MenuItem("Gate", "policies.policy", "gate.open", 5),))],
        ["gate: the menu item Gate needs gate.open, which no plugin declares."],
    ),
    (
        [gate(menu=(MenuItem("Gate", "gate.gone", None, 5),))],
        ["The menu item Gate leads to gate.gone, which no plugin adds."],
    ),
    (
        [gate(blueprints=(blueprint(lambda: "open"),))],
        ["The view gate.gate (/gate) has no guard: @requires, @signed_in or @public."],
    ),
    (
        [gate(blueprints=(blueprint(requires("gate.shut")(lambda: "open")),))],
        ["The view gate.gate requires gate.shut, which no plugin declares."],
    ),
]


@pytest.mark.parametrize(("plugins", "lines"), MISFITS, ids=[lines[0] for _, lines in MISFITS])
def test_plugins_that_do_not_fit_are_refused_by_name(plain: Settings, plugins: list[Plugin], lines: list[str]) -> None:
    assert refusal(plain, *plugins) == lines


def test_every_fault_is_named_at_once(plain: Settings) -> None:
    misfit = gate(jobs=(job("sweep"),), settings=(DAYS,))
    lines = refusal(replace(plain, others={"LMS_GATE_DAYS": "few", "LMS_GATE_DAY": "1"}), misfit)
    assert lines == [
        "gate: the job sweep needs either `every` or `daily_at`.",
        "gate: the job sweep should be called gate.something.",
        "LMS_GATE_DAY is set, but nothing here reads it. Check its spelling, or take it away.",
        "LMS_GATE_DAYS should be a number of days.",
    ]


def test_a_plugin_that_is_named_but_not_installed_is_refused(plain: Settings) -> None:
    (line,) = refusal(replace(plain, plugins=("nowhere",)))
    assert line.startswith("LMS_PLUGINS names nowhere, which is not installed.")


@pytest.mark.parametrize(
    "plugins", [[], BUILT_IN, [*BUILT_IN, gate()]], ids=["alone", "courses", "courses and another"]
)
def test_the_site_starts_with_any_plugins_that_have_what_they_require(plain: Settings, plugins: list[Plugin]) -> None:
    app = create_app(plain, plugins)
    assert {plugin.name for plugin in plugins} <= {plugin.name for plugin in app.extensions["lms"].plugins}


def test_plugins_come_after_those_that_they_require(plain: Settings) -> None:
    site = assemble(plain, [gate("roof", requires=("wall",)), gate("wall", requires=("ground",)), gate("ground")])
    assert [plugin.name for plugin in site.plugins] == ["ground", "wall", "roof"]


def test_a_setting_is_read_from_its_text_or_is_its_default(plain: Settings) -> None:
    assert assemble(plain, [gate(settings=(DAYS,))]).setting("gate.days") == 5
    typed = replace(plain, others={"LMS_GATE_DAYS": "9"})
    assert assemble(typed, [gate(settings=(DAYS,))]).setting("gate.days") == 9
    with pytest.raises(KeyError):
        assemble(plain, []).setting("gate.days")


def test_the_menu_shows_what_a_person_may_open_in_the_order_of_positions(plain: Settings) -> None:
    menu = (
        MenuItem("Late", "a.b", None, 30),
        MenuItem("Gate", "a.b", "gate.open", 20),
        MenuItem("Early", "a.b", None, 5),
    )
    site = assemble(plain, [gate(menu=menu, permissions=(OPEN,))])
    coordinator = Actor("Priyanka", permissions=site.permissions_of(frozenset({Role.COORDINATOR})))
    assert [item.title for item in site.menu_for(coordinator)] == ["Early", "Gate", "Late"]
    assert [item.title for item in site.menu_for(Actor("Amara"))] == ["Early", "Late"]


def test_listeners_hear_facts_of_their_very_class_in_the_order_of_plugins(plain: Settings, work: Work) -> None:
    heard: list[str] = []
    first = Listener(Rang, lambda _work, fact: heard.append(f"first {fact.times}"))
    second = Listener(Rang, lambda _work, fact: heard.append(f"second {fact.times}"))
    deaf = Listener(Opened, lambda _work, fact: heard.append("deaf"))
    site = assemble(
        plain,
        [
            gate("b", package="wall", requires=("a",), listeners=(second, deaf)),
            gate("a", package="bell", listeners=(first,)),
        ],
    )
    replace(work, site=site).tell(RangTwice(2))
    replace(work, site=site).tell(Rang(4))
    assert heard == ["first 4", "second 4"]


def test_a_panel_belongs_to_its_place(plain: Settings) -> None:
    def show(_work: Work, thing_id: int) -> PanelContent | None:
        return PanelContent("layouts/error.html", {"id": thing_id}) if thing_id == 7 else None

    places = (PanelPlace("gate.here", "Here"), PanelPlace("gate.elsewhere", "There"))
    shown, not_here = Panel("gate.here", show), Panel("gate.elsewhere", show)
    site = assemble(plain, [gate(panels=(shown, not_here), places=places)])
    assert [panel for _, panel in site.panels_for("gate.here")] == [shown]
    assert site.place("gate.elsewhere").words == "There"


def test_guards_say_who_may_come_in(plain: Settings) -> None:
    guarded = gate(blueprints=(blueprint(public(lambda: "open")),))
    assert create_app(plain, [guarded]).view_functions["gate.gate"].guard == "public"  # type: ignore[attr-defined]
