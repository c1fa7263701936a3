"""What people said on the day about a trainer's events: means, numbers and their own words, from five answers on."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.programme.courses.models import CourseVersion
from courses.programme.events.models import Event, EventTrainer
from courses.programme.events.rules import EventState
from lms.kit.errors import NotFound
from lms.kit.telling.numbers import SMALL
from lms.kit.telling.steps import tell_steps
from lms.kit.working_days import london_date
from surveys.impact.content.figures import groups_of_five
from surveys.impact.content.queries import SheetRead, questions_asked, sheets_of, texts_of
from surveys.impact.queries import outcomes_of
from surveys.pairs.queries import practice_sheets, practices_asked
from surveys.questions.rules import QuestionKind, SurveyKind, one_decimal
from surveys.selection.rules import Span, half_of

AVERAGED = {QuestionKind.SCALE: 10, QuestionKind.AGREEMENT: 5, QuestionKind.OUTCOMES: 10}
"""Kinds of questions whose mean is told, with the top of their scale."""


@dataclass(frozen=True)
class EvaluatedEvent:
    """One of a trainer's events, and how many of its answers can be told. 0: fewer than five, or none."""

    id: int
    course_id: int
    title: str
    held_on: date
    answers: int


@dataclass(frozen=True)
class MeanRow:
    """What people said to one question: the mean, of how many as it is told beside all answers, out of what."""

    words: str
    mean: str
    value: float
    people: str
    top: int


@dataclass(frozen=True)
class Evaluation:
    """The evaluation of an event. `comments` by question; `course`: practices, of everybody of its course and half."""

    event: EvaluatedEvent
    means: tuple[MeanRow, ...]
    comments: tuple[tuple[str, tuple[str, ...]], ...]
    course: tuple[MeanRow, ...] = ()
    half: str = ""


def evaluated_events(session: Session, person_id: int | None, now: datetime) -> list[EvaluatedEvent]:
    """The delivered events that somebody trained at, the latest first; of everybody for None. Two queries and more."""
    own = sa.select(EventTrainer.event_id).where(EventTrainer.person_id == person_id)
    rows = session.execute(
        sa.select(Event.id, Event.course_id, CourseVersion.title, Event.ends_at)
        .join(CourseVersion, CourseVersion.id == Event.course_version_id)
        .where(Event.state == EventState.DELIVERED, Event.ends_at <= now)
        .where(sa.true() if person_id is None else Event.id.in_(own))
        .order_by(Event.ends_at.desc(), Event.id)
    ).all()
    sizes: dict[int, int] = defaultdict(int)
    for sheet in groups_of_five(sheets_of(session, [SurveyKind.ON_THE_DAY], event_ids=[row.id for row in rows])):
        sizes[sheet.event_id or 0] += 1
    return [EvaluatedEvent(row.id, row.course_id, row.title, london_date(row.ends_at), sizes[row.id]) for row in rows]


def evaluation_of(session: Session, event_id: int, person_id: int | None, now: datetime) -> Evaluation:
    """One event's evaluation, if it is theirs. Raises NotFound for any other."""
    event = next((each for each in evaluated_events(session, person_id, now) if each.id == event_id), None)
    if event is None:
        raise NotFound("We cannot find that event among yours. My evaluations has those that you trained at.")
    sheets = groups_of_five(sheets_of(session, [SurveyKind.ON_THE_DAY], event_ids=[event_id]))
    if not sheets:
        return Evaluation(event, (), ())
    questions = questions_asked(session, [SurveyKind.ON_THE_DAY])
    versions = {each.course_version_id for each in sheets if each.course_version_id is not None}
    outcomes = next(iter(outcomes_of(session, versions).values()), [])
    means: list[MeanRow] = []
    for question in questions.values():
        if question.kind is QuestionKind.OUTCOMES:
            items = list(enumerate(outcomes, start=1))
        else:
            items = [(0, question.words)] if question.kind in AVERAGED else []
        found = [_mean(sheets, question.code, item, words, AVERAGED[question.kind]) for item, words in items]
        means += [each for each in found if each is not None]
    comments: dict[str, list[str]] = defaultdict(list)
    for text in texts_of(session, [SurveyKind.ON_THE_DAY]):
        if text.event_id == event_id:
            comments[text.code].append(text.words)
    named = [(questions[SurveyKind.ON_THE_DAY, code].words, tuple(each)) for code, each in comments.items()]
    half = half_of(event.held_on)
    course = tuple(_of_course(session, event, half, outcomes))
    return Evaluation(event, tuple(means), tuple(named), course, half.words if course else "")


def _of_course(session: Session, event: EvaluatedEvent, half: Span, outcomes: Sequence[str]) -> Iterator[MeanRow]:
    """How sure people felt on the day, of everybody whose answers came out for this course and half-year."""
    sheets = [each for each in practice_sheets(session, [event.course_id]) if each.half_on == half.from_on]
    for asked in practices_asked(session):
        is_each = asked.kind is QuestionKind.OUTCOMES
        items = list(enumerate(outcomes, start=1)) if is_each else [(0, asked.words)]
        for item, words in items:
            steps = [sheet.steps.get((asked.code, item)) for sheet in sheets]
            numbers = [each.on_the_day for each in steps if each is not None and each.on_the_day is not None]
            if len(numbers) >= SMALL:
                value = sum(numbers) / len(numbers)
                yield MeanRow(words, str(one_decimal(value)), value, _of(len(sheets), len(numbers)), 10)


def _mean(sheets: Sequence[SheetRead], code: str, item: int, words: str, top: int) -> MeanRow | None:
    """The mean of one question, when five and more answered it."""
    numbers = [each.number for sheet in sheets for each in sheet.to(code) if each.item == item]
    if len(numbers) < SMALL:
        return None
    value = sum(numbers) / len(numbers)
    return MeanRow(words, str(one_decimal(value)), value, _of(len(sheets), len(numbers)), top)


def _of(answers: int, people: int) -> str:
    """How many answered one question, of those who answered any: 14, or 10 to 13."""
    return tell_steps([answers, people], (0, 1))[1].shown
