"""Marks: one line of the register for one booking on one event day."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.attendance.register.rules import MarkKind
from courses.booking.bookings.models import Booking
from courses.programme.events.models import EventDay
from lms.frame.db import Base
from lms.frame.keeping import MustBe, kept

OF_ONE_EVENT = MustBe(
    name="event",
    holds="EXISTS (SELECT 1 FROM booking JOIN event_day ON event_day.event_id = booking.event_id"
    " WHERE booking.id = new.booking_id AND event_day.id = new.event_day_id)",
    columns=("booking_id", "event_day_id"),
    words="the day is another event's than the booking.",
)


class Mark(Base):
    """One mark a booking and day. `client_key` is made on the phone, so that a mark sent twice counts once."""

    __tablename__ = "register_mark"
    __table_args__ = (
        sa.UniqueConstraint("booking_id", "event_day_id"),
        sa.CheckConstraint("late_minutes >= 0 AND left_early_minutes >= 0", name="minutes_not_negative"),
        sa.CheckConstraint(
            "kind = 'present' OR (late_minutes = 0 AND left_early_minutes = 0)", name="only_present_miss_minutes"
        ),
        {"info": kept(OF_ONE_EVENT)},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"))
    event_day_id: Mapped[int] = mapped_column(sa.ForeignKey("event_day.id"), index=True)
    kind: Mapped[MarkKind]
    late_minutes: Mapped[int] = mapped_column(default=0)
    left_early_minutes: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(default="")
    marked_at: Mapped[datetime]
    marked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    client_key: Mapped[str | None] = mapped_column(unique=True)

    booking: Mapped[Booking] = relationship()
    day: Mapped[EventDay] = relationship()


class MarkReceived(Base):
    """A mark that a phone has sent, by the key made there: one sent again, because no answer came, changes nothing."""

    __tablename__ = "register_mark_received"

    client_key: Mapped[str] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"), index=True)
    event_day_id: Mapped[int] = mapped_column(sa.ForeignKey("event_day.id"))
    received_at: Mapped[datetime]
