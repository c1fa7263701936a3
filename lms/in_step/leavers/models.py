"""Leavers whom the office has not looked at yet."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.frame.db import Base
from lms.people.models import Person


class UnseenLeaver(Base):
    """Somebody whom another system said to have left. `said` is each thing that was open, and what became of it."""

    __tablename__ = "unseen_leaver"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    left_at: Mapped[datetime]
    said_by: Mapped[str]
    said: Mapped[list[str]]

    person: Mapped[Person] = relationship()
