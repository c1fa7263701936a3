"""The demonstration partnership: as large as promised, the same every time, and true at awkward dates too."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from courses.booking.bookings.models import AccessNeeds, Booking
from courses.booking.bookings.places.models import PlaceHold
from courses.booking.bookings.places.queries import places_of
from courses.booking.bookings.queries import position_of
from courses.booking.bookings.rules import BookingSource, BookingState, Outcome
from courses.plugin import PLUGIN as COURSES
from courses.programme.courses.models import Course, Interest
from courses.programme.courses.rules import IN_CATALOGUE
from courses.programme.events.demonstration import event_dates, event_rows
from courses.programme.events.models import Event, EventDay, EventTrainer, Venue
from courses.programme.events.rules import EventState
from lms.agencies.models import Agency, FormerAgencyName, Sector
from lms.commands.demo import load_demonstrations
from lms.frame.access import Role, program
from lms.frame.db import Base, make_engine
from lms.frame.site import assemble
from lms.frame.work import Work
from lms.hosting import host
from lms.hosting.app import create_app
from lms.kit.errors import Refused
from lms.kit.working_days import LAST_KNOWN_YEAR, london_date
from lms.partnership.models import Partnership
from lms.people.models import Person
from lms.policies.services import approve_first_policy
from tests.built_in import BUILT_IN
from tests.demonstrations import demo_settings, demonstrated
from tests.make import Make
from tests.moments import NOW

pytestmark = pytest.mark.slow

AWKWARD_MOMENTS = (
    datetime(2027, 1, 1, 0, 30, tzinfo=UTC),  # a bank holiday on a Friday
    datetime(2028, 2, 29, 23, 59, tzinfo=UTC),
    datetime(2026, 4, 6, 9, 0, tzinfo=UTC),  # Easter Monday
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # the hour after clocks went back, on a Sunday
    datetime(2027, 3, 28, 1, 15, tzinfo=UTC),  # clocks went forward a quarter of an hour ago, on Easter Sunday
)
ANSWERS = {
    *("survey_answer_sheet", "survey_answer", "survey_answer_text", "survey_answer_text_theme", "survey_text_coding"),
    *(
        "survey_practice_sheet",
        "survey_practice_answer",
        "survey_sealed_sheet",
        "survey_sealed_practice",
        "round_sheet",
    ),
    "round_link",
}
"""They have keys and secrets that nobody may guess: others at each loading, and as many."""

NEVER_SAID = ("disguised compliance", "hard to reach", "learner", "student", "seat ")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application after `lms demo`, once for each kind of database. These tests only read it."""
    databases = demonstrated(request.param)
    with databases.fresh() as url:
        app = create_app(demo_settings(url, tmp_path_factory.mktemp("demo")), BUILT_IN, clock=lambda: NOW)
        yield app
        with app.app_context():
            app.extensions["sqlalchemy"].engine.dispose()
    databases.stop()


@pytest.fixture
def told(demo: Flask) -> Iterator[Session]:
    """A session that reads the demonstration."""
    with demo.app_context(), Session(demo.extensions["sqlalchemy"].engine) as session:
        yield session


def number(session: Session, entity: type, *where: Any) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(entity).where(*where)) or 0


def load_at(now: datetime, engine: Engine) -> Session:
    """The demonstration as `lms demo` loads it at a moment, in a session that nobody commits."""
    Base.metadata.create_all(engine)
    session = Session(engine)
    site = assemble(demo_settings("sqlite://", Path()), [*host.PLUGINS, *BUILT_IN])
    work = Work(session=session, actor=program("test"), now=now, site=site)
    approve_first_policy(work)
    load_demonstrations(work, site)
    return session


@pytest.fixture(scope="module")
def on_sqlite() -> Iterator[Session]:
    """The same, loaded by itself on the other kind of database."""
    databases = demonstrated("sqlite")
    with databases.fresh() as url:
        engine = make_engine(url)
        with Session(engine) as session:
            yield session
        engine.dispose()
    databases.stop()


@pytest.fixture(params=AWKWARD_MOMENTS, ids=lambda moment: moment.date().isoformat())
def awkward(request: pytest.FixtureRequest) -> Iterator[tuple[Session, datetime]]:
    engine = make_engine("sqlite://")
    with load_at(request.param, engine) as session:
        yield session, request.param
    engine.dispose()


def test_it_is_as_large_as_promised(told: Session) -> None:
    entities = (Sector, Agency, Person, Course, Event)
    assert [number(told, entity) for entity in entities] == [9, 60, 1200, 12, 70]
    assert number(told, Venue) >= 6
    assert number(told, Interest, Interest.closed_at.is_(None)) > 30
    assert number(told, Course, Course.status.in_(IN_CATALOGUE)) == 12


def test_it_has_a_name_of_its_own(told: Session) -> None:
    partnership = told.get_one(Partnership, 1)
    assert partnership.name == "Rowan Valley Safeguarding Children Partnership"


def test_every_address_is_one_that_nobody_can_have(told: Session) -> None:
    addresses = {*told.scalars(sa.select(Person.email)), *told.scalars(sa.select(Person.manager_email)), ""} - {""}
    assert all(address.endswith(".example") and address == address.lower() for address in addresses)


def test_it_has_the_people_that_every_partnership_knows(told: Session) -> None:
    mailboxes = Counter(told.scalars(sa.select(Person.email).where(Person.email != "")))
    assert sum(often > 1 for often in mailboxes.values()) >= 2
    assert number(told, Person, Person.email == "") >= 3
    assert number(told, Person, Person.job_title == "Volunteer", Person.manager_name == "") >= 2
    assert number(told, Person, Person.left_on.is_not(None)) >= 15
    assert number(told, Person, Person.addresses.any()) >= 1


def test_one_agency_was_merged_one_renamed_and_some_pay_no_charges(told: Session) -> None:
    merged = told.scalars(sa.select(Agency).where(Agency.successor_id.is_not(None))).one()
    assert merged.closed_on is not None
    assert merged.successor is not None
    assert number(told, FormerAgencyName) == 1
    assert number(told, Agency, Agency.is_exempt) >= 3
    kept = sa.select(Booking).join(Booking.event).where(Booking.agency_id == merged.id)
    assert all(booking.person.agency_id == merged.successor_id for booking in told.scalars(kept))


def test_each_persona_has_their_role(told: Session) -> None:
    personas = told.scalars(sa.select(Person).where(Person.ref.startswith("DEMO-")))
    assert {person.ref: [grant.role for grant in person.roles] for person in personas} == {
        "DEMO-DELEGATE": [],
        "DEMO-TRAINER": [Role.TRAINER],
        "DEMO-AGENCY-LEAD": [Role.AGENCY_LEAD],
        "DEMO-COORDINATOR": [Role.COORDINATOR],
        "DEMO-REVIEW-OFFICER": [Role.REVIEW_OFFICER],
        "DEMO-BUSINESS-MANAGER": [Role.BUSINESS_MANAGER],
        "DEMO-CHAIR": [Role.CHAIR],
    }


def test_the_delegate_has_something_of_everything(told: Session) -> None:
    amara = told.scalars(sa.select(Person).where(Person.ref == "DEMO-DELEGATE")).one()
    check_delegate(told, amara, NOW)


def check_delegate(session: Session, amara: Person, now: datetime) -> None:
    theirs = sa.select(Booking).join(Booking.event).where(Booking.person_id == amara.id).order_by(Event.starts_at)
    bookings = session.scalars(theirs).all()
    coming = [each for each in bookings if each.event.starts_at > now]
    assert [each.state for each in coming] == [BookingState.WAITING, BookingState.CONFIRMED, BookingState.CONFIRMED]
    assert position_of(session, coming[0]) == 3
    outcomes = [each.outcome for each in bookings if each.event.ends_at < now]
    assert outcomes == [Outcome.ATTENDED, Outcome.PART_ATTENDED, Outcome.ATTENDED, Outcome.ATTENDED]


def test_events_are_a_believable_mixture(told: Session) -> None:
    states = Counter(told.scalars(sa.select(Event.state)))
    assert states == {
        EventState.DELIVERED: 44,
        EventState.PUBLISHED: 20,
        EventState.CANCELLED: 3,
        EventState.POSTPONED: 1,
        EventState.PLANNED: 2,
    }
    coming = told.scalars(sa.select(Event).where(Event.state == EventState.PUBLISHED, Event.starts_at > NOW)).all()
    places = places_of(told, [event.id for event in coming])
    left = [event.capacity - places[event.id].confirmed - places[event.id].offered for event in coming]
    assert left.count(-1) == 1
    assert left.count(0) == 2
    assert sum(1 <= each <= 4 for each in left) >= 3
    assert all(places[event.id].waiting > 0 for event, free in zip(coming, left, strict=True) if free <= 0)


def test_bookings_ended_in_every_way(told: Session) -> None:
    assert set(told.scalars(sa.select(Booking.outcome).where(Booking.outcome.is_not(None)))) == set(Outcome)
    late, early = Booking.cancelled_at > Booking.free_until, Booking.cancelled_at < Booking.free_until
    cancelled = Booking.state == BookingState.CANCELLED
    assert number(told, Booking, cancelled, late) > 20
    assert number(told, Booking, cancelled, early) > 60
    assert number(told, Booking, Booking.source == BookingSource.WALK_IN) > 10
    assert number(told, Booking, Booking.state == BookingState.RELEASED) > 10
    moved_up = sa.and_(Booking.queued_at.is_not(None), Booking.state == BookingState.CONFIRMED)
    assert number(told, Booking, moved_up, Booking.confirmed_at > Booking.queued_at) > 5
    assert number(told, Booking, Booking.state == BookingState.OFFERED) == 1
    assert number(told, Booking, Booking.state == BookingState.AWAITING_MANAGER) == 1
    assert number(told, PlaceHold) == 1
    assert number(told, AccessNeeds) > 10
    attended = number(told, Booking, Booking.outcome == Outcome.ATTENDED)
    confirmed = number(told, Booking, Booking.outcome.is_not(None))
    assert 0.78 < attended / confirmed < 0.92


def test_everything_that_must_be_true_is(demo: Flask) -> None:
    result = demo.test_cli_runner().invoke(args=["check"])
    assert result.exit_code == 0, result.output


def test_no_course_says_what_the_field_has_dropped(told: Session) -> None:
    for course in told.scalars(sa.select(Course).order_by(Course.id)):
        version = course.versions[-1]
        words = " ".join([version.title, version.summary, version.aims, *version.outcomes, version.audience_note])
        assert version.is_current
        assert 3 <= len(version.outcomes) <= 5
        assert 40 <= len(version.summary) <= 160
        assert "'" not in words
        assert not [each for each in NEVER_SAID if each in words.lower()]


@pytest.mark.parametrize("demo", ["postgresql"], indirect=True)
def test_the_same_moment_gives_the_same_rows_in_either_database(told: Session, on_sqlite: Session) -> None:
    """Of every table; so that one kind may be brought the rows of the other (`lms/testing/rows_over.py`)."""
    differing = [
        table.name for table in Base.metadata.sorted_tables if sorted_rows(told, table) != sorted_rows(on_sqlite, table)
    ]
    assert differing == []


def sorted_rows(session: Session, table: sa.Table) -> list[str]:
    rows = session.execute(sa.select(table)).all()
    return [str(len(rows))] if table.name in ANSWERS else sorted(map(repr, rows))


def test_it_holds_together_at_awkward_dates(awkward: tuple[Session, datetime]) -> None:
    session, now = awkward
    today = london_date(now)
    events = session.scalars(sa.select(Event).order_by(Event.id)).all()
    assert len(events) == 70
    assert any(london_date(event.starts_at) == today for event in events)
    assert sum(today < london_date(event.starts_at) <= today + timedelta(days=8) for event in events) >= 4
    assert all(event.ends_at < now for event in events if event.state is EventState.DELIVERED)
    assert all(event.published_at is None or event.published_at < now for event in events)
    check_bookings(session, now)
    work = Work(session=session, actor=program("test"), now=now, site=assemble(demo_settings("sqlite://", Path()), []))
    assert [fault for check in COURSES.checks for fault in check.find(work)] == []
    check_delegate(session, session.scalars(sa.select(Person).where(Person.ref == "DEMO-DELEGATE")).one(), now)


def check_bookings(session: Session, now: datetime) -> None:
    """Nothing is later than now, and nobody is in two places on one day."""
    for moment in (Booking.booked_at, Booking.confirmed_at, Booking.cancelled_at, Booking.queued_at):
        assert number(session, Booking, moment > now) == 0
    assert number(session, Booking, Booking.cancelled_at < Booking.booked_at) == 0
    assert number(session, Booking, Booking.confirmed_at < Booking.booked_at) == 0
    held = sa.select(Booking.person_id, EventDay.starts_at).join(EventDay, EventDay.event_id == Booking.event_id)
    trained = sa.select(EventTrainer.person_id, EventDay.starts_at).join(
        EventDay, EventDay.event_id == EventTrainer.event_id
    )
    busy = Counter((person, london_date(starts)) for person, starts in session.execute(sa.union_all(held, trained)))
    assert [each for each, often in busy.items() if often > 1] == []


@given(st.dates(date(2014, 1, 1), date(2028, 6, 30)))
def test_no_two_events_share_a_room_or_a_trainer_on_a_day(today: date) -> None:
    rows = event_rows()
    dates = event_dates(rows, today)
    taken = Counter(
        (day, name)
        for row in rows
        for day in dates[row["ref"]]
        for name in (row["place"], *row["trainers"].split(";"))
        if name != "online"
    )
    assert max(taken.values()) == 1
    assert dates["WT-09"] == [today]


def test_where_bank_holidays_are_not_known_it_refuses_in_words() -> None:
    engine = make_engine("sqlite://")
    with pytest.raises(Refused, match="Bank holidays are known"):
        load_at(datetime(LAST_KNOWN_YEAR, 11, 1, 9, 0, tzinfo=UTC), engine)
    engine.dispose()


def test_real_people_are_never_mixed_with_invented_ones(demo_app: Flask, make: Make) -> None:
    make.person()
    make.commit()
    result = demo_app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 1
    assert "Load the demonstration into an empty one" in result.output
    with demo_app.app_context():
        demo_app.extensions["sqlalchemy"].engine.dispose()


def test_outside_demonstration_mode_nothing_is_invented(app: Flask, session: Session) -> None:
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 1
    assert "This is not demonstration mode" in result.output
    assert number(session, Person) == 0
