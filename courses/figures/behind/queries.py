"""The rows behind a number, for those who may see them: as many as the number says."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.figures.breakdowns.figures import narrowed
from courses.figures.queries import ENDING_OF_BOOKING, NO_AGENCY, facts_of
from courses.figures.rules import ENDINGS_BEHIND, EVENTS_BEHIND, Counts, Ending, amounts, quality
from courses.programme.courses.models import CourseVersion
from courses.programme.events.models import Event
from lms.agencies.models import Agency
from lms.agencies.queries import agency_ids_of
from lms.frame.work import Work
from lms.kit.figures import ReportQuestion
from lms.kit.pages import ROWS_ON_A_PAGE, PageOf
from lms.kit.rows_behind import Behind, BehindRow, RowsBehind
from lms.kit.words import count
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
    "attended_booked": "Attended, had booked",
    "chosen_events": "Events of the chosen set",
    "chosen_attendances": "Attendances at the chosen set",
    "chosen_people": "Attendances of different people at the chosen set",
}


def rows_behind(work: Work, question: ReportQuestion, asked: Behind) -> RowsBehind | None:
    """A page of the rows behind a measure, narrowed to one row of a table; None when it is not one of these."""
    session, by, number = work.session, asked.by, asked.page
    if asked.measure in EVENTS_BEHIND:
        rows = _events(session, question, by, number)
    elif asked.measure in ENDINGS_BEHIND:
        rows = _claims(session, question, ENDINGS_BEHIND[asked.measure], by, number)
    else:
        return None
    return RowsBehind(MEASURE_TITLES[asked.measure], rows)


def _events(session: Session, question: ReportQuestion, by: Mapping[str, str], number: int) -> PageOf[BehindRow]:
    facts = facts_of(session, question).of_types(question.types_apart, are_left_out=True)
    events = narrowed(facts, by).events
    start = (number - 1) * ROWS_ON_A_PAGE
    rows = [
        BehindRow(event.ref, f"/events/{event.id}/manage", "", event.course, event.on, count(event.places, "place"))
        for event in events[start : start + ROWS_ON_A_PAGE]
    ]
    return PageOf(rows, len(events), number)


def _claims(
    session: Session, question: ReportQuestion, endings: tuple[Ending, ...], by: Mapping[str, str], number: int
) -> PageOf[BehindRow]:
    """Claims by name. The events and agencies are those that the figures count, so the rows are as many."""
    facts = narrowed(facts_of(session, question).of_types(question.types_apart, are_left_out=True), by)
    stamp = sa.tuple_(sa.func.coalesce(Booking.agency_id, 0), sa.func.coalesce(Booking.sector_id, 0))
    stamps = [(agency_id or 0, sector_id or 0) for agency_id, sector_id in facts.agencies]
    chosen = [
        Booking.event_id.in_([event.id for event in facts.events]),
        Booking.confirmed_at.is_not(None),
        ENDING_OF_BOOKING.in_([int(each) for each in endings]),
        stamp.in_(stamps),
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
