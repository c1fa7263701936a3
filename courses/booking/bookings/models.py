"""Bookings: a person's claim on a place, with agency, role and terms as they were then; and access needs apart."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship
from sqlalchemy.orm.util import identity_key

from courses.booking.bookings.rules import LIVE_STATES, BookingSource, BookingState, Outcome
from courses.programme.events.models import IS_OVER, Event
from lms.agencies.models import Agency
from lms.frame.db import Base, Changing
from lms.frame.keeping import MustBe, kept
from lms.frame.together import Together
from lms.people.models import Person
from lms.policies.models import PolicyVersion

_LIVE_SQL = f"state IN ({', '.join(repr(state.value) for state in LIVE_STATES)})"


WITHIN_CAPACITY = MustBe(
    name="capacity",
    holds="new.place_number IS NULL OR EXISTS (SELECT 1 FROM event WHERE event.id = new.event_id"
    " AND (event.is_history OR new.place_number <= event.largest_capacity))",
    columns=("place_number", "event_id"),
    words="the event never had a place of this number.",
)
NOT_OFFERED_TO_ANOTHER = MustBe(
    name="offered",
    holds="new.place_number IS NULL OR NOT EXISTS (SELECT 1 FROM place_offer WHERE place_offer.event_id = new.event_id"
    " AND place_offer.place_number = new.place_number AND place_offer.ended_at IS NULL"
    " AND place_offer.booking_id <> new.id)",
    columns=("place_number", "event_id"),
    words="this place is held for someone to who it was offered.",
)


class Booking(Changing, Base):
    """A claim on a place. A confirmed one holds a numbered place, so that no place can be held twice."""

    __tablename__ = "booking"
    __table_args__ = (
        sa.Index(
            "uq_booking_live",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text(_LIVE_SQL),
            postgresql_where=sa.text(_LIVE_SQL),
        ),
        sa.Index(
            "uq_booking_place",
            "event_id",
            "place_number",
            unique=True,
            sqlite_where=sa.text("place_number IS NOT NULL"),
            postgresql_where=sa.text("place_number IS NOT NULL"),
        ),
        sa.Index("ix_booking_queue", "event_id", "state", "queued_at", "id"),
        sa.CheckConstraint(
            "(place_number IS NOT NULL) = (state = 'confirmed' AND source <> 'walk_in')", name="confirmed_holds_place"
        ),
        sa.CheckConstraint("place_number > 0", name="places_count_from_one"),
        sa.CheckConstraint("state <> 'waiting' OR queued_at IS NOT NULL", name="waiting_since"),
        sa.CheckConstraint("state <> 'confirmed' OR confirmed_at IS NOT NULL", name="confirmed_when_confirmed"),
        sa.CheckConstraint("state <> 'cancelled' OR cancelled_at IS NOT NULL", name="cancelled_when_cancelled"),
        sa.CheckConstraint("moved_to_id IS NULL OR state = 'transferred'", name="moved_when_transferred"),
        sa.CheckConstraint("given_to_id IS NULL OR state = 'substituted'", name="given_when_substituted"),
        sa.CheckConstraint("outcome IS NULL OR state = 'confirmed'", name="only_confirmed_have_outcome"),
        sa.CheckConstraint("(agency_id IS NULL) = (sector_id IS NULL)", name="sector_with_agency"),
        sa.CheckConstraint(f"{_LIVE_SQL} OR cancelled_at IS NOT NULL", name="ended_when_ended"),
        sa.CheckConstraint("confirmed_at IS NULL OR confirmed_at >= booked_at", name="booked_before_confirmed"),
        Together("given_to_id, event_id", "booking(id, event_id)"),
        sa.UniqueConstraint("id", "event_id"),  # for keys that name the event, the person or the terms too
        sa.UniqueConstraint("id", "person_id"),
        sa.UniqueConstraint("id", "policy_version_id"),
        {
            "info": {
                "stays_on_clash": IS_OVER,
                "clash_words": "Cancel the one that should go, or finalise the register if it has begun. Then merge.",
                **kept(WITHIN_CAPACITY, NOT_OFFERED_TO_ANOTHER),
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    sector_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sector.id"))  # of the agency, frozen when finalised
    role_group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("role_group.id"))
    policy_version_id: Mapped[int] = mapped_column(sa.ForeignKey("policy_version.id"))
    state: Mapped[BookingState]
    source: Mapped[BookingSource] = mapped_column(default=BookingSource.DELEGATE)
    place_number: Mapped[int | None]
    booked_at: Mapped[datetime]
    booked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    queued_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]  # an offer from the waiting list: when they said yes
    manager_agreed_at: Mapped[datetime | None]  # where the course asks the line manager
    cancelled_at: Mapped[datetime | None]
    cancelled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    cancel_reason: Mapped[str] = mapped_column(default="")
    told_us_at: Mapped[datetime | None]  # when they told us, where the office wrote it down later: that moment counts
    told_us_how: Mapped[str] = mapped_column(default="", server_default="")
    moved_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("booking.id"), unique=True)
    given_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("booking.id"), unique=True)  # the colleague's
    is_moved_free: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # by the office
    free_until: Mapped[datetime]
    outcome: Mapped[Outcome | None]
    days_attended: Mapped[str] = mapped_column(default="")  # "1;2" as history says it; empty: follows from outcome
    manager_name: Mapped[str] = mapped_column(default="")
    manager_email: Mapped[str] = mapped_column(default="")
    phone_on_day: Mapped[str] = mapped_column(default="")
    declared_at: Mapped[datetime | None]
    clash_reason: Mapped[str] = mapped_column(default="")
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    links_number: Mapped[int] = mapped_column(default=1, server_default="1")  # rises when it ends: links of before die

    event: Mapped[Event] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    booked_by: Mapped[Person | None] = relationship(foreign_keys=[booked_by_id])
    cancelled_by: Mapped[Person | None] = relationship(foreign_keys=[cancelled_by_id])
    taken_from: Mapped["Booking | None"] = relationship(
        primaryjoin="Booking.id == foreign(remote(Booking.given_to_id))", viewonly=True
    )
    agency: Mapped[Agency | None] = relationship()
    policy_version: Mapped[PolicyVersion] = relationship()
    needs: Mapped["AccessNeeds | None"] = relationship(back_populates="booking", cascade="all, delete-orphan")


class AccessNeeds(Base):
    """What somebody needs on the day: apart from the booking, seen by those who must act, deleted in time."""

    __tablename__ = "access_needs"

    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"), primary_key=True)
    needs: Mapped[str] = mapped_column(default="")
    food: Mapped[str] = mapped_column(default="")
    delete_after: Mapped[date] = mapped_column(index=True)

    booking: Mapped[Booking] = relationship(back_populates="needs")


def _stamp_sector(_mapper: Any, connection: Connection, booking: Booking) -> None:
    """With its agency a booking gets the sector that the agency is of now. Where the agency moves later, it stays."""
    if not sa.inspect(booking).attrs.agency_id.history.has_changes():
        return
    if booking.agency_id is None:
        booking.sector_id = None
        return
    session = object_session(booking)
    agency = session.identity_map.get(identity_key(Agency, booking.agency_id)) if session is not None else None
    known: int | None = agency.__dict__.get("sector_id") if agency is not None else None
    today = sa.select(Agency.sector_id).where(Agency.id == booking.agency_id)
    booking.sector_id = known or connection.scalar(today)


for _moment in ("before_insert", "before_update"):
    event.listen(Booking, _moment, _stamp_sector)
