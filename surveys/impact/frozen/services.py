"""Writing down who was asked and who answered, when a half-year is complete."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from lms.frame.work import Work
from lms.kit.working_days import london_date
from surveys.as_told.models import ToldReach
from surveys.impact.queries import HeldEvent, closed_events
from surveys.impact.units.figures import CourseHalf, Units, units_of
from surveys.questions.rules import SurveyKind
from surveys.selection.rules import CLOSING, CLOSING_ON_THE_DAY, is_complete
from surveys.stages.rules import Stage

CLOSINGS = {
    SurveyKind.IMPACT: CLOSING,
    SurveyKind.MANAGERS_VIEW: CLOSING,
    SurveyKind.ON_THE_DAY: CLOSING_ON_THE_DAY,
}


def freeze_halves(work: Work) -> int:
    """Keep what complete half-years tell of who was asked. How many events. Safe to repeat: what is kept stays."""
    return sum(_freeze(work, kind, closing) for kind, closing in CLOSINGS.items())


def _freeze(work: Work, kind: SurveyKind, closing: timedelta) -> int:
    held, today = closed_events(work.session, work.now, kind), london_date(work.now)
    units = units_of(held, closing)
    new = [
        (each, unit)
        for each in held
        if each.told_on is None and (unit := units.of_event.get(each.id)) and is_complete(unit.half, today, closing)
    ]
    rows = [row for each, unit in new for row in _rows(Stage(kind.value), each, unit, units)]
    if rows:
        work.session.execute(sa.insert(ToldReach), rows)
    return len(new)


def _rows(stage: Stage, event: HeldEvent, unit: CourseHalf, units: Units) -> Iterator[dict[str, Any]]:
    for each in event.asked:
        agency_id, sector_id = each.stamp
        yield {
            **{name: number for name, number in asdict(each).items() if name != "stamp"},
            "stage": stage,
            "agency_id": agency_id or None,
            "sector_id": sector_id or None,
            "half_on": unit.half.from_on,
            "closed_at": event.closed_at,
            "pooled_on": units.pooled.get(event.id),
        }
