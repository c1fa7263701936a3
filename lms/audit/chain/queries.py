"""Lines to seal, and seals with what has become of their lines."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.audit.chain.models import AuditSeal
from lms.audit.chain.rules import SealedLine
from lms.audit.models import AuditEntry

WINDOW = 5000
"""A line whose transaction ends late is sealed after lines of higher numbers: so far back is looked."""

ROWS_AT_A_TIME = 1000


def line_of(entry: AuditEntry) -> SealedLine:
    """What of a line is sealed. Network addresses are no part of it: they stand in a table of their own."""
    about = entry.record_type, entry.record_id, entry.person_id, entry.actor_id, entry.is_confidential
    return SealedLine(entry.id, entry.at, (entry.event, *about), (entry.actor_name, entry.details))


def last_seal(session: Session) -> AuditSeal | None:
    """The end of the chain."""
    return session.scalar(sa.select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1))


def unsealed(session: Session, limit: int) -> list[AuditEntry]:
    """The next lines without a seal, in the order of their numbers."""
    highest = session.scalar(sa.select(sa.func.max(AuditSeal.entry_id))) or 0
    is_sealed = sa.exists().where(AuditSeal.entry_id == AuditEntry.id)
    lines = sa.select(AuditEntry).where(AuditEntry.id > highest - WINDOW, ~is_sealed)
    return list(session.scalars(lines.order_by(AuditEntry.id).limit(limit)))


def left_unsealed(session: Session) -> list[int]:
    """Lines that the chain has passed by for good."""
    highest = session.scalar(sa.select(sa.func.max(AuditSeal.entry_id))) or 0
    is_sealed = sa.exists().where(AuditSeal.entry_id == AuditEntry.id)
    lines = sa.select(AuditEntry.id).where(AuditEntry.id <= highest - WINDOW, ~is_sealed)
    return list(session.scalars(lines.order_by(AuditEntry.id).limit(100)))


def chain(session: Session) -> Iterator[tuple[AuditSeal, AuditEntry | None]]:
    """Every seal in order, with its line, or none where that is gone."""
    after = 0
    while True:
        rows = session.execute(
            sa.select(AuditSeal, AuditEntry)
            .outerjoin(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
            .where(AuditSeal.number > after)
            .order_by(AuditSeal.number)
            .limit(ROWS_AT_A_TIME)
        ).all()
        yield from ((seal, entry) for seal, entry in rows)
        if not rows:
            return
        after = rows[-1][0].number
        session.expunge_all()
