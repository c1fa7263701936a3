"""A lead's people by the courses that they need: all of them in a number of queries that does not grow."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import IN_QUEUE
from courses.booking.bookings.rules import LIVE_STATES, BookingState
from courses.programme.events.models import Event
from courses.programme.events.queries import EventRow, event_rows, is_coming
from courses.programme.events.rules import EventStage, EventState
from courses.records.compliance.queries import CourseOf, courses_counted, is_for, last_learned
from courses.records.staff.rules import SHOWN_STANDINGS, CourseNeed, NeedsCounted, StaffShown, need_of, plan_words
from lms.frame.work import Work
from lms.kit.errors import NotAllowed
from lms.kit.folding import has_words, words_typed
from lms.kit.words import day_and_month
from lms.kit.working_days import london_date
from lms.people.affiliations.queries import employed_on
from lms.people.models import Person

OVER = (EventState.DELIVERED, EventState.CANCELLED)


@dataclass(frozen=True)
class StaffRow:
    """One person, with how they stand with each course that they need, by its id."""

    id: int
    name: str
    ref: str
    email: str
    job_title: str
    kind_of_work: str
    agency: str
    agency_id: int | None
    needs: dict[int, CourseNeed]

    def stands(self, shown: StaffShown, course_id: int = 0) -> bool:
        """Whether they are shown: by any of their courses, or by the one chosen."""
        needs = self.needs.values() if not course_id else [self.needs[course_id]] if course_id in self.needs else []
        if shown is StaffShown.ALL:
            return not course_id or bool(needs)
        return any(each.standing in SHOWN_STANDINGS[shown] for each in needs)


@dataclass(frozen=True)
class StaffTable:
    """All people of the lead's agencies, by name, and the courses that somebody of them needs."""

    courses: list[CourseOf]
    rows: list[StaffRow]
    today: date

    def counted(self, course_id: int) -> NeedsCounted:
        """How they stand with one course."""
        return NeedsCounted.of(row.needs[course_id] for row in self.rows if course_id in row.needs)

    def course(self, code: str) -> CourseOf | None:
        """The course of this code, if somebody needs it."""
        return next((each for each in self.courses if each.code == code), None)

    def shown(self, shown: StaffShown, course: CourseOf | None, typed: str) -> list[StaffRow]:
        """Those who stand so, with these words in their name."""
        wanted, course_id = words_typed(typed), course.id if course else 0
        return [row for row in self.rows if row.stands(shown, course_id) and has_words(row.name, wanted)]

    def number(self, shown: StaffShown) -> int:
        """How many people would be shown."""
        return sum(row.stands(shown) for row in self.rows)

    @property
    def without_kind(self) -> int:
        """People of whom nobody said what kind of work they do: only courses for everyone count for them."""
        return sum(not row.kind_of_work for row in self.rows)


def staff_table(work: Work) -> StaffTable:
    """The people of the agencies that the actor leads. Raises NotAllowed for whoever leads none."""
    if not work.actor.leads_agency_ids:
        raise NotAllowed("You lead no agency. Ask the training team if you should.")
    return _table(work, Person.agency_id.in_(work.actor.leads_agency_ids))


def needs_of_person(work: Work, person_id: int) -> tuple[StaffRow, list[CourseOf]] | None:
    """How one person stands now, whoever asks; None when they are not here any more."""
    table = _table(work, Person.id == person_id)
    return (table.rows[0], table.courses) if table.rows else None


def _table(work: Work, who: sa.ColumnElement[bool]) -> StaffTable:
    session, today = work.session, london_date(work.now)
    people = session.scalars(
        sa.select(Person)
        .where(who, Person.is_here)
        .options(joinedload(Person.role_group), joinedload(Person.agency))
        .order_by(Person.name, Person.id)
    ).all()
    courses, plans = courses_counted(session), _plans(work, who)
    last = _last_learned(work, who, people, today)
    rows = [_row(person, courses, last, plans, today) for person in people]
    needed = {course_id for row in rows for course_id in row.needs}
    return StaffTable([each for each in courses if each.id in needed], rows, today)


def _last_learned(
    work: Work, who: sa.ColumnElement[bool], people: Sequence[Person], today: date
) -> dict[tuple[int, int], date]:
    """By person and course."""
    everybody = employed_on(today)
    theirs = everybody.c.person_id.in_(sa.select(Person.id).where(who, Person.is_here))
    employed = sa.select(everybody).where(theirs).subquery("own_people")
    agencies = {person.agency_id for person in people if person.agency_id is not None}
    found: dict[tuple[int, int], date] = {}
    for (course_id, person_id, *_), on in last_learned(work.session, employed, agencies, today).items():
        found[person_id, course_id] = max(on, found.get((person_id, course_id), on))
    return found


def _row(
    person: Person,
    courses: Collection[CourseOf],
    last: dict[tuple[int, int], date],
    plans: dict[tuple[int, int], str],
    today: date,
) -> StaffRow:
    needs = {
        each.id: need_of(
            last.get((person.id, each.id)), each.refresher_months, today, plans.get((person.id, each.id), "")
        )
        for each in courses
        if is_for(each, person.role_group_id)
    }
    return StaffRow(
        id=person.id,
        name=person.name,
        ref=person.ref,
        email=person.email,
        job_title=person.job_title,
        kind_of_work=person.role_group.name if person.role_group else "",
        agency=person.agency.name if person.agency else "",
        agency_id=person.agency_id,
        needs=needs,
    )


def _plans(work: Work, who: sa.ColumnElement[bool]) -> dict[tuple[int, int], str]:
    """What each person has booked, waits for or was at without a register yet, by person and course: one query."""
    turns = (
        sa.select(
            Booking.id,
            sa.func.row_number()
            .over(partition_by=Booking.event_id, order_by=(Booking.queued_at, Booking.id))
            .label("turn"),
        )
        .where(Booking.state.in_(IN_QUEUE))
        .subquery("turns")
    )
    rows = work.session.execute(
        sa.select(
            Booking.person_id, Event.course_id, Booking.state, Event.starts_at, Event.ends_at, Event.state, turns.c.turn
        )
        .join(Event, Event.id == Booking.event_id)
        .outerjoin(turns, turns.c.id == Booking.id)
        .where(Booking.person_id.in_(sa.select(Person.id).where(who, Person.is_here)))
        .where(Booking.state.in_(LIVE_STATES), Booking.outcome.is_(None), Event.state.not_in(OVER))
        .order_by(Booking.state != BookingState.CONFIRMED, Event.starts_at, Booking.id)
    )
    found: dict[tuple[int, int], str] = {}
    today = london_date(work.now)
    for person_id, course_id, state, starts_at, ends_at, event_state, turn in rows:
        is_over = ends_at <= work.now and event_state is not EventState.POSTPONED
        if is_over and state is not BookingState.CONFIRMED:
            continue
        day = "today" if london_date(starts_at) == today else day_and_month(london_date(starts_at))
        when = "a new date to come" if event_state is EventState.POSTPONED else day
        said = plan_words(state, when, is_over=is_over, turn=turn)
        found.setdefault((person_id, course_id), said)
    return found


@dataclass(frozen=True)
class DateToBook:
    """A date on which people can be booked now."""

    event_id: int
    words: str


def dates_to_book(work: Work, courses: Collection[CourseOf]) -> list[tuple[str, list[DateToBook]]]:
    """The dates of these courses that take bookings, by course: two queries."""
    found: dict[int, list[DateToBook]] = {}
    if courses:
        wanted = Event.course_id.in_([each.id for each in courses])
        for row in event_rows(work, is_coming(work.now), wanted):
            if row.stage(work.now) is EventStage.OPEN:
                found.setdefault(row.course_id, []).append(DateToBook(row.id, _date_words(row)))
    return [(each.title, found[each.id]) for each in courses if each.id in found]


def _date_words(row: EventRow) -> str:
    """Thu 9 Apr 2026, Ashbeck Centre, Larkham: 9 places left"""
    waiting = f"full, {row.places.waiting} waiting"
    left = f"{row.left} {'place' if row.left == 1 else 'places'} left"
    return f"{row.title}, {row.dates}, {row.place}: {waiting if row.is_full else left}"
