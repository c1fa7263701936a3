"""Whether mail is held, what may leave nevertheless, and what waits meanwhile."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.mail.models import MailHold, OutboxLetter
from lms.mail.rules import LetterState


@dataclass(frozen=True)
class HeldKind:
    """Letters of one kind that would go now."""

    kind: str
    number: int
    oldest_due_at: datetime


def hold_here(session: Session) -> MailHold | None:
    """Since when and why mail is held; None when it is not."""
    return session.scalar(sa.select(MailHold))


def may_leave() -> sa.ColumnElement[bool]:
    """Within one statement, of letters: all, or while mail is held, codes asked for since and what was let go."""
    since = sa.select(MailHold.since).scalar_subquery()
    is_code_asked_for_since = sa.and_(OutboxLetter.is_secret, OutboxLetter.created_at >= since)
    was_let_go = sa.and_(OutboxLetter.released_at.is_not(None), OutboxLetter.released_at >= since)
    return sa.or_(since.is_(None), is_code_asked_for_since, was_let_go)


def is_held(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Letters that are due and do not go because mail is held."""
    return (OutboxLetter.state == LetterState.WAITING, OutboxLetter.due_at <= now, ~may_leave())


def held_kinds(session: Session, now: datetime) -> list[HeldKind]:
    """What would go now, by kind; the kinds in the order of their names."""
    number, oldest = sa.func.count(), sa.func.min(OutboxLetter.due_at)
    asked = sa.select(OutboxLetter.kind, number, oldest).where(*is_held(now)).group_by(OutboxLetter.kind)
    return [HeldKind(*row) for row in session.execute(asked.order_by(OutboxLetter.kind))]
