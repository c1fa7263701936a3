"""What was asked for before it was proved who asks, and while the office looks at somebody new."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.programme.events.models import Event
from lms.frame.db import Base


class BookingWish(Base):
    """A wish for a place. It becomes a booking, or goes: nobody holds a place by it.

    `confirmed_at` is when the address was proved, from which the turn counts while the office decides.
    """

    __tablename__ = "booking_wish"
    __table_args__ = (
        sa.CheckConstraint("confirmed_at >= asked_at", name="asked_before_confirmed"),
        sa.Index(
            "uq_booking_wish_waiting",
            "event_id",
            "email",
            unique=True,
            sqlite_where=sa.text("confirmed_at IS NOT NULL"),
            postgresql_where=sa.text("confirmed_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    code_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sign_in_code.id", ondelete="SET NULL"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    email: Mapped[str] = mapped_column(index=True)
    said: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
