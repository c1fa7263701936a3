"""Past years stay as they were: agencies move to other sectors, courses become something else: no figure follows."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from courses.attendance.finalising.services import finalise_register
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, BookingState, Outcome
from courses.figures.behind.queries import rows_behind
from courses.figures.breakdowns.figures import breakdowns
from courses.figures.protected.figures import protected_programme
from courses.figures.queries import facts_of
from courses.programme.courses.models import Course
from courses.programme.courses.rules import EventType
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.agencies.models import Agency
from lms.agencies.services import AgencyDetails, change_agency, merge_agency
from lms.frame.work import Work
from lms.kit.figures import ReportQuestion
from lms.kit.rows_behind import Behind
from lms.people.models import Person
from lms.policies.models import PolicyVersion
from lms.reports.rules import financial_year
from tests.make import Make

YEAR = ReportQuestion(financial_year(2024))
JUNE = datetime(2024, 6, 13, 8, 30, tzinfo=UTC)
SECTORS = ("Health", "Police", "Education")


def held(make: Make, session: Session, course: Course, agency: Agency, came: int, absent: int = 0) -> Event:
    """A delivered event of last year with so many of an agency who came, and who did not."""
    event = make.event(
        course, starts=JUNE, capacity=100, state=EventState.DELIVERED, finalised_at=JUNE, places_offered=100
    )
    policy = session.scalars(sa.select(PolicyVersion)).first()
    for number in range(1, came + absent + 1):
        session.add(
            Booking(
                event=event,
                person=make.person(f"Person {number}", agency=agency),
                agency_id=agency.id,
                policy_version=policy,
                state=BookingState.CONFIRMED,
                source=BookingSource.IMPORT,
                place_number=number,
                booked_at=JUNE,
                confirmed_at=JUNE,
                free_until=JUNE,
                outcome=Outcome.ATTENDED if number <= came else Outcome.DID_NOT_ATTEND,
            )
        )
    session.flush()
    return event


def move(work: Work, make: Make, agency: Agency, sector: str) -> None:
    """As the office does it, on the page of the agency."""
    change_agency(work, agency, AgencyDetails(agency.name, make.sector(sector)))


def told(work: Work, question: ReportQuestion = YEAR) -> dict[str, Any]:
    """All tables of the year, by name."""
    return {table.name: table.rows for table in breakdowns(facts_of(work.session, question), question)}


def bookings_by(rows: Any, column: str) -> dict[str, int]:
    return {row[column]: row["bookings"] for row in rows}


def test_an_agency_that_moves_takes_no_booking_of_a_past_year_with_it(work: Work, make: Make, session: Session) -> None:
    course = make.course()
    trust, school = make.agency("Health Trust", sector=make.sector("Health")), make.agency("Corner Practice")
    held(make, session, course, trust, came=60, absent=4)
    held(make, session, course, school, came=3)
    assert bookings_by(told(work)["by_sector"], "sector") == {"Health": 67}

    move(work, make, trust, "Police")

    assert bookings_by(told(work)["by_sector"], "sector") == {"Health": 67}
    assert bookings_by(told(work)["by_agency"], "agency") == {"Health Trust": 64, "Corner Practice": 3}
    assert {row["sector"] for row in told(work)["by_agency"]} == {"Health"}
    as_now = ReportQuestion(YEAR.period, as_now=True)
    assert bookings_by(told(work, as_now)["by_sector"], "sector") == {"Health": 3, "Police": 64}
    behind = rows_behind(work, YEAR, Behind("bookings", {"sector": "Health"}, 1))
    assert behind is not None
    assert behind.rows.total == 67


def test_an_agency_with_two_sectors_in_a_year_has_a_line_in_each(work: Work, make: Make, session: Session) -> None:
    course, trust = make.course(), make.agency("Health Trust", sector=make.sector("Health"))
    held(make, session, course, trust, came=8)
    move(work, make, trust, "Police")
    held(make, session, course, trust, came=7)
    tables = told(work)
    lines = {(row["agency"], row["sector"]): row["bookings"] for row in tables["by_agency"]}
    assert lines == {("Health Trust", "Health"): 8, ("Health Trust", "Police"): 7}
    assert bookings_by(tables["by_sector"], "sector") == {"Health": 8, "Police": 7}
    police = rows_behind(work, YEAR, Behind("bookings", {"sector": "Police"}, 1))
    assert police is not None
    assert police.rows.total == 7


def test_a_course_that_becomes_something_else_takes_no_delivered_event_with_it(
    work: Work, make: Make, session: Session
) -> None:
    course = make.course(event_type=EventType.BRIEFING)
    held(make, session, course, make.agency(), came=9)
    course.event_type = EventType.CONFERENCE
    session.flush()
    assert bookings_by(told(work)["by_type"], "type") == {"briefing": 9}
    assert [row["type"] for row in told(work)["by_course"]] == ["briefing"]
    only = ReportQuestion(YEAR.period, only_types=("conference",))
    assert told(work, only)["by_type"] == ()


def test_sector_and_type_are_frozen_when_the_register_is_finalised(work: Work, make: Make, session: Session) -> None:
    course, agency = make.course(event_type=EventType.BRIEFING), make.agency(sector=make.sector("Health"))
    event = make.event(course, starts=work.now - timedelta(days=2))
    policy = session.scalars(sa.select(PolicyVersion)).one()
    common = {"event": event, "policy_version": policy, "booked_at": work.now, "free_until": work.now}
    session.add(Booking(person=make.person(agency=agency), agency=agency, state=BookingState.CANCELLED,
                        confirmed_at=work.now, cancelled_at=work.now, **common))  # fmt: skip
    session.flush()
    booking = session.scalars(sa.select(Booking)).one()
    assert (booking.sector_id, event.event_type) == (make.sector("Health").id, EventType.BRIEFING)

    move(work, make, agency, "Police")
    course.event_type = EventType.WEBINAR
    finalise_register(work, event.id)
    session.refresh(booking)
    assert (booking.sector_id, event.event_type) == (make.sector("Police").id, EventType.WEBINAR)

    move(work, make, agency, "Education")
    course.event_type = EventType.FORUM
    session.flush()
    session.expire_all()
    assert (booking.sector_id, event.event_type) == (make.sector("Police").id, EventType.WEBINAR)


def test_another_agency_on_a_booking_is_another_sector(work: Work, make: Make, session: Session) -> None:
    event = held(make, session, make.course(), make.agency(sector=make.sector("Health")), came=1)
    booking = session.scalars(sa.select(Booking).where(Booking.event_id == event.id)).one()
    booking.agency = make.agency(sector=make.sector("Police"))
    session.flush()
    assert booking.sector_id == make.sector("Police").id
    booking.agency = None
    session.flush()
    assert booking.sector_id is None


def test_the_database_refuses_an_agency_without_its_sector(work: Work, make: Make, session: Session) -> None:
    held(make, session, make.course(), make.agency(), came=1)
    with pytest.raises(sa.exc.IntegrityError, match="sector_with_agency"):
        session.execute(sa.update(Booking).values(sector_id=None))


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("sector"), st.integers(0, 2), st.sampled_from(SECTORS)),
        st.tuples(st.just("type"), st.integers(0, 1), st.sampled_from(list(EventType))),
        st.tuples(st.just("people"), st.integers(0, 2), st.integers(0, 2)),
        st.tuples(st.just("merge"), st.integers(0, 2), st.integers(0, 2)),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.slow
def test_no_moving_changes_a_past_year(work: Work, make: Make, session: Session) -> None:
    """Whatever moves, as often as it likes: the year, each quarter of it, and what readers see stay as they were."""
    agencies = [make.agency(f"Agency {each}", sector=make.sector(each)) for each in SECTORS]
    courses = [make.course(f"Course {each.value}", event_type=each) for each in (EventType.COURSE, EventType.SUMMIT)]
    expected: Counter[str] = Counter()
    for number, agency in enumerate(agencies):
        for place, course in enumerate(courses):
            held(make, session, course, agency, came=6 + number, absent=5 + place)
            expected[agency.sector.name] += 11 + number + place
    before = (told(work), protected_programme(facts_of(session, YEAR), YEAR, ()))
    assert bookings_by(before[0]["by_sector"], "sector") == expected

    @settings(max_examples=30, deadline=None)
    @given(MOVES)
    def whatever_moves(moves: list[tuple[str, int, Any]]) -> None:
        attempt = session.begin_nested()
        for what, which, to in moves:
            _move_something(work, make, agencies, courses, what, which, to)
        session.flush()
        assert (told(work), protected_programme(facts_of(session, YEAR), YEAR, ())) == before
        attempt.rollback()
        session.expire_all()

    whatever_moves()


def _move_something(
    work: Work, make: Make, agencies: list[Agency], courses: list[Course], what: str, which: int, to: Any
) -> None:
    agency = agencies[which]
    if what == "sector":
        move(work, make, agency, to)
    elif what == "type":
        courses[which].event_type = to
    elif what == "people":
        people = work.session.scalars(sa.select(Person).where(Person.agency_id == agency.id))
        for person in people:
            person.agency = agencies[to]
    elif agency is not agencies[to] and agency.closed_on is None and agencies[to].closed_on is None:
        merge_agency(work, agency, agencies[to], on=date(2025, 9, 1), move_people=True)
