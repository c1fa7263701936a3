"""When answers come out: never sooner for having been given soon, and after a holiday of the machine as without it."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.programme.events.models import Event
from lms.kit.working_days import london_date
from surveys.answers.models import AnswerSheet, Draft
from surveys.impact.queries import closed_events
from surveys.impact.units.figures import units_of
from surveys.letting_out.services import let_out
from surveys.questions.rules import SurveyKind
from surveys.selection.rules import CLOSING_ON_THE_DAY
from tests.surveys.conftest import Asking
from tests.surveys.test_anonymity import after, answer_day, event_of

LATER = 17  # days: the second event is held in the next month


def small_event(asking: Asking, answers: list[int], *, course: Any = None, days: int = 0) -> Event:
    """One whose few people all answer, in their first hours."""
    event = event_of(asking, ["Health"] * len(answers), **({"course": course} if course else {}))
    for moment in (event, *event.days):
        moment.starts_at += timedelta(days=days)
        moment.ends_at += timedelta(days=days)
    asking.work.session.flush()
    answer_day(asking, event, answers)
    return event


def test_whoever_answers_soon_does_not_let_a_stage_close_sooner(session: Session, asking: Asking) -> None:
    event = event_of(asking, ["Health"] * 6)
    answer_day(asking, event, [1, 2, 3, 4, 5, 6])
    assert let_out(asking.at(after(event, 13))) == 0
    assert let_out(asking.at(after(event, 15))) == 6


def test_nights_that_were_left_out_come_out_as_if_they_had_not_been(session: Session, asking: Asking) -> None:
    """Three small events of a course: the first two come out together, in their night, and the third waits."""
    first = small_event(asking, [1, 2, 3])
    second = small_event(asking, [4, 5], course=first.course, days=LATER)
    third = small_event(asking, [6, 7], course=first.course, days=LATER + 20)
    night = asking.at(after(third, 60))
    assert let_out(night) == 5
    sheets = session.scalars(sa.select(AnswerSheet)).all()
    closed_on = london_date(after(second, 14))
    assert {(each.event_id, each.period_on) for each in sheets} == {
        (None, (closed_on + timedelta(days=1)).replace(day=1))
    }
    assert session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 2
    units = units_of(closed_events(session, night.now, SurveyKind.ON_THE_DAY), CLOSING_ON_THE_DAY)
    assert set(units.of_event) == {first.id, second.id}
    assert {period for _, period in units.of_pool} == {each.period_on for each in sheets}
