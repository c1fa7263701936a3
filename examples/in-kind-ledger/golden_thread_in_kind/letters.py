"""The letter to somebody who trained."""

from golden_thread_in_kind.models import InKindContribution
from lms.frame.plugins import LetterExample
from lms.kit.words import long_date
from lms.mail.letters import Letter

THANKED = "in_kind.thanked"


def thanked(given: InKindContribution) -> Letter:
    """Once for each day that was noted."""
    context = {"day": long_date(given.given_on), "what": given.what}
    return Letter(THANKED, f"{THANKED}:{given.person_id}:{given.ref}:1", context, person_id=given.person_id)


EXAMPLES = (LetterExample(THANKED, {"day": "Tuesday 12 May 2026", "what": "Neglect: what we see and miss"}),)
