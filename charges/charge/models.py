"""Charges against agencies, and what was said about each before it was decided."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from charges.charge.rules import ENDED, AnsweredAs, ChargeState, WaiverReason
from charges.claims.rules import ChargeReason
from courses.booking.bookings.models import Booking
from lms.agencies.models import Agency
from lms.frame.db import Base, Changing
from lms.frame.together import Together
from lms.people.models import Person
from lms.policies.models import PolicyVersion

_LIVE_SQL = "state NOT IN (" + ", ".join(f"'{state.value}'" for state in sorted(ENDED)) + ")"


class Charge(Changing, Base):
    """One event day of one booking, charged to the agency of then. It explains itself; a person decides it.

    The day's times are copied, so that a charge reads the same when the event has moved since. `final_at`: from then
    on nobody can appeal, and it goes on the invoice of that month.
    """

    __tablename__ = "charge"
    __table_args__ = (
        sa.Index(
            "uq_charge_live",
            "booking_id",
            "day_number",
            unique=True,
            sqlite_where=sa.text(_LIVE_SQL),
            postgresql_where=sa.text(_LIVE_SQL),
        ),
        sa.Index("ix_charge_state_agency", "state", "agency_id"),
        sa.CheckConstraint("pence > 0", name="more_than_nothing"),
        sa.CheckConstraint("explanation <> ''", name="explains_itself"),
        sa.CheckConstraint("state <> 'open' OR respond_by IS NOT NULL", name="open_until"),
        sa.CheckConstraint(
            "is_history OR state NOT IN ('approved', 'invoiced', 'paid', 'credited', 'written_off')"
            " OR decided_by_id IS NOT NULL OR appeal_decided_by_id IS NOT NULL",
            name="approved_by_somebody",
        ),
        sa.CheckConstraint("state <> 'upheld' OR appeal_decided_by_id IS NOT NULL", name="upheld_by_somebody"),
        sa.CheckConstraint("state <> 'waived' OR waiver_reason IS NOT NULL", name="waived_for_a_reason"),
        sa.CheckConstraint("waiver_reason <> 'other' OR waiver_words <> ''", name="other_reason_said"),
        sa.CheckConstraint("appeal_decided_by_id <> decided_by_id", name="appeal_decided_by_another"),
        sa.CheckConstraint("appeal_decided_at IS NULL OR appealed_at IS NOT NULL", name="appealed_before_decided"),
        sa.CheckConstraint("state <> 'void' OR void_why <> ''", name="void_for_a_reason"),
        sa.CheckConstraint(
            "NOT is_disability_related OR state NOT IN ('approved', 'upheld', 'invoiced', 'paid')",
            name="disability_not_approved",
        ),
        sa.CheckConstraint("state <> 'invoiced' OR invoiced_on IS NOT NULL", name="invoiced_when_invoiced"),
        sa.CheckConstraint("state <> 'paid' OR paid_on IS NOT NULL", name="paid_when_paid"),
        sa.CheckConstraint("state <> 'credited' OR credited_on IS NOT NULL", name="credited_when_credited"),
        sa.CheckConstraint("state <> 'written_off' OR written_off_on IS NOT NULL", name="written_off_when_written_off"),
        sa.CheckConstraint("state NOT IN ('waived', 'void') OR invoiced_on IS NULL", name="invoiced_is_credited"),
        sa.CheckConstraint("day_ends_at > day_starts_at", name="day_ends_after_start"),
        sa.CheckConstraint("day_number > 0", name="days_count_from_one"),
        Together("booking_id, policy_version_id", "booking(id, policy_version_id)"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"), index=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    policy_version_id: Mapped[int] = mapped_column(sa.ForeignKey("policy_version.id"))
    day_number: Mapped[int]
    day_starts_at: Mapped[datetime]
    day_ends_at: Mapped[datetime]
    reason: Mapped[ChargeReason]
    pence: Mapped[int]
    explanation: Mapped[str]
    state: Mapped[ChargeState] = mapped_column(default=ChargeState.PROPOSED)
    is_history: Mapped[bool] = mapped_column(default=False)

    raised_on: Mapped[date] = mapped_column(index=True)
    proposed_at: Mapped[datetime]
    respond_by: Mapped[datetime | None]
    is_disability_related: Mapped[bool] = mapped_column(default=False)

    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    decision_note: Mapped[str] = mapped_column(default="")
    waiver_reason: Mapped[WaiverReason | None]
    waiver_words: Mapped[str] = mapped_column(default="")
    appeal_until: Mapped[datetime | None]
    appealed_at: Mapped[datetime | None]
    appealed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    appeal_words: Mapped[str] = mapped_column(default="")
    appeal_decided_at: Mapped[datetime | None]
    appeal_decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    appeal_note: Mapped[str] = mapped_column(default="")
    final_at: Mapped[datetime | None]
    void_at: Mapped[datetime | None]
    void_why: Mapped[str] = mapped_column(default="")

    invoiced_on: Mapped[date | None]
    paid_on: Mapped[date | None]
    credited_on: Mapped[date | None]
    written_off_on: Mapped[date | None]

    booking: Mapped[Booking] = relationship()
    agency: Mapped[Agency] = relationship()
    policy_version: Mapped[PolicyVersion] = relationship()
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    appealed_by: Mapped[Person | None] = relationship(foreign_keys=[appealed_by_id])
    appeal_decided_by: Mapped[Person | None] = relationship(foreign_keys=[appeal_decided_by_id])
    answers: Mapped[list["ChargeAnswer"]] = relationship(order_by="ChargeAnswer.id", back_populates="charge")

    @property
    def person_id(self) -> int:
        """Whom the audit's lines about this charge concern."""
        return self.booking.person_id


class ChargeAnswer(Base):
    """What the delegate, their manager or the agency said before the decision."""

    __tablename__ = "charge_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    charge_id: Mapped[int] = mapped_column(sa.ForeignKey("charge.id"), index=True)
    said_as: Mapped[AnsweredAs]
    name: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    said_at: Mapped[datetime]
    suggests: Mapped[WaiverReason | None]
    words: Mapped[str] = mapped_column(default="")

    charge: Mapped[Charge] = relationship(back_populates="answers")


class SicknessReport(Base):
    """When the manager told the partnership on the day of a charge, and when they confirmed it in writing."""

    __tablename__ = "sickness_report"
    __table_args__ = (sa.CheckConstraint("told_at IS NOT NULL OR confirmed_on IS NOT NULL", name="says_something"),)

    charge_id: Mapped[int] = mapped_column(sa.ForeignKey("charge.id"), primary_key=True)
    told_at: Mapped[datetime | None]
    confirmed_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
