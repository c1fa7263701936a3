"""Events as rows of a CSV file, one row a day. What is over comes in as history, which nobody is told about."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from courses.programme.courses.models import Course
from courses.programme.events import rules
from courses.programme.events.changes.services import Before, tell_what_changed
from courses.programme.events.clashes.queries import clashes_of
from courses.programme.events.models import Event, EventDay, Venue
from courses.programme.events.rules import EventState
from courses.programme.events.services import closing_by_hand, keep_in_step
from lms.frame import cells
from lms.frame.locks import lock_rows
from lms.frame.plugins import Change, Column, Import, RowReader
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.folding import folded
from lms.kit.portions import portions
from lms.people.models import Person
from lms.policies.queries import policy_in_force, terms_of
from lms.policies.rules import Policy

ONLINE = re.compile(r"(online|virtual)\b", re.IGNORECASE)
COLUMNS = (
    Column("ref", is_key=True),
    Column("course_code"),
    Column("day", is_key=True),
    Column("starts_at", is_required=True),
    Column("ends_at", is_required=True),
    Column("venue"),
    Column("online_url"),
    Column("capacity"),
    Column("status"),
    Column("trainers"),
)
OF_THE_EVENT = ("course_code", "capacity", "status", "trainers")  # said once; further rows may leave them empty


@dataclass
class EventsLookup:
    """What all rows need, looked up once, and what has been read of each event so far."""

    policy: Policy
    courses: dict[str, Course]
    venues: dict[str, Venue]
    people: dict[str, Person]
    events: dict[str, Event]
    rows_left: Counter[str]
    before: dict[str, Before | None] = field(default_factory=dict)
    closing: dict[str, datetime | None] = field(default_factory=dict)
    said: dict[str, dict[str, str]] = field(default_factory=dict)
    times: dict[str, dict[int, datetime]] = field(default_factory=dict)


def read_events(work: Work, rows: list[Mapping[str, str]]) -> RowReader:
    """Add or change events by reference and day. Unknown venues are created; what is not in the file stays."""
    known = _known(work, rows)

    def read(row: Mapping[str, str]) -> Change:
        ref, number = cells.text(row, "ref"), cells.whole_number(row, "day", required=True, at_least=1) or 1
        known.rows_left[ref] -= 1
        event = known.events.get(ref)
        was_there = {} if event is None else {day.number: as_row(event, day) for day in event.days}
        if ref not in known.before:
            known.before[ref] = None if event is None else Before.of(event)
            known.closing[ref] = None if event is None else closing_by_hand(work, event)
        of_event = _what_the_event_says(known, ref, row)
        if event is None:
            event = _new_event(work, known, ref, of_event)
        _fill_event(known, event, of_event)
        day = _fill_day(known, event, number, row)
        _check_to_come(work, known.before[ref], day)
        _fill_state(work, event, of_event, is_new=known.before[ref] is None)
        known.events[ref] = event
        work.session.add(event)
        if known.rows_left[ref] == 0:
            tell_what_changed(work, event, known.before[ref])
        is_new = number not in was_there
        change = (
            Change("added", thing=event) if is_new else cells.difference(event, was_there[number], as_row(event, day))
        )
        return replace(change, warnings=_clashes(work, known, event))

    return read


def _clashes(work: Work, known: EventsLookup, event: Event) -> tuple[str, ...]:
    """What the coordinator would be warned of who did the same by hand, once all rows of the event are read."""
    before = known.before[event.ref]
    takes_place = event.state in (EventState.PLANNED, EventState.PUBLISHED) and event.ends_at > work.now
    if known.rows_left[event.ref] or not takes_place or (before and not before.may_clash(event)):
        return ()
    return clashes_of(work, event)


def as_row(event: Event, day: EventDay) -> Mapping[str, str]:
    """A day of an event as a file says it. Online is a day without a venue."""
    return {
        "ref": event.ref,
        "course_code": event.course.code,
        "day": str(day.number),
        "starts_at": cells.said_wall(day.starts_at),
        "ends_at": cells.said_wall(day.ends_at),
        "venue": day.venue.name if day.venue else "",
        "online_url": day.online_url,
        "capacity": cells.said_number(event.capacity),
        "status": event.state.value,
        "trainers": cells.said_words(sorted(each.ref for each in event.trainers)),
    }


def export_events(work: Work) -> Iterator[Mapping[str, str]]:
    """Every day of every event, in the order of their start."""
    events = work.session.scalars(
        sa.select(Event)
        .options(joinedload(Event.course), *_with_days_and_trainers())
        .order_by(Event.starts_at, Event.ref)
    )
    return (as_row(event, day) for event in events for day in event.days)


def _with_days_and_trainers() -> tuple[sa.orm.interfaces.ORMOption, ...]:
    return selectinload(Event.days).joinedload(EventDay.venue), selectinload(Event.trainers)


def _known(work: Work, rows: list[Mapping[str, str]]) -> EventsLookup:
    refs = sorted({cells.text(row, "ref") for row in rows})
    people = sorted({ref for row in rows for ref in cells.words(row, "trainers")})
    session = work.session
    codes = sorted({cells.text(row, "course_code") for row in rows})
    course_ids = [each for some in portions(codes) for each in session.scalars(_course_ids(some))]
    lock_rows(session, Course, course_ids)  # their next version may be approved just now
    return EventsLookup(
        policy=terms_of(policy_in_force(session, work.now)),
        courses={each.code: each for each in session.scalars(sa.select(Course).options(selectinload(Course.versions)))},
        venues={folded(each.name): each for each in session.scalars(sa.select(Venue).order_by(Venue.id))},
        people={
            each.ref: each
            for some in portions(people)
            for each in session.scalars(sa.select(Person).where(Person.ref.in_(some)))
        },
        events={
            each.ref: each
            for some in portions(refs)
            for each in session.scalars(
                sa.select(Event)
                .where(Event.ref.in_(some))
                .options(joinedload(Event.course), *_with_days_and_trainers())
                .order_by(Event.id)
                .with_for_update(of=Event, key_share=True)
            )
        },
        rows_left=Counter(cells.text(row, "ref") for row in rows),
    )


def _course_ids(codes: Sequence[str]) -> sa.Select[int]:
    return sa.select(Course.id).where(Course.code.in_(codes)).order_by(Course.id)


def _what_the_event_says(known: EventsLookup, ref: str, row: Mapping[str, str]) -> dict[str, str]:
    """The cells about the event as a whole, from this row or from an earlier one. Refuses rows that differ."""
    said = known.said.setdefault(ref, dict.fromkeys(OF_THE_EVENT, ""))
    for column in OF_THE_EVENT:
        value = cells.text(row, column)
        if value and said[column] and value != said[column]:
            words = f"An earlier row of {ref} says {said[column]}. Say the same on each of its rows, or leave it empty."
            raise Invalid(words, field=column)
        said[column] = value or said[column]
    return said


def _new_event(work: Work, known: EventsLookup, ref: str, of_event: dict[str, str]) -> Event:
    course = cells.one_of(of_event, "course_code", known.courses, what="course", required=True)
    if course is None:
        raise Invalid(cells.NEEDED, field="course_code")
    return Event(
        ref=ref,
        course=course,
        state=EventState.PLANNED,
        capacity=course.capacity or known.policy.default_capacity,
        created_at=work.now,
        joining_note="",
        cancel_reason="",
        is_history=False,
    )


def _fill_event(known: EventsLookup, event: Event, row: dict[str, str]) -> None:
    course = cells.one_of(row, "course_code", known.courses, what="course")
    if course is not None and (event.version is None or course is not event.course):
        event.course = course
        event.version = next(version for version in course.versions if version.is_current)
    event.capacity = cells.whole_number(row, "capacity", at_least=1) or event.capacity
    event.trainers = cells.many_of(row, "trainers", known.people, what="person")


def _fill_day(known: EventsLookup, event: Event, number: int, row: Mapping[str, str]) -> EventDay:
    starts_at = cells.wall_moment(row, "starts_at", required=True)
    ends_at = cells.wall_moment(row, "ends_at", required=True)
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        raise Invalid("The day has to end after it starts.", field="ends_at")
    _check_order(known.times.setdefault(event.ref, {}), number, starts_at)
    day = next((each for each in event.days if each.number == number), None)
    times_change = day is None or (day.starts_at, day.ends_at) != (starts_at, ends_at)
    if day is None:
        day = EventDay(number=number, break_minutes=0)
        event.days.append(day)
        event.days.sort(key=lambda each: each.number)
    day.starts_at, day.ends_at = starts_at, ends_at
    day.venue = _venue(known, cells.text(row, "venue"))
    day.online_url = cells.text(row, "online_url")
    if times_change:
        _keep_in_step(event, known.policy, closes_at=known.closing.get(event.ref))
    return day


def _keep_in_step(event: Event, policy: Policy, *, closes_at: datetime | None) -> None:
    try:
        keep_in_step(event, policy, closes_at=closes_at)
    except Invalid as refusal:  # no bank holidays are known for that year
        raise Invalid(refusal.words, field="starts_at") from None


def _check_to_come(work: Work, before: Before | None, day: EventDay) -> None:
    """As by hand: what people were told is to come does not move into the past, where nobody would hear of it."""
    is_told = before is not None and before.state in (EventState.PUBLISHED, EventState.POSTPONED)
    if is_told and before and before.starts_at > work.now and day.starts_at <= work.now:
        raise Invalid("That day is in the past. Choose a future date.", field="starts_at")


def _check_order(times: dict[int, datetime], number: int, starts_at: datetime) -> None:
    if any((other < number) != (at < starts_at) for other, at in times.items()):
        raise Invalid(
            "The days of an event have to follow each other. Check their numbers and dates.", field="starts_at"
        )
    times[number] = starts_at


def _venue(known: EventsLookup, name: str) -> Venue | None:
    """The venue of this name, a new one when it is unknown, or none when the name says that it is online."""
    if not name or ONLINE.match(name):
        return None
    if folded(name) not in known.venues:
        known.venues[folded(name)] = Venue(name=name, town=rules.town_of(name), address="", directions="")
    return known.venues[folded(name)]


def _fill_state(work: Work, event: Event, row: dict[str, str], *, is_new: bool) -> None:
    state = cells.choice(row, "status", EventState, empty=event.state)
    if is_new:
        event.is_history = event.ends_at <= work.now
    if state is EventState.DELIVERED and event.ends_at > work.now:
        raise Invalid("The event has not been held yet, so it cannot be delivered. Say published.", field="status")
    if state is not event.state or event.is_history:
        is_delivered, is_cancelled = state is EventState.DELIVERED, state is EventState.CANCELLED
        event.finalised_at = event.ends_at if is_delivered else None
        event.places_offered = event.capacity if is_delivered else None
        event.cancelled_at = (event.cancelled_at or min(event.starts_at, work.now)) if is_cancelled else None
        event.cancel_reason = event.cancel_reason if is_cancelled else ""
    if state is EventState.DELIVERED and state is not event.state:
        event.event_type = event.course.event_type
    if state is not EventState.PLANNED:
        event.published_at = event.published_at or min(event.starts_at, work.now)
    event.state = state


IMPORT = Import(
    kind="events",
    words="Events: one row for each day, with places, venue and trainers",
    columns=COLUMNS,
    reader=read_events,
    export=export_events,
    permission="courses.manage_events",
    position=40,
)
