"""What a browser keeps of a form."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.unsent.models import UnsentAnswers
from lms.unsent.rules import Typed, digest_of, is_over, opened


@dataclass(frozen=True)
class Unsent:
    """What was typed; `was_cut_off` when a session had ended meanwhile."""

    typed: Typed
    was_cut_off: bool


NOTHING = Unsent({}, was_cut_off=False)


def unsent_answers(session: Session, key: str, path: str, person_id: int | None, now: datetime) -> Unsent:
    """What this browser keeps of a form, for who typed it and for nobody else."""
    row = session.scalar(
        sa.select(UnsentAnswers).where(UnsentAnswers.browser == digest_of(key), UnsentAnswers.path == path)
    )
    if row is None or row.person_id != person_id or is_over(row.kept_at, now):
        return NOTHING
    return Unsent(opened(key, row.answers), row.was_cut_off)
