"""Answers that were typed and not sent, locked with a key that only the browser has."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base


class UnsentAnswers(Base):
    """One form of one browser. `person_id` is who typed; empty for somebody who was not signed in."""

    __tablename__ = "unsent_answers"
    __table_args__ = (sa.UniqueConstraint("browser", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    browser: Mapped[str]
    path: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    answers: Mapped[str]
    was_cut_off: Mapped[bool]
    kept_at: Mapped[datetime] = mapped_column(index=True)
