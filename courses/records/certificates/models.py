"""Certificates, frozen as they were issued, and the evaluations that some of them wait for."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.booking.bookings.models import Booking
from courses.records.certificates.rules import CertificateState
from lms.frame.db import Base
from lms.frame.keeping import Stays, kept
from lms.frame.together import Together
from lms.people.models import Person

ISSUED = Stays(
    "what a certificate says", may_change=("state", "superseded_at", "superseded_by_id"), words=("name", "reason")
)


class Certificate(Base):
    """Of attendance, for one person and one event. What it says never changes; only its state does."""

    __tablename__ = "certificate"
    __table_args__ = (
        sa.Index(
            "uq_certificate_live",
            "booking_id",
            unique=True,
            sqlite_where=sa.text("state = 'valid'"),
            postgresql_where=sa.text("state = 'valid'"),
        ),
        sa.CheckConstraint("(state = 'valid') = (superseded_at IS NULL)", name="superseded_since"),
        sa.CheckConstraint("superseded_by_id IS NULL OR state = 'superseded'", name="superseded_by_another"),
        sa.CheckConstraint("cpd_minutes >= 0", name="cpd_not_negative"),
        sa.CheckConstraint("superseded_by_id <> id", name="not_superseded_by_itself"),
        sa.UniqueConstraint("id", "booking_id"),
        Together("booking_id, person_id", "booking(id, person_id)", deferred=True),
        Together("superseded_by_id, booking_id", "certificate(id, booking_id)"),
        {"info": kept(ISSUED)},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[str] = mapped_column(unique=True)
    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str]
    title: Mapped[str]
    version: Mapped[int]
    level: Mapped[str] = mapped_column(default="")
    dates: Mapped[str]  # of the days attended, as they read
    last_day_on: Mapped[date]
    cpd_minutes: Mapped[int]
    outcomes: Mapped[list[str]]
    state: Mapped[CertificateState] = mapped_column(default=CertificateState.VALID)
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")  # of a coordinator who issued it by hand
    superseded_at: Mapped[datetime | None]
    superseded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("certificate.id"))

    booking: Mapped[Booking] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    superseded_by: Mapped["Certificate | None"] = relationship(remote_side=[id])


class AwaitedEvaluation(Base):
    """Somebody who attended was asked to evaluate first. Answered, or until then no certificate."""

    __tablename__ = "awaited_evaluation"

    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"), primary_key=True)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
