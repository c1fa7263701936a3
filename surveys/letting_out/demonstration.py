"""The demonstration's answers come out as real ones do: few wait for others of their course, practices for a half."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from lms.frame.work import Work
from lms.kit.telling.groups import kept_groups
from lms.kit.telling.numbers import is_small
from lms.kit.telling.releases import releases
from lms.kit.working_days import london_date, wall_time
from surveys.answers.rules import sizes
from surveys.letting_out.services import AnswersOut
from surveys.pairs.rules import Said
from surveys.pairs.services import count_routes, keep_sealed, let_practices_out, match_closed
from surveys.selection.rules import FEW_WAIT, complete_on, halves_between
from surveys.stages.rules import Stage


@dataclass(frozen=True)
class Closed:
    """What was said at a stage of an event, and the last day on which it could be."""

    event_id: int
    course_id: int
    on: date
    sheets: Sequence[AnswersOut]


def sheets_out(closed: Iterable[Closed]) -> list[AnswersOut]:
    """The sheets of one stage that came out, night after night."""
    in_order = sorted(closed, key=lambda each: (each.on, each.event_id))
    events = {each.event_id: each for each in in_order}
    counted = [(each.event_id, each.course_id, len(each.sheets), each.on) for each in in_order]
    made: list[AnswersOut] = []
    for release in releases(counted, FEW_WAIT):
        night = events[release[-1]].on + timedelta(days=1)
        for sheets in (events[event_id].sheets for event_id in release):
            made += _without_event(sheets, night) if is_small(len(sheets)) else _kept(sheets)
    return made


def _kept(sheets: Sequence[AnswersOut]) -> list[AnswersOut]:
    """With the sectors and agencies that may be kept."""
    sectors = kept_groups(sizes([each.sector_id or 0 for each in sheets]))
    agencies = kept_groups(sizes([each.agency_id or 0 for each in sheets if each.sector_id in sectors]))
    return [
        replace(
            each,
            sector_id=each.sector_id if each.sector_id in sectors else None,
            agency_id=each.agency_id if each.sector_id in sectors and each.agency_id in agencies else None,
        )
        for each in sheets
    ]


def _without_event(sheets: Sequence[AnswersOut], night: date) -> list[AnswersOut]:
    month = night.replace(day=1)
    return [replace(each, event_id=None, sector_id=None, agency_id=None, period_on=month) for each in sheets]


def practices_out(
    work: Work,
    practices: Iterable[tuple[int, Stage, Mapping[int, Said]]],
    routes: Iterable[tuple[int, Stage, Counter[str]]],
    first: date,
) -> None:
    """Night after night, as far as it matters: when each half-year since the first day was complete, and now."""
    for event_id, stage, said in practices:
        keep_sealed(work, event_id, stage, said)
    for event_id, stage, ways in routes:
        count_routes(work, event_id, stage, ways)
    nights = [
        wall_time(complete_on(half) + timedelta(days=1), time(2, 30))
        for half in halves_between(first, london_date(work.now))
    ]
    for night in [*(each for each in nights if each < work.now), work.now]:
        match_closed(replace(work, now=night - timedelta(days=1)))
        let_practices_out(replace(work, now=night))
