"""Where somebody is signed in."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.sessions.models import SignInSession
from lms.sessions.rules import session_is_over


@dataclass(frozen=True)
class SessionRow:
    """One line of the list that people see of their own."""

    id: int
    device: str
    began_at: datetime
    seen_at: datetime
    is_here: bool


def sessions_of(
    session: Session, person_id: int, *, here: int | None, holds_much: bool, now: datetime
) -> list[SessionRow]:
    """Where a person is signed in, the one who asks first, then the one used last."""
    kept = session.scalars(
        sa.select(SignInSession)
        .where(SignInSession.person_id == person_id)
        .order_by(SignInSession.seen_at.desc(), SignInSession.id.desc())
    )
    rows = [
        SessionRow(each.id, each.device, each.began_at, each.seen_at, each.id == here)
        for each in kept
        if not session_is_over(began_at=each.began_at, seen_at=each.seen_at, holds_much=holds_much, now=now)
    ]
    return sorted(rows, key=lambda row: not row.is_here)
