"""Holds, which stop anything from being removed, and a line for each round of removing."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.frame.db import Base
from lms.people.models import Person


class Hold(Base):
    """Nothing that it covers is removed while it stands. Without a person it covers everybody.

    `kept` names one retention ("courses.access_needs"); empty: all of them, and erasing the person.
    """

    __tablename__ = "retention_hold"
    __table_args__ = (
        sa.CheckConstraint("reason <> ''", name="has_reason"),
        sa.CheckConstraint("person_id IS NOT NULL OR kept <> ''", name="covers_something_named"),
        sa.CheckConstraint("lifted_at IS NULL OR lifted_reason <> ''", name="lifted_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kept: Mapped[str] = mapped_column(default="")
    reason: Mapped[str]
    look_again_on: Mapped[date]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    lifted_reason: Mapped[str] = mapped_column(default="")

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    set_by: Mapped[Person | None] = relationship(foreign_keys=[set_by_id])


class RetentionRun(Base):
    """One round: what each retention removed. `lines` are [name, words, removed, error]; it names nobody."""

    __tablename__ = "retention_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str]
    removed: Mapped[int]
    lines: Mapped[list[Any]] = mapped_column(sa.JSON())
