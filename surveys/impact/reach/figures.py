"""The funnel and its tables: attended, invited, delivered, answered, as they may be told."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from lms.kit.figures import shown_rate
from lms.kit.telling.halves import Half, half, over_halves
from lms.kit.telling.numbers import HIDDEN, SMALL
from lms.kit.telling.releases import releases, told_within
from surveys.impact.queries import AgencyNamed, AskedOfEvent, HeldEvent, Stamp
from surveys.selection.rules import Selection, Span, complete_on, halves_within, is_complete, latest_complete

Name = TypeVar("Name", bound=Hashable)
NOT_FOR_PARTS = "By sector and agency, answers are told for all courses together, so that nobody is found by comparing."
NOT_YET = "By sector and agency, answers are told for whole half-years, once all surveys of the half have closed."


@dataclass(frozen=True)
class ReachFunnel:
    """From everybody who was there to those who answered. `answered` is of `answerable`: delivered at events told."""

    events: int
    attended: int
    invited: int
    delivered: int
    answered: int
    answerable: int
    no_address: int
    opted_out: int
    erased: int
    waiting_events: int

    @property
    def bounced(self) -> int:
        return self.invited - self.delivered

    @property
    def not_invited(self) -> int:
        return self.attended - self.invited

    @property
    def rate(self) -> str:
        return shown_rate(self.answered, self.answerable)

    @property
    def reach(self) -> str:
        return shown_rate(self.invited, self.attended)


@dataclass(frozen=True)
class ReachLine:
    """A line of a table. `answered` is None when it is not told; `shown` is what stands there instead."""

    name: str
    attended: int
    invited: int
    delivered: int
    answered: int | None
    shown: str
    answerable: int = 0
    parent: str = ""
    note: str = ""

    @property
    def rate(self) -> str:
        return HIDDEN if self.answered is None else shown_rate(self.answered, self.answerable)

    @property
    def per_cent(self) -> float | None:
        return None if self.answered is None or not self.answerable else 100 * self.answered / self.answerable


@dataclass(frozen=True)
class BySector:
    """Answers by sector and agency, over complete half-years; or in `why_not` why they are not told here."""

    words: str = ""
    sectors: tuple[ReachLine, ...] = ()
    agencies: tuple[ReachLine, ...] = ()
    total: ReachLine | None = None
    why_not: str = ""


def told_of(events: Sequence[HeldEvent]) -> list[frozenset[int]]:
    """Which events are told together, in the order in which their surveys closed."""
    return releases((each.id, each.course_id, each.answered) for each in events)


def chosen(events: Iterable[HeldEvent], selection: Selection) -> list[HeldEvent]:
    """The events that a selection is about."""
    return [
        each
        for each in events
        if selection.span.has(each.held_on)
        and selection.course_id in (None, each.course_id)
        and (selection.trainer_id is None or selection.trainer_id in each.trainer_ids)
        and (selection.event_ids is None or each.id in selection.event_ids)
    ]


def funnel_of(events: Sequence[HeldEvent], told: Sequence[frozenset[int]]) -> ReachFunnel:
    """The funnel of these events."""
    shown = told_within([each.id for each in events], told)
    asked = [row for each in events for row in each.asked]
    telling = [row for row in asked if row.event_id in shown]
    return ReachFunnel(
        events=len(events),
        attended=sum(row.attended for row in asked),
        invited=sum(row.invited for row in asked),
        delivered=sum(row.delivered for row in asked),
        answered=sum(row.answered for row in telling),
        answerable=sum(row.delivered for row in telling),
        no_address=sum(row.no_address for row in asked),
        opted_out=sum(row.opted_out for row in asked),
        erased=sum(row.erased for row in asked),
        waiting_events=len(events) - len(shown),
    )


def by_course(events: Sequence[HeldEvent], told: Sequence[frozenset[int]]) -> list[ReachLine]:
    """A line for each course. One whose events all wait is "fewer than 5"; what waits is in no line."""
    grouped: dict[str, list[HeldEvent]] = defaultdict(list)
    for each in events:
        grouped[each.course].append(each)
    rows = []
    for course, held in sorted(grouped.items()):
        made = funnel_of(held, told)
        is_told = made.waiting_events < made.events
        waits = f"{made.waiting_events} of {made.events} events wait for more answers" if made.waiting_events else ""
        rows.append(
            ReachLine(
                course,
                made.attended,
                made.invited,
                made.delivered,
                made.answered if is_told else None,
                f"{made.answered:,}" if is_told else HIDDEN,
                made.answerable,
                note=waits,
            )
        )
    return rows


def by_sector(
    events: Sequence[HeldEvent],
    told: Sequence[frozenset[int]],
    selection: Selection,
    named: Mapping[Stamp, AgencyNamed],
    today: date,
) -> BySector:
    """Sectors and agencies, over complete half-years that lie wholly in the selection, or the latest before."""
    if not selection.is_whole:
        return BySector(why_not=NOT_FOR_PARTS)
    spans = [each for each in halves_within(selection.span) if is_complete(each, today)]
    spans = spans or latest_complete(selection.span, today)
    tables = [(each, asked_in(events, told, each)) for each in spans]
    tables = [(each, rows) for each, rows in tables if rows]
    if not tables:
        return BySector(why_not=NOT_YET)
    sectors = [half(*_counts(rows, lambda row: named[row.stamp].sector)) for _, rows in tables]
    agencies = _agencies(tables, sectors, named)
    everything = [row for _, rows in tables for row in rows]
    sector_rows = [
        _row(name, [row for row in everything if named[row.stamp].sector == name], sectors, name)
        for name in sorted({named[row.stamp].sector for row in everything})
    ]
    agency_rows = [
        _row(
            named[stamp].name,
            [row for row in everything if row.stamp == stamp],
            agencies[named[stamp].sector],
            stamp,
            parent=named[stamp].sector,
        )
        for stamp in sorted({row.stamp for row in everything}, key=lambda each: _order(named[each]))
    ]
    return BySector(
        words=" and ".join(each.words for each, _ in tables),
        sectors=tuple(sorted(sector_rows, key=lambda row: (row.answered is None, -(row.per_cent or 0), row.name))),
        agencies=tuple(agency_rows),
        total=_row("All sectors", everything, sectors, None),
    )


def _order(agency: AgencyNamed) -> tuple[str, str]:
    return agency.sector, agency.name


def asked_in(events: Sequence[HeldEvent], told: Sequence[frozenset[int]], span: Span) -> list[AskedOfEvent]:
    """Who was asked at the events that belong to a half: those of releases whose last event was held in it.

    Events whose survey closed long after their half count in no half: it was complete without them.
    """
    by_id = {each.id: each for each in events}
    made: list[AskedOfEvent] = []
    for release in told:
        last = max((by_id[event_id] for event_id in release), key=lambda each: (each.closed_at, each.id))
        if span.has(last.held_on) and last.closed_at.date() <= complete_on(span):
            made += [row for event_id in sorted(release) for row in by_id[event_id].asked]
    return made


def _agencies(
    tables: Sequence[tuple[Span, Sequence[AskedOfEvent]]],
    sectors: Sequence[Half[str]],
    named: Mapping[Stamp, AgencyNamed],
) -> dict[str, list[Half[Stamp]]]:
    """For each sector its agencies in each half. Those of a hidden sector are all hidden with it."""
    made: dict[str, list[Half[Stamp]]] = defaultdict(list)
    for sector in sorted({each.sector for each in named.values()}):
        for (_, rows), told in zip(tables, sectors, strict=True):
            own = [row for row in rows if named[row.stamp].sector == sector]
            if not own:
                continue
            agencies = half(*_counts(own, lambda row: row.stamp))
            is_hidden = told.cell(sector).number is None
            made[sector].append(Half(agencies.numbers, None) if is_hidden else agencies)
    return made


def _counts(
    rows: Sequence[AskedOfEvent], key: Callable[[AskedOfEvent], Name]
) -> tuple[dict[Name, int], dict[Name, int]]:
    """Who answered and who was asked, by a key of the row."""
    answered: dict[Name, int] = defaultdict(int)
    asked: dict[Name, int] = defaultdict(int)
    for row in rows:
        answered[key(row)] += row.answered
        asked[key(row)] += row.delivered
    return dict(answered), dict(asked)


def _row(
    name: str, rows: Sequence[AskedOfEvent], halves: Sequence[Half[Name]], key: Name | None, *, parent: str = ""
) -> ReachLine:
    cell = over_halves(halves, key)
    delivered = sum(row.delivered for row in rows)
    note = (
        ""
        if cell.number is not None
        else "Small number"
        if cell.is_small
        else "Few were asked"
        if delivered < SMALL
        else "Hidden to protect a small number"
    )
    return ReachLine(
        name,
        sum(row.attended for row in rows),
        sum(row.invited for row in rows),
        delivered,
        cell.number,
        cell.shown,
        delivered,
        parent,
        note,
    )
