"""Messages of the training team, kept with what they are about."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.frame.db import Base
from lms.people.models import Person


class Message(Base):
    """One message, as it was written. `key` is made with its preview, so that a second click sends nothing twice."""

    __tablename__ = "courses_message"
    __table_args__ = (
        sa.CheckConstraint("(event_id IS NULL) <> (course_id IS NULL)", name="about_one_thing"),
        sa.CheckConstraint("number_of_readers > 0", name="somebody_reads_it"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event.id"), index=True)
    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course.id"), index=True)
    sent_to: Mapped[str]  # in words, as it was chosen
    number_of_readers: Mapped[int]
    subject: Mapped[str]
    body: Mapped[str]
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)

    written_by: Mapped[Person | None] = relationship()


class MessageCopy(Base):
    """Somebody to who a message went: their letter is in the outbox under `letter_key`."""

    __tablename__ = "courses_message_copy"

    message_id: Mapped[int] = mapped_column(sa.ForeignKey("courses_message.id", ondelete="CASCADE"), primary_key=True)
    letter_key: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
