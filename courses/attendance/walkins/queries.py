"""Looking up somebody who came: by name or reference, as little as is needed to tell them apart."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import LIVE_STATES
from lms.agencies.models import Agency
from lms.frame.folding import finds
from lms.kit.folding import words_typed
from lms.people.models import Person

MOST_SHOWN = 10
FEWEST_LETTERS = 3


@dataclass(frozen=True)
class PossibleWalkIn:
    """Somebody who may be the one who came. `state`: how they are booked on this event already, or ""."""

    id: int
    ref: str
    name: str
    agency: str
    state: str


def find_comers(session: Session, event_id: int, typed: str) -> list[PossibleWalkIn]:
    """People whose reference is typed, or whose name has every word; at most ten, and none for a letter or two."""
    words = words_typed(typed)
    by_ref = sa.func.lower(Person.ref) == typed.strip().lower()
    named = sa.and_(*(finds(word, Person.name_folded) for word in words))
    is_enough = len("".join(words)) >= FEWEST_LETTERS
    rows = session.execute(
        sa.select(Person.id, Person.ref, Person.name, sa.func.coalesce(Agency.name, ""), Booking.state)
        .outerjoin(Agency, Agency.id == Person.agency_id)
        .outerjoin(
            Booking,
            sa.and_(Booking.person_id == Person.id, Booking.event_id == event_id, Booking.state.in_(LIVE_STATES)),
        )
        .where(sa.or_(by_ref, named) if is_enough else by_ref)
        .where(Person.is_here)
        .order_by(by_ref.desc(), Person.name, Person.id)
        .limit(MOST_SHOWN)
    )
    return [
        PossibleWalkIn(each, ref, name, agency, state.value if state else "") for each, ref, name, agency, state in rows
    ]


def agencies_to_choose(session: Session) -> list[tuple[int, str]]:
    """Agencies that are open, by name."""
    open_ones = sa.select(Agency.id, Agency.name).where(Agency.closed_on.is_(None)).order_by(Agency.name)
    return [(row.id, row.name) for row in session.execute(open_ones)]
