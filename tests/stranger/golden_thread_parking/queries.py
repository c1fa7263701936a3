"""Spaces as pages show them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from golden_thread_parking.models import ParkingSpace
from lms.kit.errors import NotFound


def space_at(session: Session, event_id: int, person_id: int) -> ParkingSpace | None:
    """What one person was told about one event."""
    return session.scalar(
        sa.select(ParkingSpace).where(ParkingSpace.event_id == event_id, ParkingSpace.person_id == person_id)
    )


def own_space(session: Session, space_id: int, person_id: int | None) -> ParkingSpace:
    """A space of this very person. Raises NotFound for anybody else's."""
    found = session.scalar(
        sa.select(ParkingSpace).where(ParkingSpace.id == space_id, ParkingSpace.person_id == person_id)
    )
    if found is None:
        raise NotFound("We cannot find that space of yours.")
    return found


def spaces_of(session: Session, person_id: int) -> Sequence[ParkingSpace]:
    """What one person was told, the latest first."""
    own = sa.select(ParkingSpace).where(ParkingSpace.person_id == person_id).options(joinedload(ParkingSpace.event))
    return session.scalars(own.order_by(ParkingSpace.told_at.desc(), ParkingSpace.id)).all()


def spaces_told(session: Session) -> int:
    """How many people were told, at all events together."""
    return session.scalar(sa.select(sa.func.count(ParkingSpace.id))) or 0


def fullest(session: Session) -> tuple[ParkingSpace | None, int]:
    """A space at the event where most people were told, and how many were."""
    told = sa.func.count()
    row = session.execute(
        sa.select(sa.func.min(ParkingSpace.id), told)
        .group_by(ParkingSpace.event_id)
        .order_by(told.desc(), ParkingSpace.event_id)
        .limit(1)
    ).first()
    return (session.get(ParkingSpace, row[0]), row[1]) if row else (None, 0)
