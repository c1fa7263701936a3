"""Spaces: who was told where to park, for which event."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.programme.events.models import Event
from lms.frame.db import Base
from lms.people.models import Person


class ParkingSpace(Base):
    """One person at one event. `plate` is what they said of their car, if anything."""

    __tablename__ = "parking_space"
    __table_args__ = (sa.UniqueConstraint("event_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    told_at: Mapped[datetime]
    plate: Mapped[str] = mapped_column(default="")

    event: Mapped[Event] = relationship()
    person: Mapped[Person] = relationship()
