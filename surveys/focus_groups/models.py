"""Impact focus groups: of which course, when, who by role, what was asked, and what was said. Nobody's name."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.programme.courses.models import Course
from lms.agencies.models import RoleGroup
from lms.frame.db import Base
from reviews.learning.models import Evidence, LearningPoint
from surveys.themes.models import TextTheme

focus_group_role = sa.Table(
    "survey_focus_group_role",
    Base.metadata,
    sa.Column("focus_group_id", sa.ForeignKey("survey_focus_group.id"), primary_key=True),
    sa.Column("role_group_id", sa.ForeignKey("role_group.id"), primary_key=True, index=True),
)
focus_group_theme = sa.Table(
    "survey_focus_group_theme",
    Base.metadata,
    sa.Column("focus_group_id", sa.ForeignKey("survey_focus_group.id"), primary_key=True),
    sa.Column("theme_id", sa.ForeignKey("survey_text_theme.id"), primary_key=True, index=True),
)


class FocusGroup(Base):
    """Five people and more. Of a learning point it is evidence, which counts when it is dated after the change."""

    __tablename__ = "survey_focus_group"
    __table_args__ = (
        sa.CheckConstraint("people >= 5", name="of_five_and_more"),
        sa.CheckConstraint("questions <> '' AND finding <> ''", name="asked_and_found"),
        sa.CheckConstraint("(learning_point_id IS NULL) = (evidence_id IS NULL)", name="of_a_point_with_its_evidence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id"), index=True)
    learning_point_id: Mapped[int | None] = mapped_column(sa.ForeignKey("learning_point.id"), index=True)
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("learning_evidence.id"), unique=True)
    held_on: Mapped[date]
    people: Mapped[int]
    questions: Mapped[str]
    finding: Mapped[str]
    notes: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime]

    course: Mapped[Course] = relationship()
    learning_point: Mapped[LearningPoint | None] = relationship()
    evidence: Mapped[Evidence | None] = relationship()
    roles: Mapped[list[RoleGroup]] = relationship(secondary=focus_group_role, order_by=RoleGroup.position)
    themes: Mapped[list[TextTheme]] = relationship(secondary=focus_group_theme, order_by=TextTheme.name)
