"""Observations: a colleague watched a trainer at an event, wrote it up within 5 working days, the trainer answered."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.programme.events.models import Event
from lms.frame.db import Base
from lms.people.models import Person


class Observation(Base):
    """One trainer watched by one colleague at one event. `ratings`: 1 to 4 by the item's code, once written."""

    __tablename__ = "survey_observation"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "trainer_id", "observer_id"),
        sa.CheckConstraint("trainer_id <> observer_id", name="by_somebody_else"),
        sa.CheckConstraint("responded_at IS NULL OR written_at IS NOT NULL", name="answered_once_written"),
        sa.CheckConstraint("(responded_at IS NULL) = (response = '')", name="answered_in_words"),
        sa.CheckConstraint("written_at IS NULL OR went_well <> ''", name="written_in_words"),
        sa.Index("ix_survey_observation_due", "written_at", "due_on"),
        {"info": {"stays_on_clash": True}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    trainer_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    observer_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    due_on: Mapped[date]
    ratings: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict)
    went_well: Mapped[str] = mapped_column(default="")
    to_develop: Mapped[str] = mapped_column(default="")
    written_at: Mapped[datetime | None]
    response: Mapped[str] = mapped_column(default="")
    responded_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    trainer: Mapped[Person] = relationship(foreign_keys=[trainer_id])
    observer: Mapped[Person] = relationship(foreign_keys=[observer_id])
