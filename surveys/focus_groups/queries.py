"""Focus groups as they are read: whoever may not see a learning point does not see that a group was about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from courses.coverage.rules import short_titles
from courses.programme.courses.models import Course
from lms.agencies.models import RoleGroup
from lms.frame.access import Actor
from lms.kit.errors import NotFound
from reviews.learning.models import LearningPoint
from reviews.learning.queries import visible_points
from surveys.focus_groups.models import FocusGroup


@dataclass(frozen=True)
class GroupRow:
    """A focus group in words. `point` is the reference of its learning point, empty for none."""

    id: int
    course: str
    held_on: date
    people: int
    roles: tuple[str, ...]
    themes: tuple[str, ...]
    questions: str
    finding: str
    notes: str
    point_id: int | None
    point: str
    evidence_id: int | None


def group_rows(session: Session, actor: Actor, point_id: int | None = None) -> list[GroupRow]:
    """All of them, or those of a learning point, the latest first: five queries."""
    where = sa.true() if point_id is None else FocusGroup.learning_point_id == point_id
    return _rows(session, actor, where)


def group_row(session: Session, actor: Actor, group_id: int) -> GroupRow:
    """One of them. Raises NotFound, also for one of a learning point that is not for the reader."""
    found = _rows(session, actor, FocusGroup.id == group_id)
    if not found:
        raise NotFound("We cannot find that focus group. The list shows them all.")
    return found[0]


def role_choices(session: Session) -> list[tuple[int, str]]:
    """The kinds of workers to tick."""
    return [(each.id, each.name) for each in session.scalars(sa.select(RoleGroup).order_by(RoleGroup.position))]


def _rows(session: Session, actor: Actor, where: "sa.ColumnElement[bool]") -> list[GroupRow]:
    seen = sa.select(LearningPoint.id).where(visible_points(actor))
    groups: Sequence[FocusGroup] = session.scalars(
        sa.select(FocusGroup)
        .where(where, sa.or_(FocusGroup.learning_point_id.is_(None), FocusGroup.learning_point_id.in_(seen)))
        .options(
            joinedload(FocusGroup.learning_point),
            joinedload(FocusGroup.course).joinedload(Course.current),
            selectinload(FocusGroup.roles),
            selectinload(FocusGroup.themes),
        )
        .order_by(FocusGroup.held_on.desc(), FocusGroup.id.desc())
    ).all()
    return [
        GroupRow(
            each.id,
            short_titles([each.course.current.title])[0] if each.course.current else each.course.code,
            each.held_on,
            each.people,
            tuple(role.name for role in each.roles),
            tuple(theme.name for theme in each.themes),
            each.questions,
            each.finding,
            each.notes,
            each.learning_point_id,
            each.learning_point.ref if each.learning_point else "",
            each.evidence_id,
        )
        for each in groups
    ]
