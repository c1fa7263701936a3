"""Whether somebody still needs what their lead asks them to book, when the letter is about to go."""

from courses.records.reminding.queries import needed_by
from courses.records.reminding.rules import KIND
from courses.records.staff.queries import needs_of_person
from lms.frame.plugins import StillTrue
from lms.frame.work import Work
from lms.mail.models import OutboxLetter

NOT_ANY_MORE = "Not sent: they have since booked or done it, or no longer need it."
ELSEWHERE = "Not sent: they work for another agency now."


def why_not(work: Work, letter: OutboxLetter) -> str:
    """Booked, done, no longer for them, with another agency, or due on another day."""
    found = needs_of_person(work, letter.person_id or 0)
    if found is None:
        return NOT_ANY_MORE
    row, courses = found
    if row.agency_id != letter.context.get("agency_id"):
        return ELSEWHERE
    now = {each.id: each.words for each in needed_by(row, courses)}
    return "" if now.get(letter.context.get("course_id", 0)) == letter.context.get("due") else NOT_ANY_MORE


STILL_TRUE = StillTrue(frozenset({KIND}), why_not)
