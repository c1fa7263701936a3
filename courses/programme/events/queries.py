"""Events as lists show them: one small row each, in a number of queries that does not grow with the rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from courses.programme.courses.models import Course, CourseVersion
from courses.programme.events import rules
from courses.programme.events.models import Event, EventDay, EventTrainer, Venue
from courses.programme.events.rules import EventState
from courses.questions import ClaimsOn, Places
from lms.frame.access import Role
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.words import event_dates, event_times
from lms.people.models import Person, RoleGrant
from lms.policies.queries import notice_in_force


@dataclass(frozen=True)
class DayRow:
    """One day of an event. `place` never holds the link to an online event, `area` only RV1, of RV1 4QT."""

    id: int
    number: int
    starts_at: datetime
    ends_at: datetime
    break_minutes: int
    place: str
    town: str
    is_online: bool
    area: str = ""
    parking: str = ""
    access: str = ""


@dataclass(frozen=True)
class EventRow:
    """An event with its days and counted places. `mine` is how the reader is booked, if they are."""

    id: int
    ref: str
    course_id: int
    course_code: str
    title: str
    state: EventState
    capacity: int
    starts_at: datetime
    ends_at: datetime
    free_until: datetime
    booking_opens_at: datetime | None
    booking_closes_at: datetime
    changed_at: datetime
    asked_from: datetime | None = None
    published_at: datetime | None = None
    mine: str = ""
    days: tuple[DayRow, ...] = ()
    places: Places = field(default_factory=Places)
    trainers: tuple[str, ...] = ()

    def stage(self, now: datetime) -> rules.EventStage:
        """Where the event stands."""
        return rules.stage(
            rules.Timing(self.state, self.starts_at, self.ends_at, self.booking_opens_at, self.booking_closes_at), now
        )

    @property
    def blocks(self) -> list[tuple[datetime, datetime]]:
        return [(day.starts_at, day.ends_at) for day in self.days]

    @property
    def dates(self) -> str:
        return event_dates(self.blocks)

    @property
    def times(self) -> str:
        return event_times(self.blocks)

    @property
    def place(self) -> str:
        """Where, each place once, in the order of the days."""
        return "; ".join(dict.fromkeys(day.place for day in self.days))

    @property
    def towns(self) -> frozenset[str]:
        """Where it takes place; nowhere for one that is online."""
        return frozenset(day.town for day in self.days if day.town and not day.is_online)

    @property
    def left(self) -> int:
        return rules.places_left(self.capacity, self.places.gone)

    @property
    def is_full(self) -> bool:
        return rules.is_full(self.capacity, self.places.gone)

    @property
    def over_booked(self) -> int:
        return rules.over_booked_by(self.capacity, self.places.confirmed)

    @property
    def percent(self) -> float:
        return rules.percent_taken(self.capacity, self.places.gone)

    @property
    def cpd_minutes(self) -> int:
        return rules.cpd_minutes([(day.starts_at, day.ends_at, day.break_minutes) for day in self.days])


_COLUMNS = (
    Event.id,
    Event.ref,
    Event.course_id,
    Course.code,
    CourseVersion.title,
    Event.state,
    Event.capacity,
    Event.starts_at,
    Event.ends_at,
    Event.free_until,
    Event.booking_opens_at,
    Event.booking_closes_at,
    sa.func.coalesce(Event.moved_at, Event.published_at, Event.created_at),
    Event.asked_from,
    Event.published_at,
)
_DAY_COLUMNS = (
    EventDay.id,
    EventDay.number,
    EventDay.starts_at,
    EventDay.ends_at,
    EventDay.break_minutes,
    Venue.name,
    Venue.town,
    EventDay.online_url,
    Venue.address,
    Venue.parking,
    Venue.access,
)


def event_rows(
    work: Work,
    *where: sa.ColumnElement[bool],
    person_id: int | None = None,
    with_trainers: bool = False,
) -> list[EventRow]:
    """The events that meet the conditions, soonest first, with places counted: a fixed number of queries."""
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(*_COLUMNS, notice_in_force(work.now), *_DAY_COLUMNS, Person.name if with_trainers else sa.null())
        .join(Course, Course.id == Event.course_id)
        .join(CourseVersion, CourseVersion.id == Event.course_version_id)
        .join(EventDay, EventDay.event_id == Event.id)
        .outerjoin(Venue, Venue.id == EventDay.venue_id)
        .where(*where)
        .order_by(Event.starts_at, Event.id, EventDay.number)
    )
    if with_trainers:
        query = (
            query.outerjoin(EventTrainer, EventTrainer.event_id == Event.id)
            .outerjoin(Person, Person.id == EventTrainer.person_id)
            .order_by(Person.name)
        )
    return _with_claims(work, work.session.execute(query), person_id)


def _with_claims(work: Work, found: Iterable[Any], person_id: int | None) -> list[EventRow]:
    """One row for each event out of one for each of its days and trainers."""
    size, notice = len(_COLUMNS), None
    rows: dict[int, EventRow] = {}
    days: dict[int, dict[int, DayRow]] = {}
    trainers: dict[int, dict[str, None]] = {}
    for values in found:
        rows.setdefault(values[0], EventRow(*values[:size]))
        notice = values[size]
        days.setdefault(values[0], {})[values[size + 1]] = _day_row(values[size + 1 : -1])
        if values[-1] is not None:
            trainers.setdefault(values[0], {})[values[-1]] = None
    claims = work.ask(ClaimsOn(tuple(rows), person_id)) if rows else {}
    return [
        replace(
            row,
            free_until=rules.free_until_now(row.free_until, row.starts_at, notice, work.now),
            days=tuple(days[row.id].values()),
            trainers=tuple(trainers.get(row.id, ())),
            places=claims[row.id].places,
            mine=claims[row.id].mine,
        )
        for row in rows.values()
    ]


def _day_row(values: Any) -> DayRow:
    day_id, number, starts_at, ends_at, breaks, venue, town, online_url, address, parking, access = values
    place = rules.place_words(venue, online_url)
    is_online = venue is None or bool(online_url)
    said = (rules.postcode_area(address or ""), parking or "", access or "")
    return DayRow(day_id, number, starts_at, ends_at, breaks, place, town or "", is_online, *said)


def is_coming(now: datetime) -> sa.ColumnElement[bool]:
    """Published and not over: what the catalogue and the public calendar show."""
    return sa.and_(Event.state == EventState.PUBLISHED, Event.ends_at > now)


def event_row(work: Work, event_id: int) -> EventRow:
    """One event. Raises NotFound."""
    found = event_rows(work, Event.id == event_id, with_trainers=True)
    if not found:
        raise NotFound("We cannot find that event. It may have been removed. Look for it under Events.")
    return found[0]


def event_with_days(session: Session, event_id: int, *, lock: bool = False) -> Event:
    """The event itself with its days, to read or, locked, to change. Raises NotFound."""
    query = (
        sa.select(Event)
        .where(Event.id == event_id)
        .options(selectinload(Event.days).joinedload(EventDay.venue), selectinload(Event.trainers))
        .execution_options(populate_existing=lock)
    )
    found = session.scalar(query.with_for_update(of=Event, key_share=True) if lock else query)
    if found is None:
        raise NotFound("We cannot find that event. It may have been removed. Look for it under Events.")
    return found


# What the forms offer


def trainers_to_choose(session: Session) -> list[tuple[int, str]]:
    """People who train and are still here, by name."""
    return [
        (person_id, name)
        for person_id, name in session.execute(
            sa.select(Person.id, Person.name)
            .where(
                Person.id.in_(sa.select(RoleGrant.person_id).where(RoleGrant.role == Role.TRAINER)),
                Person.is_here,
            )
            .order_by(Person.name, Person.id)
        )
    ]


def venues_to_choose(session: Session) -> list[tuple[int, str]]:
    """Rooms by name."""
    return [(each.id, each.name) for each in session.scalars(sa.select(Venue).order_by(Venue.name))]
