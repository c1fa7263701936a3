"""What the programme adds to reports: its measures, and tables that break them down."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass

from courses.figures.queries import NOBODYS, AgencyNamed, Facts, agency_ids_of, charge_sums, facts_of
from courses.figures.rules import (
    BOOKINGS,
    CAME,
    LATE,
    Counts,
    Delivered,
    at_least,
    events_attended,
    measures,
    tallied,
    tallied_by,
)
from lms.figures import Cell, Figure, FigureTable, Question, SectionContent, count, shown_rate
from lms.words import MONTHS, listed, pounds
from lms.work import Work

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
EVENT_COLUMNS = {"events_delivered": "Events", "places_offered": "Places"}
EVENT_RATES = {"booking_fill_rate": "Fill rate", "course_utilisation_rate": "Utilisation"}
HOW_MUCH = frozenset({
    "events_delivered", "courses_delivered", "places_offered", "bookings", "bookings_later_cancelled", "attendances",
    "walk_ins", "distinct_people",
})  # fmt: skip
OF_EVENTS_ALONE = frozenset({"places_offered", "booking_fill_rate", "course_utilisation_rate"})
"""What belongs to events as a whole: of one agency's claims it would say nothing."""

COUNTED_TYPES = "courses.counted_types"


def gather_programme(work: Work, question: Question) -> SectionContent:
    """How much was done: what was delivered and who came, by sector, agency, course, type, level, venue and month."""
    facts = facts_of(work.session, question)
    main = facts.of_types(question.types_apart, are_left_out=True)
    figures = [each for each in _measures(main, question) if each.name in HOW_MUCH]
    chosen = counted_set(facts, question, work.setting(COUNTED_TYPES))
    return SectionContent((*figures, *_set_figures(chosen)), (*_tables(main), *_apart(facts, question), *_sets(chosen)))


def gather_quality(work: Work, question: Question) -> SectionContent:
    """How well: how full, who came of those who had booked, who did not, and what that cost."""
    facts = facts_of(work.session, question).of_types(question.types_apart, are_left_out=True)
    figures = [each for each in _measures(facts, question) if each.name not in HOW_MUCH]
    return SectionContent((*figures, *_charges(work, question)))


def _measures(facts: Facts, question: Question) -> list[Figure]:
    found = measures(tallied(facts.claims), facts.events)
    return [each for each in found if question.agency_id is None or each.name not in OF_EVENTS_ALONE]


CHARGES = (
    ("raised", "Charges raised", "Charges by the date on which they were raised, whatever became of them since; "
     "without those that turned out not to hold."),
    ("invoiced", "Charges invoiced", "Charges by the date of the invoice that they are on."),
    ("paid", "Charges paid", "Charges by the date on which they were paid."),
    ("waived", "Charges waived", "Charges by the date on which it was decided not to make them."),
    ("credited", "Charges credited", "Charges by the date of the credit note that took them back."),
)  # fmt: skip


def _charges(work: Work, question: Question) -> list[Figure]:
    sums = charge_sums(work.session, question, agency_ids_of(work.session, question))
    pence = {name: getattr(sums, name) for name, _, _ in CHARGES}
    return [
        Figure(f"charges_{name}_pence", title, pence[name], f"{definition} In pence.", pounds(pence[name]))
        for name, title, definition in CHARGES
    ]


# Tables


def _tables(facts: Facts) -> list[FigureTable]:
    """The same counts, broken down each way."""
    events = {event.id: event for event in facts.events}
    return [
        _by_sector(facts),
        _by_agency(facts),
        *(_by_event(facts, events, way) for way in WAYS),
    ]


def _by_sector(facts: Facts) -> FigureTable:
    found = tallied_by(facts.claims, lambda claim: facts.agencies.get(claim.agency_id, NOBODYS).sector)
    rows = tuple({"sector": sector, **_counts(counts)} for sector, counts in sorted(found.items()))
    return FigureTable("by_sector", "By sector", {"sector": "Sector", **COUNT_COLUMNS}, rows)


def _by_agency(facts: Facts) -> FigureTable:
    found: dict[AgencyNamed, Counts] = tallied_by(
        facts.claims, lambda claim: facts.agencies.get(claim.agency_id, NOBODYS)
    )
    columns = {"agency_code": "Code", "agency": "Agency", "sector": "Sector", **COUNT_COLUMNS}
    rows = tuple(
        {"agency_code": each.code, "agency": each.name, "sector": each.sector, **_counts(counts)}
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
    order: Callable[[Delivered], Hashable] | None = None


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
    Way("by_level", "By level", {"level": "Level"}, lambda event: (event.level or "No level given",)),
    Way("by_venue", "By venue", {"venue": "Venue"}, lambda event: (event.venue,)),
    Way("by_month", "By month", {"month": "Month", "month_name": "Name"}, _month),
)


def _by_event(facts: Facts, events: Mapping[int, Delivered], way: Way) -> FigureTable:
    """Events by what they are. A course that was renamed is told by its latest title."""
    found = tallied_by(facts.claims, lambda claim: way.key(events[claim.event_id])[0])
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
    return FigureTable(way.name, way.title, {**way.columns, **EVENT_COLUMNS, **COUNT_COLUMNS, **EVENT_RATES}, rows)


def _apart(facts: Facts, question: Question) -> Iterable[FigureTable]:
    """The types that were asked apart, each with its counts."""
    if not question.types_apart:
        return
    apart = facts.of_types(question.types_apart)
    way = Way("types_apart", f"Apart: {listed(question.types_apart)}", WAYS[1].columns, WAYS[1].key)
    yield _by_event(apart, {event.id: event for event in apart.events}, way)


def _counts(counts: Counts) -> dict[str, Cell]:
    return {
        "bookings": counts.bookings,
        "bookings_later_cancelled": counts.later_cancelled,
        "attended_booked": counts.attended_booked,
        "walk_ins": counts.walk_ins,
        "attendances": counts.attendances,
        "distinct_people": len(counts.people),
        "part_attended": counts.part_attended,
        "did_not_attend": counts.of(2),
        "late_cancellations": counts.of(*LATE.endings),
        "attendance_rate": shown_rate(counts.attended_booked, counts.bookings),
    }


def _event_counts(counts: Counts, events: list[Delivered]) -> dict[str, Cell]:
    places = sum(event.places for event in events)
    return {
        "events_delivered": len(events),
        "places_offered": places,
        **_counts(counts),
        "booking_fill_rate": shown_rate(counts.of(*BOOKINGS.endings), places),
        "course_utilisation_rate": shown_rate(counts.of(*CAME.endings), places),
    }


# How often people came


@dataclass(frozen=True)
class CountedSet:
    """The set of events of which it is told how many of them each person attended."""

    words: str
    events: int
    attendances: int
    people: int
    exactly: Mapping[int, int]


def counted_set(facts: Facts, question: Question, counted_types: tuple[str, ...]) -> CountedSet:
    """The types that were asked for; otherwise those that the installation counts, when any was delivered; or all."""
    types = question.only_types or counted_types
    some = facts.of_types(types)
    words = f"Events of the type {listed(types, 'or')}"
    if not some.events:
        some, words = facts, "All events"
    counts = tallied(some.claims)
    return CountedSet(words, len(some.events), counts.attendances, len(counts.people), events_attended(some.claims))


def _set_figures(chosen: CountedSet) -> list[Figure]:
    of = f"{chosen.words}: "
    return [
        count("chosen_events", "Events of the chosen set", chosen.events, f"{of}those delivered in the period."),
        count("chosen_attendances", "Attendances at the chosen set", chosen.attendances, f"{of}outcomes “attended”."),
        count("chosen_people", "Different people at the chosen set", chosen.people, f"{of}people, each counted once."),
    ]


def _sets(chosen: CountedSet) -> list[FigureTable]:
    exactly, most = chosen.exactly, max(chosen.exactly, default=0)
    exact = FigureTable(
        "people_by_number_of_events",
        "People by number of events attended",
        {"events": "Number of events", "people": "People who attended exactly so many"},
        tuple({"events": str(n), "people": people} for n, people in exactly.items()),
        note=f"{chosen.words}.",
        is_mapping=True,
    )
    least = FigureTable(
        "people_by_least_number_of_events",
        "People by least number of events attended",
        {"events": "Number of events", "people": "People who attended so many or more"},
        tuple({"events": str(n), "people": at_least(exactly, n)} for n in range(1, most + 1)),
        note=f"{chosen.words}.",
        is_mapping=True,
    )
    return [exact, least]
