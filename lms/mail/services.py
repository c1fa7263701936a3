"""What a person may do with letters that did not go: try them again, or say that one arrived."""

from collections.abc import Sequence
from datetime import datetime

from lms.frame.work import Work
from lms.kit.errors import Conflict, NotFound
from lms.mail import life
from lms.mail.models import OutboxLetter, SharedLetter
from lms.mail.queries import not_gone
from lms.mail.rules import LetterState, TriedAgain


def retry_letters(
    work: Work, states: Sequence[LetterState], *, kind: str = "", words: str = "", since: datetime | None = None
) -> TriedAgain:
    """Send all of these again that did not go: in these states, due `since` then, as the outbox is filtered."""
    ids = not_gone(work.session, states, kind, words, since)
    number = 0
    for letter_id in ids:
        try:
            retry_letter(work, letter_id)
        except Conflict:
            continue
        number += 1
    return TriedAgain(number, len(ids) - number)


def leave_letter(work: Work, letter_id: int) -> OutboxLetter:
    """Take a letter for sent that the mail server had and never answered for. Raises Conflict for another."""
    letter = _locked(work, letter_id)
    life.LEAVE.check(letter.state)
    if letter.may_have_gone_at is None:
        raise Conflict(life.NOT_OPEN)
    letter.state, letter.sent_at = LetterState.SENT, letter.may_have_gone_at
    work.record("letter taken for sent", letter, kind=letter.kind)
    return letter


def retry_letter(work: Work, letter_id: int) -> OutboxLetter:
    """Send a letter again that failed or was refused: to the person's address as it is now, from the first try on."""
    letter = _locked(work, letter_id)
    life.TRY_AGAIN.check(letter.state)
    if letter.forgotten_at is not None:
        raise Conflict("The words of this email are no longer kept, so it cannot be sent again.")
    if letter.is_secret and not letter.context:
        raise Conflict("This email held a code that has been deleted. Ask the person to ask for a new one.")
    if letter.shared_id is not None and work.session.get_one(SharedLetter, letter.shared_id).stopped_at is not None:
        raise Conflict("This email was withdrawn for everyone. There is nothing to try again.")
    letter.state, letter.retry_at, letter.tries, letter.interruptions = LetterState.WAITING, None, 0, 0
    letter.may_have_gone_at = None
    work.has_letters = True
    work.record("letter tried again", letter, kind=letter.kind)
    return letter


def _locked(work: Work, letter_id: int) -> OutboxLetter:
    letter = work.session.get(OutboxLetter, letter_id, with_for_update={"key_share": True})
    if letter is None:
        raise NotFound("We cannot find that email.")
    return letter
