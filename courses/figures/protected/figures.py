"""The programme's figures for readers who do not see the rows: whole years and quarters, with small numbers hidden."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from courses.figures.queries import PeriodRecords, Stamp
from courses.figures.rules import Counts, Delivered, amounts, joined_by, quality
from courses.figures.sets.figures import CountedSet, counted_set, set_figures, set_tables
from courses.figures.small.rules import (
    ATTENDANCE,
    ATTENDED,
    BOOKINGS,
    WHOLE,
    YEAR,
    QuarterCounted,
    Reader,
    Row,
    hidden_cells,
)
from lms.kit.figures import Cell, Figure, FigureTable, ReportQuestion, SectionContent, hidden, shown_rate
from lms.kit.telling.numbers import HIDDEN, NOTE, is_small, told
from lms.reports.rules import financial_year, financial_year_of, is_financial_year

BEHIND: Mapping[str, tuple[str, ...]] = {
    "bookings": (BOOKINGS,),
    "bookings_later_cancelled": ("bookings_later_cancelled",),
    "attendances": (ATTENDANCE,),
    "walk_ins": ("WALK_IN",),
    "part_attended": ("part_attended",),
    "did_not_attend": ("DID_NOT_ATTEND",),
    "turned_away": ("TURNED_AWAY",),
    "late_cancellations": ("CANCELLED_LATE",),
    "places_passed_on": ("PASSED_ON",),
    "booking_fill_rate": (BOOKINGS,),
    "attendance_rate": (ATTENDED, BOOKINGS),
    "course_utilisation_rate": (ATTENDANCE,),
}
"""The numbers of people that a measure tells."""

OF_NOBODY = frozenset({"courses_delivered", "events_delivered", "places_offered"})
"""Measures that count no people. One that stands in neither list is hidden until somebody has listed it."""

COLUMNS = {
    "bookings": "Bookings",
    "attended_booked": "Attended, had booked",
    "attendance_rate": "Attendance rate",
    "distinct_people": "Different people",
}
EVENT_COLUMNS = {"events_delivered": "Events", "places_offered": "Places"}


def year_of(question: ReportQuestion) -> ReportQuestion:
    """The financial year that the question's period is, or is a quarter of: what is told of it is decided together."""
    return replace(question, period=financial_year(financial_year_of(question.period.from_on)))


def protected_programme(
    year: PeriodRecords, question: ReportQuestion, counted_types: tuple[str, ...]
) -> SectionContent:
    """How much was done, from the facts of the whole financial year."""
    facts, counted, reader = _asked(year, question)
    figures = _figures(amounts(facts.whole, facts.events), facts.whole, reader)
    chosen = counted_set(facts, question, counted_types)
    tables = (*_tables(facts, counted, reader), *_set_tables(chosen)) if reader.quarter == YEAR else ()
    return SectionContent((*figures, *_set_figures(chosen, reader, counted)), tables)


def protected_quality(year: PeriodRecords, question: ReportQuestion) -> list[Figure]:
    """How well it went, from the facts of the whole financial year."""
    facts, _, reader = _asked(year, question)
    places = sum(event.places for event in facts.events)
    return _figures(quality(facts.whole, places), facts.whole, reader)


def _asked(year: PeriodRecords, question: ReportQuestion) -> tuple[PeriodRecords, QuarterCounted, Reader]:
    """The facts of the period that was asked for, counted, and what its reader is told."""
    quarters = [_quarter(year, number) for number in range(4)]
    counted = _counted(year)
    hidden_of_year = hidden_cells(counted, [each.whole for each in quarters])
    if is_financial_year(question.period):
        return year, counted, Reader(hidden_of_year, YEAR)
    number = (question.period.from_on.month - 4) % 12 // 3
    return quarters[number], _counted(quarters[number]), Reader(hidden_of_year, number)


def _quarter(year: PeriodRecords, number: int) -> PeriodRecords:
    events = [event for event in year.events if (event.on.month - 4) % 12 // 3 == number]
    ids = {event.id for event in events}
    return PeriodRecords(events, [claim for claim in year.claims if claim[0] in ids], year.agencies)


def _counted(facts: PeriodRecords) -> QuarterCounted:
    events = {event.id: event for event in facts.events}
    agencies = joined_by(facts.by_agency, lambda stamp: _agency_row(facts, stamp))
    courses = joined_by(facts.by_event, lambda event_id: _course_row(events[event_id]))
    sectors, types = joined_by(agencies, _parent), joined_by(courses, _parent)
    parents: dict[Row, Row] = dict.fromkeys((*sectors, *types), WHOLE)
    parents |= {row: _parent(row) for row in (*agencies, *courses)}
    return QuarterCounted({WHOLE: facts.whole, **agencies, **courses, **sectors, **types}, parents)


def _parent(row: Row) -> Row:
    return ("sector" if row[0] == "agency" else "type", row[1])


def _agency_row(facts: PeriodRecords, stamp: Stamp) -> Row:
    each = facts.agencies[stamp]
    return ("agency", each.sector, each.code, each.name)


def _course_row(event: Delivered) -> Row:
    return ("course", event.event_type, event.course_code)


# What is told


def _figures(figures: Iterable[Figure], whole: Counts, reader: Reader) -> list[Figure]:
    return [_or_hidden(each, _is_hidden(each, whole, reader)) for each in figures]


def _is_hidden(figure: Figure, whole: Counts, reader: Reader) -> bool:
    if figure.name == "distinct_people":
        return reader.hides_people(WHOLE, whole)
    if figure.name in OF_NOBODY:
        return False
    return figure.name not in BEHIND or any(reader.hides(WHOLE, kind) for kind in BEHIND[figure.name])


def _or_hidden(figure: Figure, is_hidden: bool) -> Figure:
    if not is_hidden:
        return figure
    few = figure.denominator is None and isinstance(figure.value, int) and is_small(figure.value)
    return hidden(figure.name, figure.title, figure.definition, is_small=few)


def _tables(facts: PeriodRecords, counted: QuarterCounted, reader: Reader) -> list[FigureTable]:
    of_events: dict[Row, list[Delivered]] = {}
    for event in facts.events:
        of_events.setdefault(_course_row(event), []).append(event)
        of_events.setdefault(("type", event.event_type), []).append(event)
    titles = {event.course_code: event.course for event in facts.events}
    sectors: dict[Row, dict[str, Cell]] = {row: {"sector": row[1]} for row in counted.rows if row[0] == "sector"}
    agencies: dict[Row, dict[str, Cell]] = {
        row: {"agency_code": row[2], "agency": row[3], "sector": row[1]} for row in counted.rows if row[0] == "agency"
    }
    types: dict[Row, dict[str, Cell]] = {row: {"type": row[1]} for row in of_events if row[0] == "type"}
    courses: dict[Row, dict[str, Cell]] = {
        row: {"course_code": row[2], "course": titles[row[2]], "type": row[1]}
        for row in of_events
        if row[0] == "course"
    }
    heads = {"agency_code": "Code", "agency": "Agency", "sector": "Sector"}
    course_heads = {"course_code": "Code", "course": "Course", "type": "Type"}
    return [
        replace(
            _table("by_sector", "By sector", {"sector": "Sector"}, sectors, counted, reader), drawn="attended_booked"
        ),
        _table("by_agency", "By agency", heads, agencies, counted, reader),
        _table("by_course", "By course", course_heads, courses, counted, reader, of_events),
        _table("by_type", "By type", {"type": "Type"}, types, counted, reader, of_events),
    ]


def _table(
    name: str,
    title: str,
    heads: Mapping[str, str],
    rows: Mapping[Row, Mapping[str, Cell]],
    counted: QuarterCounted,
    reader: Reader,
    of_events: Mapping[Row, list[Delivered]] | None = None,
) -> FigureTable:
    told = []
    for row in sorted(rows):
        cells: dict[str, Cell] = dict(rows[row])
        if of_events is not None:
            places = sum(event.places for event in of_events[row])
            cells |= {"events_delivered": len(of_events[row]), "places_offered": places}
        told.append(cells | _cells(row, counted.rows.get(row, Counts()), reader))
    columns = {**heads, **(EVENT_COLUMNS if of_events is not None else {}), **COLUMNS}
    return FigureTable(name, title, columns, tuple(told), note=NOTE)


def _cells(row: Row, counts: Counts, reader: Reader) -> dict[str, Cell]:
    hides_rate = reader.hides(row, BOOKINGS) or reader.hides(row, ATTENDED)
    people = len(counts.people)
    return {
        "bookings": _cell(counts.bookings, reader.hides(row, BOOKINGS)),
        "attended_booked": _cell(counts.attended_booked, reader.hides(row, ATTENDED)),
        "attendance_rate": HIDDEN if hides_rate else shown_rate(counts.attended_booked, counts.bookings),
        "distinct_people": _cell(people, reader.hides_people(row, counts)),
    }


def _cell(number: int, is_hidden: bool) -> Cell:
    return told(number, is_hidden=is_hidden).cell


# How often people came


def _set_figures(chosen: CountedSet, reader: Reader, counted: QuarterCounted) -> list[Figure]:
    """Told of a year, where what came of every row of the set is told, and nothing of it is small."""
    rows: list[Row] = [("type", each) for each in chosen.types] or [WHOLE]
    walk_ins = any(is_small(counted.rows[row].walk_ins) for row in rows if row in counted.rows)
    hides = reader.quarter != YEAR or walk_ins or any(reader.hides(row, ATTENDED) for row in rows)
    return [
        _or_hidden(each, each.name != "chosen_events" and (hides or is_small(chosen.people)))
        for each in set_figures(chosen)
    ]


def _set_tables(chosen: CountedSet) -> list[FigureTable]:
    """How many came how often, of a year, when none of these numbers is small: together they add up to too much."""
    if not any(is_small(people) for people in chosen.exactly.values()):
        return set_tables(chosen)
    return [replace(each, rows=(), note=f"{each.note} Hidden: small numbers of people.") for each in set_tables(chosen)]
