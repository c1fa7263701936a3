"""The programme's figures for readers who do not see the rows: whole years and quarters, with small numbers hidden."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from courses.figures.earlier.rules import kept_cells
from courses.figures.lines.rules import EVERYBODY, WHOLE, Line, Row, lines_told, parent_of
from courses.figures.queries import PeriodRecords, Stamp
from courses.figures.rules import Counts, Delivered, amounts, joined_by, quality
from courses.figures.sets.figures import CountedSet, counted_set, set_figures, set_tables
from courses.figures.small.rules import (
    ATTENDANCE,
    ATTENDED,
    BOOKINGS,
    NOTHING,
    PEOPLE,
    YEAR,
    Earlier,
    Reader,
    YearCounted,
    untold_cells,
)
from lms.kit.figures import Cell, Figure, FigureTable, ReportQuestion, SectionContent
from lms.kit.telling.lines import all_named, line_named
from lms.kit.telling.numbers import FEWER, HIDDEN, NOTE, is_small
from lms.reports.rules import financial_year, financial_year_of, is_financial_year

BEHIND: Mapping[str, tuple[str, ...]] = {
    "bookings": (BOOKINGS,),
    "bookings_later_cancelled": ("bookings_later_cancelled",),
    "attendances": (ATTENDANCE,),
    "walk_ins": ("WALK_IN",),
    "distinct_people": (PEOPLE,),
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
LINES_NOTE = "Those with fewer than 10 attendances are told together."


def year_of(question: ReportQuestion) -> ReportQuestion:
    """The financial year that the question's period is, or is a quarter of: what is told of it is decided together."""
    return replace(question, period=financial_year(financial_year_of(question.period.from_on)))


@dataclass(frozen=True)
class YearAsked:
    """The facts of the period that was asked for, its year as it is told, and what its reader is told of it."""

    facts: PeriodRecords
    year: YearCounted
    chosen: CountedSet
    reader: Reader


def protected_programme(
    year: PeriodRecords, question: ReportQuestion, counted_types: tuple[str, ...], earlier: Earlier = NOTHING
) -> SectionContent:
    """How much was done, from the facts of the whole financial year. `earlier`: what reports told of it before."""
    asked = _asked(year, question, counted_types, earlier)
    facts, reader = asked.facts, asked.reader
    figures = _figures(amounts(facts.whole, facts.events), facts.whole, reader)
    tables = (*_tables(asked), *_set_tables(asked)) if reader.quarter == YEAR else ()
    kept = kept_cells(asked.year, reader.untold, reader.quarter)
    return SectionContent((*figures, *_set_figures(asked)), tables, kept)


def protected_quality(
    year: PeriodRecords, question: ReportQuestion, counted_types: tuple[str, ...], earlier: Earlier = NOTHING
) -> list[Figure]:
    """How well it went, from the facts of the whole financial year."""
    asked = _asked(year, question, counted_types, earlier)
    places = sum(event.places for event in asked.facts.events)
    return _figures(quality(asked.facts.whole, places), asked.facts.whole, asked.reader)


def _asked(
    year: PeriodRecords, question: ReportQuestion, counted_types: tuple[str, ...], earlier: Earlier
) -> YearAsked:
    quarters = [_quarter(year, number) for number in range(4)]
    rows = _rows(year)
    lines = lines_told({row: counts for row, counts in rows.items() if row != WHOLE}, earlier.lines)
    chosen = counted_set(year, question, counted_types)
    of_set = [line for each in chosen.types if (line := lines.holding(("type", each)))]
    counted = YearCounted(rows, [each.whole for each in quarters], lines, frozenset(of_set))
    untold = untold_cells(counted, earlier)
    if is_financial_year(question.period):
        return YearAsked(year, counted, chosen, Reader(untold, YEAR))
    number = (question.period.from_on.month - 4) % 12 // 3
    facts = quarters[number]
    return YearAsked(facts, counted, counted_set(facts, question, counted_types), Reader(untold, number))


def _quarter(year: PeriodRecords, number: int) -> PeriodRecords:
    events = [event for event in year.events if (event.on.month - 4) % 12 // 3 == number]
    ids = {event.id for event in events}
    return PeriodRecords(events, [claim for claim in year.claims if claim[0] in ids], year.agencies)


def _rows(facts: PeriodRecords) -> dict[Row, Counts]:
    """Everybody, and each row of each table. A course that was delivered and that nobody booked is a row too."""
    events = {event.id: event for event in facts.events}
    agencies = joined_by(facts.by_agency, lambda stamp: _agency_row(facts, stamp))
    held = {_course_row(event): Counts() for event in facts.events}
    courses = held | joined_by(facts.by_event, lambda event_id: _course_row(events[event_id]))
    return {
        WHOLE: facts.whole,
        **agencies,
        **courses,
        **joined_by(agencies, parent_of),
        **joined_by(courses, parent_of),
    }


def _agency_row(facts: PeriodRecords, stamp: Stamp) -> Row:
    each = facts.agencies[stamp]
    return ("agency", each.sector, each.code, each.name)


def _course_row(event: Delivered) -> Row:
    return ("course", event.event_type, event.course_code)


# What is told


def _figures(figures: Iterable[Figure], whole: Counts, reader: Reader) -> list[Figure]:
    return [_or_hidden(each, whole, reader) for each in figures]


def _or_hidden(figure: Figure, whole: Counts, reader: Reader) -> Figure:
    if figure.name in OF_NOBODY:
        return figure
    kinds = BEHIND.get(figure.name, ())
    if kinds and not any(reader.hides(EVERYBODY, kind) for kind in kinds):
        return figure
    if figure.name == "attendance_rate":
        return _hidden(figure, reader.rate(EVERYBODY, whole))
    if len(kinds) == 1 and isinstance(figure.value, int):
        return _hidden(figure, reader.told(EVERYBODY, kinds[0], figure.value).shown)
    return _hidden(figure)


def _hidden(figure: Figure, shown: str = HIDDEN) -> Figure:
    """Without its number and its parts; `shown` is how it reads."""
    return replace(figure, value=None, shown=shown, numerator=None, denominator=None)


def _tables(asked: YearAsked) -> list[FigureTable]:
    titles = {event.course_code: event.course for event in asked.facts.events}
    agency_heads = {"agency_code": "Code", "agency": "Agency", "sector": "Sector"}
    course_heads = {"course_code": "Code", "course": "Course", "type": "Type"}
    return [
        replace(_table("by_sector", {"sector": "Sector"}, asked, _named), drawn="attended_booked"),
        _table("by_agency", agency_heads, asked, lambda line: _agency_cells(asked, line)),
        _table("by_course", course_heads, asked, lambda line: _course_cells(asked, line, titles)),
        _table("by_type", {"type": "Type"}, asked, _named),
    ]


def _named(line: Line) -> dict[str, Cell]:
    """Sectors and types by their names."""
    return {line[0][0]: all_named([row[1] for row in line])}


def _agency_cells(asked: YearAsked, line: Line) -> dict[str, Cell]:
    name = _line_named(asked, line, [row[3] for row in line], ("agency", "agencies", "of this sector"))
    return {"agency_code": _code(line), "agency": name, "sector": all_named(sorted({row[1] for row in line}))}


def _course_cells(asked: YearAsked, line: Line, titles: Mapping[str, str]) -> dict[str, Cell]:
    name = _line_named(asked, line, [titles.get(row[2], row[2]) for row in line], ("course", "courses", "of this type"))
    return {"course_code": _code(line), "course": name, "type": all_named(sorted({row[1] for row in line}))}


def _code(line: Line) -> str:
    return line[0][2] if len(line) == 1 else ""


def _line_named(asked: YearAsked, line: Line, names: Sequence[str], words: tuple[str, str, str]) -> str:
    """Ashbeck Trust; 6 other agencies of this sector; of a sector that is told as one, 6 agencies, together."""
    one, many, where = words
    within = asked.year.lines.within(asked.year.lines.parents[line])
    if [each for each in within if each[0][0] == line[0][0]] == [line]:
        return line_named(names, one, many, is_only=True)
    return line_named(names, f"{one} {where}", f"{many} {where}")


def _table(
    name: str, heads: Mapping[str, str], asked: YearAsked, named: Callable[[Line], dict[str, Cell]]
) -> FigureTable:
    level = name.removeprefix("by_")
    rows = []
    for line in asked.year.lines.of(level):
        cells = named(line)
        if level in ("course", "type"):
            held = [event for event in asked.facts.events if _is_in(event, line)]
            cells |= {"events_delivered": len(held), "places_offered": sum(event.places for event in held)}
        rows.append(cells | _cells(line, asked.year.of(line), asked.reader))
    is_together = any(len(line) > 1 for line in asked.year.lines.of(level))
    columns = {**heads, **(EVENT_COLUMNS if level in ("course", "type") else {}), **COLUMNS}
    note = f"{LINES_NOTE} {NOTE}" if is_together else NOTE
    return FigureTable(name, f"By {level}", columns, tuple(rows), note=note)


def _is_in(event: Delivered, line: Line) -> bool:
    row = _course_row(event)
    return row in line or parent_of(row) in line


def _cells(line: Line, counts: Counts, reader: Reader) -> dict[str, Cell]:
    return {
        "bookings": reader.told(line, BOOKINGS, counts.bookings).cell,
        "attended_booked": reader.attended(line, counts).cell,
        "attendance_rate": reader.rate(line, counts),
        "distinct_people": reader.told(line, PEOPLE, len(counts.people)).cell,
    }


# How often people came


def _set_figures(asked: YearAsked) -> list[Figure]:
    """Told of a year, where attendances and people of its types are told, each type with a line of its own."""
    hides = asked.reader.quarter != YEAR or _hides_set(asked)
    return [_set_hidden(each) if each.name != "chosen_events" and hides else each for each in set_figures(asked.chosen)]


def _set_hidden(figure: Figure) -> Figure:
    return _hidden(figure, FEWER if isinstance(figure.value, int) and is_small(figure.value) else HIDDEN)


def _hides_set(asked: YearAsked) -> bool:
    lines = list(asked.year.attendances_of) or [EVERYBODY]
    twice = sum(len(asked.year.of(line).people) for line in lines) - asked.chosen.people
    return is_small(twice) or any(
        len(line) != 1 or any(asked.reader.hides(line, kind) for kind in (ATTENDANCE, PEOPLE)) for line in lines
    )


def _set_tables(asked: YearAsked) -> list[FigureTable]:
    """How many came how often, of a year, when none of these numbers is small: together they add up to too much."""
    tables = set_tables(asked.chosen)
    if not _hides_set(asked) and not any(is_small(people) for people in asked.chosen.exactly.values()):
        return tables
    return [replace(each, rows=(), note=f"{each.note} Hidden: small numbers of people.") for each in tables]
