"""Completions of people: for the training record, for who is up to date, and counted for reports."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.programme.courses.models import Course, CourseVersion
from courses.questions import LearnedWithoutEvent
from courses.records.completions.models import Completion
from lms.agencies.models import Agency
from lms.frame.plugins import RecordEntry
from lms.frame.work import Work
from lms.kit.figures import Period


def completed_by(work: Work, question: LearnedWithoutEvent) -> frozenset[int]:
    """Which of these courses a person has completed."""
    theirs = sa.select(Completion.course_id).where(Completion.person_id == question.person_id)
    return frozenset(work.session.scalars(theirs.where(Completion.course_id.in_(question.course_ids))))


def entries(work: Work, person_id: int) -> list[RecordEntry]:
    """What a person completed, for the training record, in one query."""
    rows = work.session.execute(
        sa.select(CourseVersion.title, Completion.completed_on, Agency.name)
        .join(Course, Course.id == Completion.course_id)
        .join(CourseVersion, sa.and_(CourseVersion.course_id == Course.id, CourseVersion.is_current))
        .outerjoin(Agency, Agency.id == Completion.agency_id)
        .where(Completion.person_id == person_id)
        .order_by(Completion.completed_on.desc(), Completion.course_id)
    )
    return [RecordEntry(title, on, "Completed (e-learning)", agency=agency or "") for title, on, agency in rows]


def last_completed(session: Session, person_id: int) -> dict[int, date]:
    """The last day on which a person completed each course by e-learning."""
    last = sa.select(Completion.course_id, sa.func.max(Completion.completed_on))
    theirs = last.where(Completion.person_id == person_id).group_by(Completion.course_id).order_by(Completion.course_id)
    return {row[0]: row[1] for row in session.execute(theirs)}


Who = tuple[int, int, int | None, int | None]
"""A course, a person, and the person's agency and role group on that day."""


def last_completions(
    session: Session, employed: sa.Subquery, agency_ids: Collection[int], day: date
) -> dict[Who, date]:
    """The last day until then on which each of these agencies' people completed each course, in one query."""
    who = (Completion.course_id, Completion.person_id, employed.c.agency_id, employed.c.role_group_id)
    rows = session.execute(
        sa.select(*who, sa.func.max(Completion.completed_on))
        .join(employed, employed.c.person_id == Completion.person_id)
        .where(employed.c.agency_id.in_(agency_ids), Completion.completed_on <= day)
        .group_by(*who)
        .order_by(Completion.course_id, Completion.person_id)
    )
    return {(course, person, agency, group): last for course, person, agency, group, last in rows}


@dataclass(frozen=True)
class CompletionsCounted:
    """How many completions there were, and of how many people."""

    completions: int
    people: int


def counted_completions(
    session: Session, periods: Sequence[Period], agency_ids: Collection[int] | None
) -> list[CompletionsCounted]:
    """Completions in each of these periods, of these agencies as they were, or of all. One query."""
    within = [Completion.completed_on.between(each.from_on, each.to_on) for each in periods]
    found = sa.select(
        *(
            column
            for each in within
            for column in (sa.func.count().filter(each), sa.func.count(Completion.person_id.distinct()).filter(each))
        )
    ).select_from(Completion)
    if agency_ids is not None:
        found = found.where(Completion.agency_id.in_(agency_ids))
    numbers = session.execute(found).one()
    return [CompletionsCounted(*numbers[place : place + 2]) for place in range(0, len(numbers), 2)]
