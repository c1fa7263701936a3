"""What a person may do with a letter: try again one that did not go."""

from lms.frame.work import Work
from lms.kit.errors import Conflict, NotFound
from lms.mail import life
from lms.mail.models import OutboxLetter, SharedLetter
from lms.mail.rules import LetterState


def retry_letter(work: Work, letter_id: int) -> OutboxLetter:
    """Send a letter again that failed or was refused: to the person's address as it is now, from the first try on."""
    letter = work.session.get(OutboxLetter, letter_id, with_for_update={"key_share": True})
    if letter is None:
        raise NotFound("There is no such letter.")
    life.TRY_AGAIN.check(letter.state)
    if letter.forgotten_at is not None:
        raise Conflict("The words of this letter are no longer kept, so it cannot be sent again.")
    if letter.is_secret and not letter.context:
        raise Conflict("This letter held a code that has been deleted. Ask the person to ask for a new one.")
    if letter.shared_id is not None and work.session.get_one(SharedLetter, letter.shared_id).stopped_at is not None:
        raise Conflict("This letter was withdrawn for everybody. There is nothing to try again.")
    letter.state, letter.retry_at, letter.tries, letter.interruptions = LetterState.WAITING, None, 0, 0
    work.has_letters = True
    work.record("letter tried again", letter, kind=letter.kind)
    return letter
