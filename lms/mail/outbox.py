"""Into the outbox, once a key; and out of it again when the reason to write has gone."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.mail.letters import Letter
from lms.mail.models import LetterState, OutboxLetter


def put_in_outbox(session: Session, letter: Letter, *, now: datetime) -> OutboxLetter | None:
    """Add the letter unless its key has been used; None then. Part of the caller's transaction."""
    if session.scalar(sa.select(OutboxLetter.id).where(OutboxLetter.key == letter.key)) is not None:
        return None
    row = OutboxLetter(
        key=letter.key,
        kind=letter.kind,
        person_id=letter.person_id,
        to_name=letter.to_name,
        to_address=letter.to_address,
        context=letter.context,
        calendar_method=letter.calendar.method if letter.calendar else None,
        calendar_text=letter.calendar.text if letter.calendar else None,
        is_secret=letter.secret,
        created_at=now,
        due_at=letter.due_at or now,
    )
    session.add(row)
    session.flush()
    return row


def withdraw_letters(session: Session, keys: Sequence[str]) -> int:
    """Take back letters that have not gone yet; how many. What is being sent at this moment is not touched."""
    rows = session.scalars(
        sa.select(OutboxLetter).where(OutboxLetter.key.in_(keys), OutboxLetter.state == LetterState.WAITING)
    ).all()
    for row in rows:
        row.state = LetterState.WITHDRAWN
        if row.is_secret:
            row.context = {}
    return len(rows)
