"""The rows behind a number, for those who may see them: as many as the number says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.charges.models import Charge
from courses.charges.rules import STATE_WORDS, ChargeState
from courses.figures.breakdowns import narrowed
from courses.figures.queries import ENDING_OF_BOOKING, NO_AGENCY, agency_ids_of, charge_steps, facts_of
from courses.figures.rules import CHARGES, ENDINGS_BEHIND, EVENTS_BEHIND, Counts, Ending, amounts, quality
from courses.programme.catalogue.models import CourseVersion
from courses.programme.events.models import Event
from lms.agencies.models import Agency
from lms.kit.errors import NotFound
from lms.kit.figures import Question
from lms.kit.pages import ROWS_ON_A_PAGE, PageOf
from lms.kit.words import count, pounds
from lms.kit.working_days import london_date
from lms.people.models import Person

ENDING_WORDS = {
    Ending.ATTENDED: "Attended",
    Ending.PART_ATTENDED: "Part attended",
    Ending.DID_NOT_ATTEND: "Did not attend",
    Ending.TURNED_AWAY: "Turned away",
    Ending.CANCELLED_IN_TIME: "Cancelled in time",
    Ending.CANCELLED_LATE: "Cancelled late",
    Ending.PASSED_ON: "Passed on",
    Ending.NO_OUTCOME: "No outcome",
    Ending.WALK_IN: "Walk-in, attended",
    Ending.WALK_IN_PART: "Walk-in, part attended",
    Ending.WALK_IN_OTHER: "Walk-in",
}

MEASURE_TITLES = {
    **{figure.name: figure.title for figure in (*amounts(Counts(), []), *quality(Counts(), 0))},
    **{f"charges_{name}_pence": title for name, title, _ in CHARGES},
    "attended_booked": "Attended, had booked",
    "chosen_events": "Events of the chosen set",
    "chosen_attendances": "Attendances at the chosen set",
    "chosen_people": "Attendances of different people at the chosen set",
}


@dataclass(frozen=True)
class BehindRow:
    """One row behind a number, and the page of the record."""

    what: str
    url: str
    agency: str
    event: str
    on: date
    became: str


def rows_behind(
    session: Session, question: Question, measure: str, by: Mapping[str, str], number: int
) -> PageOf[BehindRow]:
    """A page of the rows behind a measure, narrowed to one row of a table. Raises NotFound for no such measure."""
    if measure.startswith("charges_"):
        return _charges(session, question, measure.removeprefix("charges_").removesuffix("_pence"), number)
    if measure in EVENTS_BEHIND:
        return _events(session, question, by, number)
    if measure in ENDINGS_BEHIND:
        return _claims(session, question, ENDINGS_BEHIND[measure], by, number)
    raise NotFound("There are no rows behind that. Open them from a figure.")


def _events(session: Session, question: Question, by: Mapping[str, str], number: int) -> PageOf[BehindRow]:
    facts = facts_of(session, question).of_types(question.types_apart, are_left_out=True)
    events = narrowed(facts, by).events
    start = (number - 1) * ROWS_ON_A_PAGE
    rows = [
        BehindRow(event.ref, f"/events/{event.id}/manage", "", event.course, event.on, count(event.places, "place"))
        for event in events[start : start + ROWS_ON_A_PAGE]
    ]
    return PageOf(rows, len(events), number)


def _claims(
    session: Session, question: Question, endings: tuple[Ending, ...], by: Mapping[str, str], number: int
) -> PageOf[BehindRow]:
    """Claims by name. The events and agencies are those that the figures count, so the rows are as many."""
    facts = narrowed(facts_of(session, question).of_types(question.types_apart, are_left_out=True), by)
    ids = [key for key in facts.agencies if key is not None]
    of_agency = sa.or_(
        Booking.agency_id.in_(ids), Booking.agency_id.is_(None) if None in facts.agencies else sa.false()
    )
    chosen = [
        Booking.event_id.in_([event.id for event in facts.events]),
        Booking.confirmed_at.is_not(None),
        ENDING_OF_BOOKING.in_([int(each) for each in endings]),
        of_agency,
    ]
    wanted = agency_ids_of(session, question)
    if wanted is not None:
        chosen.append(Booking.agency_id.in_(wanted))
    total = session.scalar(sa.select(sa.func.count(Booking.id)).where(*chosen)) or 0
    found = session.execute(
        sa.select(Booking.id, Person.name, Agency.name, CourseVersion.title, Event.starts_at, ENDING_OF_BOOKING)
        .join(Person, Person.id == Booking.person_id)
        .outerjoin(Agency, Agency.id == Booking.agency_id)
        .join(Event, Event.id == Booking.event_id)
        .join(CourseVersion, CourseVersion.id == Event.course_version_id)
        .where(*chosen)
        .order_by(Person.name, Event.starts_at, Booking.id)
        .limit(ROWS_ON_A_PAGE)
        .offset((number - 1) * ROWS_ON_A_PAGE)
    )
    rows = [_claim(*each) for each in found]
    return PageOf(rows, total, number)


def _claim(booking_id: int, name: str, agency: str | None, title: str, at: datetime, ending: int) -> BehindRow:
    became = ENDING_WORDS[Ending(ending)]
    return BehindRow(name, f"/bookings/{booking_id}", agency or NO_AGENCY, title, london_date(at), became)


def _charges(session: Session, question: Question, step: str, number: int) -> PageOf[BehindRow]:
    steps = charge_steps(question)
    if step not in steps:
        raise NotFound("There are no rows behind that. Open them from a figure.")
    chosen = [steps[step], Charge.state != ChargeState.VOID]
    wanted = agency_ids_of(session, question)
    if wanted is not None:
        chosen.append(Charge.agency_id.in_(wanted))
    total = session.scalar(sa.select(sa.func.count(Charge.id)).where(*chosen)) or 0
    found = session.execute(
        sa.select(Charge.id, Agency.name, CourseVersion.title, Charge.raised_on, Charge.pence, Charge.state)
        .join(Agency, Agency.id == Charge.agency_id)
        .join(Booking, Booking.id == Charge.booking_id)
        .join(Event, Event.id == Booking.event_id)
        .join(CourseVersion, CourseVersion.id == Event.course_version_id)
        .where(*chosen)
        .order_by(Charge.raised_on, Charge.id)
        .limit(ROWS_ON_A_PAGE)
        .offset((number - 1) * ROWS_ON_A_PAGE)
    )
    rows = [
        BehindRow(pounds(pence), f"/charges/{charge_id}", agency, title, on, STATE_WORDS[state])
        for charge_id, agency, title, on, pence, state in found
    ]
    return PageOf(rows, total, number)
