"""Offers of a place to somebody who waits, and places held for a sector."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.rules import OfferEnd
from courses.programme.events.models import Event
from lms.agencies.models import Sector
from lms.frame.db import Base
from lms.frame.keeping import MustBe, kept
from lms.frame.together import Together

WITHIN_CAPACITY = MustBe(
    name="capacity",
    holds="new.place_number IS NULL OR EXISTS (SELECT 1 FROM event WHERE event.id = new.event_id"
    " AND new.place_number <= event.largest_capacity)",
    columns=("place_number", "event_id"),
    words="the event never had a place of this number.",
)
NOT_HELD_BY_ANOTHER = MustBe(
    name="held",
    holds="new.ended_at IS NOT NULL OR new.place_number IS NULL OR NOT EXISTS (SELECT 1 FROM booking"
    " WHERE booking.event_id = new.event_id AND booking.place_number = new.place_number"
    " AND booking.id <> new.booking_id)",
    columns=("place_number", "event_id", "ended_at"),
    words="someone else holds this place.",
)


class Offer(Base):
    """A place offered to somebody who waits. With a `place_number` it is held for them until `open_until`.

    Without one it goes to whoever accepts first. `chain_id`: the first offer of a place that was passed on, so that
    the same place is offered to nobody twice.
    """

    __tablename__ = "place_offer"
    __table_args__ = (
        sa.Index(
            "uq_place_offer_live",
            "booking_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index(
            "uq_place_offer_place",
            "event_id",
            "place_number",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND place_number IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND place_number IS NOT NULL"),
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended_somehow"),
        sa.CheckConstraint("place_number > 0", name="places_count_from_one"),
        sa.CheckConstraint("ended_at >= made_at", name="ends_after_it_was_made"),
        sa.UniqueConstraint("id", "event_id"),
        Together("booking_id, event_id", "booking(id, event_id)"),
        Together("chain_id, event_id", "place_offer(id, event_id)"),
        {"info": kept(WITHIN_CAPACITY, NOT_HELD_BY_ANOTHER)},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"), index=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    place_number: Mapped[int | None]
    made_at: Mapped[datetime]
    open_until: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    ended_as: Mapped[OfferEnd | None]
    chain_id: Mapped[int | None] = mapped_column(sa.ForeignKey("place_offer.id"), index=True)

    booking: Mapped[Booking] = relationship()

    @property
    def person_id(self) -> int:
        """Whom the audit's lines about this offer concern."""
        return self.booking.person_id


class PlaceHold(Base):
    """Places that only one sector's people can have, until a moment or until somebody releases them."""

    __tablename__ = "place_hold"
    __table_args__ = (
        sa.Index(
            "uq_place_hold_live",
            "event_id",
            "sector_id",
            unique=True,
            sqlite_where=sa.text("released_at IS NULL"),
            postgresql_where=sa.text("released_at IS NULL"),
        ),
        sa.CheckConstraint("places > 0", name="more_than_none"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    sector_id: Mapped[int] = mapped_column(sa.ForeignKey("sector.id"), index=True)
    places: Mapped[int]
    held_until: Mapped[datetime]
    made_at: Mapped[datetime]
    released_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    sector: Mapped[Sector] = relationship()
