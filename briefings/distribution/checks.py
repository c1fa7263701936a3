"""What must be true of sendings, for `lms check`."""

from collections.abc import Iterator

import sqlalchemy as sa

from briefings.distribution.models import Recipient
from briefings.distribution.queries import shared_keys
from briefings.writing.models import Briefing
from briefings.writing.queries import is_embargoed
from lms.frame.work import Work
from lms.mail.models import OutboxLetter, SharedLetter
from lms.mail.rules import LetterState


def not_withheld(work: Work) -> Iterator[str]:
    """An embargo stands, and a letter that names the briefing waits or still has its words. Named by number only."""
    hidden = sa.select(Briefing.id).where(is_embargoed()).order_by(Briefing.id)
    for briefing_id in work.session.scalars(hidden).all():
        letters = work.session.scalars(
            sa.select(SharedLetter).where(SharedLetter.key.in_(shared_keys(work.session, briefing_id)))
        )
        for letter in letters.all():
            waits = sa.select(OutboxLetter.id).where(
                OutboxLetter.shared_id == letter.id, OutboxLetter.state == LetterState.WAITING
            )
            if letter.context or work.session.scalar(waits.limit(1)) is not None:
                yield f"shared email {letter.id} says what an embargo withholds."


def without_letter(work: Work) -> Iterator[str]:
    """A line that says somebody was sent it, and no copy."""
    has_one = sa.exists().where(OutboxLetter.key == Recipient.letter_key)
    rows = work.session.execute(
        sa.select(Recipient.briefing_id, Recipient.person_id).where(~has_one).order_by(Recipient.id).limit(100)
    )
    for briefing_id, person_id in rows:
        yield f"briefing {briefing_id} was sent to person {person_id}, but the outbox has no copy."
