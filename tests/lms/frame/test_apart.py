"""The faults of a plugin stay its own: what it adds to others' pages, rounds and reports fails alone, and in words."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.facts import EventPublished
from courses.records.record.queries import entries_of
from lms.agencies.models import Sector
from lms.dashboards.queries import desk_of
from lms.frame.access import Role, program
from lms.frame.apart import Fault, apart
from lms.frame.db import begin_reading, is_reading
from lms.frame.plugins import (
    Check,
    Job,
    Listener,
    Panel,
    PanelContent,
    Permission,
    Plugin,
    RecordSource,
    ReportPart,
    ReportSection,
    Retention,
    Waiting,
    WaitingLine,
)
from lms.frame.plugins import PersonalData as Kept
from lms.frame.settings import Settings
from lms.frame.site import Site
from lms.frame.web import db
from lms.frame.work import Work
from lms.hosting.app import create_app
from lms.jobs.models import JobState
from lms.jobs.services import run_due
from lms.kit.errors import Conflict
from lms.people.models import Person
from lms.reports.queries import gather_report, gather_what_can_be
from lms.reports.rules import financial_year
from lms.retention.services import remove_what_is_past
from lms.testing.browsers import browser_of
from tests.built_in import BUILT_IN
from tests.make import Make
from tests.moments import NOW


def lost_key(*_: Any) -> Any:
    raise KeyError("spaces")


def leaves(*_: Any) -> Any:
    raise SystemExit(3)


def asks_nonsense(work: Work, *_: Any) -> Any:
    work.session.execute(sa.text("SELECT spaces FROM nowhere"))


def writes(work: Work, *_: Any) -> Any:
    work.session.add(Sector(name="Written by a panel"))
    work.session.flush()
    work.session.execute(sa.text("SELECT spaces FROM nowhere"))


FAULTS = pytest.mark.parametrize("fails", [lost_key, leaves, asks_nonsense, writes])


def stays(*_: Any) -> PanelContent:
    return PanelContent("layouts/panel_fault.html", {"title": "Cycling", "is_list": False})


@pytest.fixture
def site_with(settings: Settings) -> Iterator[Callable[..., Flask]]:
    """The application with a plugin that fails in some way, and one that does not, before and after it."""
    made: list[Flask] = []

    def app_with(**adds: Any) -> Flask:
        parking = Plugin(name="parking", title="Parking", requires=("courses",), **adds)
        app = create_app(settings, [*BUILT_IN, parking], clock=lambda: NOW)
        app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
        made.append(app)
        return app

    yield app_with
    for app in made:
        with app.app_context():
            db.engine.dispose()


def site_of(app: Flask) -> Site:
    found: Site = app.extensions["lms"]
    return found


def signed_in(app: Flask, make: Make, person: Person) -> FlaskClient:
    uniquifier = make.account(person).fs_uniquifier
    make.commit()
    return browser_of(app, uniquifier)


@FAULTS
def test_a_panel_that_fails_is_a_sentence_and_the_page_stands(
    site_with: Callable[..., Flask], make: Make, fails: Callable[..., Any]
) -> None:
    app = site_with(panels=(Panel("people.person", fails), Panel("partnership.settings", fails)))
    coordinator = make.person(roles=(Role.COORDINATOR, Role.BUSINESS_MANAGER))
    browser = signed_in(app, make, coordinator)
    page = browser.get(f"/people/{coordinator.id}")
    assert page.status_code == 200
    assert "Parking cannot be shown at the moment. The rest of this page is complete." in page.text
    assert coordinator.agency.name in page.text
    assert "<li>Parking cannot be shown at the moment." in browser.get("/settings").text


def test_a_panel_whose_template_fails_is_a_sentence_too(site_with: Callable[..., Flask], make: Make) -> None:
    app = site_with(panels=(Panel("people.person", lambda *_: PanelContent("layouts/error.html", {})),))
    coordinator = make.coordinator()
    page = signed_in(app, make, coordinator).get(f"/people/{coordinator.id}")
    assert "Parking cannot be shown at the moment." in page.text


def test_panels_after_one_that_fails_are_shown(site_with: Callable[..., Flask], make: Make) -> None:
    app = site_with(panels=(Panel("agencies.agency", asks_nonsense), Panel("agencies.agency", stays)))
    coordinator = make.coordinator()
    page = signed_in(app, make, coordinator).get(f"/agencies/{coordinator.agency_id}")
    assert page.text.index("Parking cannot be shown") < page.text.index("Cycling cannot be shown")


@FAULTS
def test_what_was_written_before_stays_and_what_failed_is_undone(session: Session, fails: Callable[..., Any]) -> None:
    session.add(Sector(name="Written before"))
    work = Work(session=session, actor=program("test"), now=NOW, site=None)  # type: ignore[arg-type]
    with pytest.raises(Fault, match="the sweep"), apart(session, "the sweep"):
        fails(work)
    session.commit()
    names = session.scalars(sa.select(Sector.name).order_by(Sector.name)).all()
    assert "Written before" in names
    assert "Written by a panel" not in names


@FAULTS
def test_a_transaction_that_reads_goes_on_reading(session: Session, fails: Callable[..., Any]) -> None:
    begin_reading(session)
    work = Work(session=session, actor=program("test"), now=NOW, site=None)  # type: ignore[arg-type]
    with pytest.raises(Fault), apart(session, "the panel"):
        fails(work)
    assert is_reading(session)
    assert session.scalar(sa.select(sa.func.count(Sector.id))) is not None
    session.rollback()
    assert not is_reading(session)


@FAULTS
def test_a_job_that_fails_ends_alone(
    site_with: Callable[..., Flask], session: Session, fails: Callable[..., Any]
) -> None:
    ran: list[str] = []
    every = timedelta(minutes=10)
    jobs = (
        Job("parking.first", "fails", fails, every=every),
        Job("parking.second", "runs", lambda work: ran.append("second"), every=every),
    )
    app = site_with(jobs=jobs)
    session.add_all(JobState(name=each.name, done_until=NOW - timedelta(days=1)) for each in jobs)
    session.commit()
    runs = run_due(session.get_bind(), site_of(app), site_of(app).jobs, NOW)  # type: ignore[arg-type]
    assert [(run.name, bool(run.error)) for run in runs] == [("parking.first", True), ("parking.second", False)]
    assert ran == ["second"]


@FAULTS
def test_a_check_that_fails_is_a_broken_check_and_the_others_go_on(
    site_with: Callable[..., Flask], fails: Callable[..., Any]
) -> None:
    checks = (Check("parking.room", "no place is promised twice", fails), Check("parking.open", "open", lambda _: ()))
    result = site_with(checks=checks).test_cli_runner().invoke(args=["check"])
    assert result.exit_code == 2
    assert (
        "BROKEN  parking.room: no place is promised twice\n        The check itself failed, so no one" in result.output
    )
    assert "ok      parking.open" in result.output


def work_of(app: Flask, session: Session) -> Work:
    return Work(session=session, actor=program("test"), now=NOW, site=site_of(app))


@FAULTS
def test_what_waits_elsewhere_is_told(
    site_with: Callable[..., Flask], session: Session, fails: Callable[..., Any]
) -> None:
    look = Permission("parking.look", "look", frozenset({Role.COORDINATOR}), is_asked_in_code=True)
    lines = [WaitingLine(3, "permit", "permits", "/parking")]
    waiting = (
        Waiting("parking.first", "parking.look", 1, fails),
        Waiting("parking.second", "parking.look", 2, lambda _: lines),
    )
    found = desk_of(work_of(site_with(permissions=(look,), waiting=waiting), session))
    assert ("part of this list is missing", "Parking cannot be counted at the moment") in [
        (f.one, f.note) for f in found
    ]
    assert lines[0] in found


@FAULTS
def test_figures_say_what_is_missing_and_leave_whole_or_not_at_all(
    site_with: Callable[..., Flask], session: Session, fails: Callable[..., Any]
) -> None:
    from lms.kit.figures import ReportQuestion  # noqa: PLC0415

    section = ReportSection("parking.spaces", "Parking spaces", ReportPart.HOW_MUCH, 1, fails)
    work = work_of(site_with(report_sections=(section,)), session)
    question = ReportQuestion(financial_year(2025))
    shown = gather_what_can_be(work, question)
    assert shown.missing == ("Parking spaces",)
    assert "events_delivered" in {figure.name for figure in shown.figures}
    with pytest.raises(Conflict, match="Parking spaces cannot be counted at the moment"):
        gather_report(work, question)


@FAULTS
def test_a_training_record_says_what_is_missing(
    site_with: Callable[..., Flask], session: Session, make: Make, fails: Callable[..., Any]
) -> None:
    work = work_of(site_with(record_sources=(RecordSource("parking.walks", fails),)), session)
    assert [(row.title, row.outcome) for row in entries_of(work, make.person().id)] == [
        ("Parking cannot be shown at the moment", "Missing")
    ]


@FAULTS
def test_a_retention_that_fails_stops_no_other(
    site_with: Callable[..., Flask], session: Session, fails: Callable[..., Any]
) -> None:
    kept = (Retention("parking.first", "f", fails), Retention("parking.second", "s", lambda _: 4))
    app = site_with(personal_data=Kept((), lambda *_: {}, lambda *_: None, retention=kept))
    lines = remove_what_is_past(work_of(app, session), kept).lines
    assert [(line[0], line[2]) for line in lines] == [("parking.first", 0), ("parking.second", 4)]
    assert lines[0][3].startswith("It failed (")


def test_only_a_listener_refuses_the_action_and_its_fault_says_where(
    site_with: Callable[..., Flask], session: Session, make: Make
) -> None:
    work = work_of(site_with(listeners=(Listener(EventPublished, lost_key),)), session)
    with pytest.raises(KeyError) as fault:
        work.tell(EventPublished(event_id=make.event().id))
    assert fault.value.__notes__[-1] == f"while {__name__} heard EventPublished, which undoes what was asked for"
