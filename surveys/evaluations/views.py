"""A trainer's own evaluations: from five answers on, and never who said what."""

from collections.abc import Sequence

from flask import Blueprint

from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, page, requires, work
from lms.frame.work import Work
from lms.kit.charts import Bar, Bars
from surveys.evaluations.queries import Evaluation, MeanRow, evaluated_events, evaluation_of
from surveys.permissions import READ_EVALUATIONS, READ_IMPACT

bp = Blueprint("evaluations", __name__)


@bp.get("/my-evaluations")
@requires(READ_EVALUATIONS)
def mine() -> Answer:
    rows = evaluated_events(work().session, work().actor.person_id or 0, work().now)
    return page("surveys/evaluations/list.html", rows=rows)


@bp.get("/events/<int:event_id>/evaluation")
@requires(READ_EVALUATIONS)
def event(event_id: int) -> Answer:
    found = evaluation_of(work().session, event_id, _whose(work()), work().now)
    return page("surveys/evaluations/event.html", found=found, the_chart=_chart(found), the_course=_course(found))


def _whose(work: Work) -> int | None:
    """The training team reads all; a trainer their own."""
    return None if work.actor.may(READ_IMPACT) else work.actor.person_id or 0


def _chart(found: Evaluation) -> Bars | None:
    return _means("evaluation", "Means of what people said on the day", found.means)


def _course(found: Evaluation) -> Bars | None:
    title = f"How sure people felt on the day, at all events of this course in {found.half}"
    return _means("course", title, found.course)


def _means(name: str, title: str, rows: Sequence[MeanRow]) -> Bars | None:
    bars = [Bar(row.words, row.value / row.top, f"{row.mean} of {row.top}", f"{row.people} answers") for row in rows]
    return Bars(name, title, "Question", "Mean", tuple(bars), most=1) if bars else None


def event_panel(work: Work, event_id: int) -> PanelContent | None:
    """On an event's page, once its evaluation can be told."""
    if not work.actor.may(READ_EVALUATIONS):
        return None
    rows = evaluated_events(work.session, _whose(work), work.now)
    found = next((each for each in rows if each.id == event_id), None)
    return None if found is None else PanelContent("surveys/evaluations/event_panel.html", {"event": found})
