"""What a mail server's answer means: whether it is about the recipient, or about the server. Pure.

RFC 5321 gives three digits, RFC 3463 a second number that says more. Only what is clearly the recipient's ends a
letter; the rest may be the server's own trouble, which all letters would meet, and is judged by what becomes of others.
"""

import re
from enum import StrEnum

SERVICE_CLOSES = 421


class AnswerMeaning(StrEnum):
    """What a refusal is about."""

    NOBODY = "nobody"  # the recipient: no such mailbox, or one that takes nothing
    DOUBTFUL = "doubtful"  # this letter, or the server's own trouble
    LATER = "later"  # not now
    CLOSING = "closing"  # the server takes nothing
    UNANSWERED = "unanswered"  # it had the whole letter, and said nothing


IN_A_ROW = {AnswerMeaning.NOBODY: 5, AnswerMeaning.DOUBTFUL: 2, AnswerMeaning.LATER: 20, AnswerMeaning.UNANSWERED: 2}
"""So many letters refused like this, and none taken between them, are the server's trouble and not the letters'."""

_ENHANCED = re.compile(r"^\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
_OF_THE_RECIPIENT = frozenset({(1, 0), (1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (1, 6), (1, 9), (1, 10), (2, 1), (2, 2)})
"""Of X.1.x all but what is said of the sender's address; a mailbox that is disabled or full."""
_SAYS_NOBODY = re.compile(r"user unknown|unknown user|no such|does not exist|recipient address rejected", re.I)
_SAYS_WE_MAY_NOT = re.compile(
    r"relay|spam|block|black|denied|polic|reputation|authenticat|\b(?:spf|dkim|dmarc|rbl)\b|banned"
    r"|not (?:permitted|allowed)|prohibit|too many|rate|limit|sender",
    re.I,
)
_PLAIN_OF_THE_RECIPIENT = frozenset({550, 551, 552, 553})


def meaning_of(code: int, words: str, *, of_content: bool = False) -> AnswerMeaning:
    """What it means that a recipient, or what was written (`of_content`), was answered like this."""
    if code == SERVICE_CLOSES:
        return AnswerMeaning.CLOSING
    if not 500 <= code < 600:
        return AnswerMeaning.LATER
    if of_content:
        return AnswerMeaning.DOUBTFUL
    return AnswerMeaning.NOBODY if _is_of_the_recipient(code, words) else AnswerMeaning.DOUBTFUL


def _is_of_the_recipient(code: int, words: str) -> bool:
    enhanced = _ENHANCED.match(words)
    if enhanced is None:
        return code in _PLAIN_OF_THE_RECIPIENT and not _SAYS_WE_MAY_NOT.search(words)
    which = (int(enhanced[2]), int(enhanced[3]))
    return which in _OF_THE_RECIPIENT or (which == (4, 1) and _SAYS_NOBODY.search(words) is not None)
