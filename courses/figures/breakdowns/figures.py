"""The same counts broken down each way, exactly: by sector and agency, and by what events are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from courses.figures.queries import PeriodRecords, ReportedAgency
from courses.figures.rules import BOOKINGS, CAME, LATE, Counts, Delivered, Ending, joined_by
from lms.kit.figures import Cell, FigureTable, ReportQuestion, shown_rate
from lms.kit.rows_behind import rows_address
from lms.kit.words import MONTHS, listed

COUNT_COLUMNS = {
    "bookings": "Bookings",
    "bookings_later_cancelled": "Later cancelled",
    "attended_booked": "Attended, had booked",
    "walk_ins": "Walk-ins",
    "attendances": "Attendances",
    "distinct_people": "Different people",
    "part_attended": "Part attended",
    "did_not_attend": "Did not attend",
    "late_cancellations": "Cancelled late",
    "attendance_rate": "Attendance rate",
}
NO_CODE, NO_LEVEL = "none", "No level given"
EVENT_COLUMNS = {"events_delivered": "Events", "places_offered": "Places"}
EVENT_RATES = {"booking_fill_rate": "Fill rate", "course_utilisation_rate": "Utilisation"}


def breakdowns(facts: PeriodRecords, question: ReportQuestion) -> list[FigureTable]:
    """The same counts, broken down each way; each row with the address of what is behind it."""
    events = {event.id: event for event in facts.events}
    found = [_by_sector(facts), _by_agency(facts), *(_by_event(facts, events, way) for way in WAYS)]
    return [replace(table, opens=_opens(table, question)) for table in found]


def _opens(table: FigureTable, question: ReportQuestion) -> tuple[str, ...]:
    column = next(iter(table.columns))
    return tuple(rows_address(question, **{column: str(row[column]) or NO_CODE}) for row in table.rows)


def _by_sector(facts: PeriodRecords) -> FigureTable:
    found = joined_by(facts.by_agency, lambda stamp: facts.agencies[stamp].sector)
    rows = tuple({"sector": sector, **count_cells(counts)} for sector, counts in sorted(found.items()))
    return FigureTable("by_sector", "By sector", {"sector": "Sector", **COUNT_COLUMNS}, rows, drawn="attendances")


def _by_agency(facts: PeriodRecords) -> FigureTable:
    found: dict[ReportedAgency, Counts] = joined_by(facts.by_agency, lambda stamp: facts.agencies[stamp])
    columns = {"agency_code": "Code", "agency": "Agency", "sector": "Sector", **COUNT_COLUMNS}
    rows = tuple(
        {"agency_code": each.code, "agency": each.name, "sector": each.sector, **count_cells(counts)}
        for each, counts in sorted(found.items(), key=lambda pair: (pair[0].sector, pair[0].name, pair[0].code))
    )
    return FigureTable("by_agency", "By agency", columns, rows)


@dataclass(frozen=True)
class Way:
    """A way of telling events apart: the table, its first columns, and what an event says in them."""

    name: str
    title: str
    columns: Mapping[str, str]
    key: Callable[[Delivered], tuple[str, ...]]


def narrowed(facts: PeriodRecords, by: Mapping[str, str]) -> PeriodRecords:
    """Only what belongs to one row of a table: `{"sector": "Health"}`, `{"course_code": "SB1"}`."""
    events, agencies = facts.events, facts.agencies
    for way in WAYS:
        wanted = by.get(next(iter(way.columns)))
        if wanted:
            events = [event for event in events if way.key(event)[0] == wanted]
    if by.get("sector"):
        agencies = {key: each for key, each in agencies.items() if each.sector == by["sector"]}
    if by.get("agency_code"):
        agencies = {key: each for key, each in agencies.items() if (each.code or NO_CODE) == by["agency_code"]}
    return PeriodRecords(events, [], agencies)


def _month(event: Delivered) -> tuple[str, ...]:
    return (event.on.strftime("%Y-%m"), f"{MONTHS[event.on.month - 1]} {event.on.year}")


WAYS = (
    Way(
        "by_course",
        "By course",
        {"course_code": "Code", "course": "Course", "type": "Type"},
        lambda event: (event.course_code, event.course, event.event_type),
    ),
    Way("by_type", "By type", {"type": "Type"}, lambda event: (event.event_type,)),
    Way("by_level", "By level", {"level": "Level"}, lambda event: (event.level or NO_LEVEL,)),
    Way("by_venue", "By venue", {"venue": "Venue"}, lambda event: (event.venue,)),
    Way("by_month", "By month", {"month": "Month", "month_name": "Name"}, _month),
)


def _by_event(facts: PeriodRecords, events: Mapping[int, Delivered], way: Way) -> FigureTable:
    """Events by what they are. A course that was renamed is told by its latest title."""
    found = joined_by(facts.by_event, lambda event_id: way.key(events[event_id])[0])
    cells: dict[str, tuple[str, ...]] = {}
    held: dict[str, list[Delivered]] = {}
    for event in facts.events:
        key = way.key(event)
        cells[key[0]] = key
        held.setdefault(key[0], []).append(event)
    rows = tuple(
        {**dict(zip(way.columns, cells[key], strict=True)), **_event_counts(found.get(key, Counts()), held[key])}
        for key in sorted(held)
    )
    columns = {**way.columns, **EVENT_COLUMNS, **COUNT_COLUMNS, **EVENT_RATES}
    return FigureTable(way.name, way.title, columns, rows)


def apart_table(facts: PeriodRecords, question: ReportQuestion) -> Iterable[FigureTable]:
    """The types that were asked apart, each with its counts."""
    if not question.types_apart:
        return
    apart = facts.of_types(question.types_apart)
    way = Way("types_apart", f"Apart: {listed(question.types_apart)}", WAYS[1].columns, WAYS[1].key)
    yield _by_event(apart, {event.id: event for event in apart.events}, way)


def count_cells(counts: Counts) -> dict[str, Cell]:
    return {
        "bookings": counts.bookings,
        "bookings_later_cancelled": counts.later_cancelled,
        "attended_booked": counts.attended_booked,
        "walk_ins": counts.walk_ins,
        "attendances": counts.attendances,
        "distinct_people": len(counts.people),
        "part_attended": counts.part_attended,
        "did_not_attend": counts.of(Ending.DID_NOT_ATTEND),
        "late_cancellations": counts.of(*LATE.endings),
        "attendance_rate": shown_rate(counts.attended_booked, counts.bookings),
    }


def _event_counts(counts: Counts, events: list[Delivered]) -> dict[str, Cell]:
    places = sum(event.places for event in events)
    return {
        "events_delivered": len(events),
        "places_offered": places,
        **count_cells(counts),
        "booking_fill_rate": shown_rate(counts.of(*BOOKINGS.endings), places),
        "course_utilisation_rate": shown_rate(counts.of(*CAME.endings), places),
    }
