"""What was sent, is going and will go."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from briefings.distribution.models import Recipient, Sending, StandingOrder
from briefings.distribution.rules import Drawn, SendingState
from lms.frame.locks import for_update
from lms.kit.errors import NotFound
from lms.mail.models import OutboxLetter, SharedLetter
from lms.mail.rules import LetterState
from lms.people.models import Person


def sendings_of(session: Session, briefing_id: int) -> list[Sending]:
    """All sendings of a briefing, the latest first."""
    return list(
        session.scalars(
            sa.select(Sending)
            .where(Sending.briefing_id == briefing_id)
            .options(joinedload(Sending.planned_by), joinedload(Sending.version))
            .order_by(Sending.due_at.desc(), Sending.id.desc())
        )
    )


def find_sending(session: Session, sending_id: int) -> Sending:
    """One sending, locked. Raises NotFound."""
    found = session.scalar(sa.select(Sending).where(Sending.id == sending_id).with_for_update(key_share=True))
    if found is None:
        raise NotFound("We cannot find that sending. The briefing’s cascade lists them all.")
    return found


def due_sendings(session: Session, now: datetime) -> list[int]:
    """The sendings whose time has come, by id, the longest due first."""
    due = sa.select(Sending.id).where(Sending.state == SendingState.PLANNED, Sending.due_at <= now)
    return list(session.scalars(due.order_by(Sending.due_at, Sending.id)))


def planned_sending(session: Session, sending_id: int) -> Sending | None:
    """A sending that has not gone, locked; None when it has, was stopped, or is somebody else's just now."""
    planned = sa.select(Sending).where(Sending.id == sending_id, Sending.state == SendingState.PLANNED)
    return session.scalar(for_update(planned, skip_locked=True))


def live_orders(session: Session) -> list[StandingOrder]:
    """The standing orders that stand."""
    return list(
        session.scalars(
            sa.select(StandingOrder)
            .where(StandingOrder.ended_at.is_(None))
            .options(joinedload(StandingOrder.made_by))
            .order_by(StandingOrder.name, StandingOrder.id)
        )
    )


@dataclass(frozen=True)
class Got:
    """The recipients of a briefing: those whose copy went, and those whose copy had not gone yet."""

    arrived: tuple[Recipient, ...]
    waiting: tuple[Recipient, ...]


def who_got(session: Session, briefing_id: int) -> Got:
    """Who holds it: a copy that is on the wire counts as gone. What was refused or never went is neither."""
    rows = session.execute(
        sa.select(Recipient, OutboxLetter.state)
        .join(OutboxLetter, OutboxLetter.key == Recipient.letter_key)
        .where(Recipient.briefing_id == briefing_id)
        .order_by(Recipient.id)
    ).all()
    went, waits = (LetterState.SENT, LetterState.SENDING), (LetterState.WAITING,)
    return Got(
        tuple(recipient for recipient, state in rows if state in went),
        tuple(recipient for recipient, state in rows if state in waits),
    )


def people_sent(session: Session, briefing_id: int) -> dict[int, Drawn]:
    """Everybody who was sent a briefing and is still here with an address, as they are now."""
    sent = sa.select(Recipient.person_id).where(Recipient.briefing_id == briefing_id)
    rows = session.execute(
        sa.select(Person.id, Person.name, Person.email, Person.agency_id)
        .where(Person.id.in_(sent), Person.email != "", Person.is_here)
        .order_by(Person.name, Person.id)
    )
    return {row.id: Drawn(*row) for row in rows}


def shared_keys(session: Session, briefing_id: int) -> list[str]:
    """The shared letters that say something of a briefing."""
    of_briefing = SharedLetter.key.startswith(f"briefing:{briefing_id}:")
    return list(session.scalars(sa.select(SharedLetter.key).where(of_briefing).order_by(SharedLetter.id)))
