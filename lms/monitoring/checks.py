"""What whoever runs the service should know before people ring."""

from collections.abc import Iterator

from lms.frame.work import Work
from lms.kit.words import count
from lms.monitoring.queries import oldest_due_letter_seconds, refused_lately, worker_seconds
from lms.monitoring.rules import LETTERS_LATE_AFTER, REFUSED_TOO_MANY, WORKER_MISSED_AFTER


def find_no_worker(work: Work) -> Iterator[str]:
    """A worker that was there and is not any more; or that has never been, while letters wait for it."""
    seconds, late = worker_seconds(work.session, work.now), oldest_due_letter_seconds(work.session, work.now)
    if seconds is None and late > LETTERS_LATE_AFTER.total_seconds():
        yield f"No worker has ever run here, and an email has been due for {_words(late)}. Start `lms worker`."
    if seconds is not None and seconds > WORKER_MISSED_AFTER.total_seconds():
        yield f"The worker was last there {_words(seconds)} ago. Start `lms worker`, or look at what it says."


def find_late_letters(work: Work) -> Iterator[str]:
    """Letters that should have gone more than an hour ago."""
    late = oldest_due_letter_seconds(work.session, work.now)
    if late > LETTERS_LATE_AFTER.total_seconds():
        yield f"The oldest email has been due for {_words(late)}. `lms mail list` shows what waits."


def find_refusals(work: Work) -> Iterator[str]:
    """Many refusals within an hour are one fault, and not many wrong addresses."""
    refused = refused_lately(work.session, work.now)
    if refused >= REFUSED_TOO_MANY:
        yield f"{refused} emails were refused within an hour. Look at the mail server, then run `lms mail retry`."


def _words(seconds: int) -> str:
    if seconds < 7200:
        return count(seconds // 60, "minute")
    return count(seconds // 3600, "hour")
