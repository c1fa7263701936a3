"""What the outbox keeps of a person: the letters to them, and the copies about them that others had."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lms.frame.locks import for_update
from lms.frame.plugins import PersonalData, Retention
from lms.frame.work import Work
from lms.kit.erased import ERASED_WORDS
from lms.mail.models import OutboxLetter
from lms.mail.outbox import is_about
from lms.mail.questions import OwnAddresses
from lms.mail.rules import LetterState
from lms.policies.queries import policy_in_force, terms_of
from lms.retention.queries import not_held, past

LETTERS = "mail.letters"
ENDED = tuple(state for state in LetterState if state not in (LetterState.WAITING, LetterState.SENDING))


def _export(work: Work, person_id: int) -> Mapping[str, Any]:
    letters = sa.select(OutboxLetter).where(OutboxLetter.person_id == person_id).order_by(OutboxLetter.id)
    return {
        "Emails to you": [
            {
                "Kind": each.kind,
                "Subject": each.subject,
                "Due": each.due_at.isoformat(),
                "Sent": each.sent_at.isoformat() if each.sent_at else "",
                "Sent to": each.sent_to,
                "State": each.state.value,
            }
            for each in work.session.scalars(letters)
        ]
    }


def _erase(work: Work, person_id: int) -> None:
    """No letter goes any more, and none can be read. That one was sent, and its key, stays: nothing is sent twice.

    A letter to an address without a record is theirs where the address says so: a team's may be anybody's.
    """
    addresses = work.ask(OwnAddresses(person_id))
    to_them = sa.or_(OutboxLetter.person_id == person_id, OutboxLetter.to_address.in_(addresses))
    about = sa.select(OutboxLetter).where(sa.or_(to_them, OutboxLetter.key.contains(f":{person_id}:")))
    for letter in work.session.scalars(for_update(about.order_by(OutboxLetter.id))).all():
        if letter.person_id == person_id or letter.to_address in addresses or is_about(letter, person_id):
            _forget(work, letter)


def _forget(work: Work, letter: OutboxLetter) -> None:
    if letter.state in (LetterState.WAITING, LetterState.SENDING):
        letter.state, letter.claimed_at, letter.retry_at = LetterState.WITHDRAWN, None, None
    letter.context, letter.calendar_text, letter.calendar_method = {}, None, None
    letter.subject = letter.last_error = letter.sent_to = letter.to_name = letter.says = ""
    letter.to_address = "" if letter.person_id is not None else ERASED_WORDS
    letter.forgotten_at = work.now


def _forget_old(work: Work) -> int:
    """The words of letters that went long ago, or never will."""
    months = terms_of(policy_in_force(work.session, work.now)).letters_kept_months
    old = (
        OutboxLetter.due_at < past(work.now, months=months),
        OutboxLetter.state.in_(ENDED),
        OutboxLetter.forgotten_at.is_(None),
        not_held(LETTERS, OutboxLetter.person_id),
    )
    words: dict[str, Any] = {
        "context": {},
        "says": "",
        "calendar_text": None,
        "calendar_method": None,
        "subject": "",
        "last_error": "",
        "sent_to": "",
        "to_name": "",
        "to_name_folded": "",
        "forgotten_at": work.now,
    }
    has_record = OutboxLetter.person_id.is_not(None)
    gone = sa.update(OutboxLetter).where(*old).values(**words, to_address=sa.case((has_record, ""), else_=ERASED_WORDS))
    return len(work.session.execute(gone.returning(OutboxLetter.id)).all())


PERSONAL_DATA = PersonalData(
    tables=("outbox",),
    export=_export,
    erase=_erase,
    retention=(
        Retention(LETTERS, "The words of letters, as long as the policy says; that they were sent stays", _forget_old),
    ),
)
