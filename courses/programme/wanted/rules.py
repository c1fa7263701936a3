"""Which words that found nothing are kept, and what a topic is. Pure."""

import re
from collections.abc import Collection
from itertools import pairwise

from lms.kit.errors import Invalid
from lms.kit.folding import folded
from lms.kit.identifying import find
from lms.kit.ordinary_words import are_ordinary

DAYS_KEPT = 90
FEWEST_DAYS = 2
MOST_WORDS, LONGEST = 6, 60
LONGEST_TOPIC = 100
MOST_TOPICS = 20
"""Open ones of one person."""

ADDRESS_OR_NUMBER = re.compile(
    r"[@/\\]|\.\w{2,}|\d{3}|\d\s*\d\s*\d|\b[a-z]{1,2}\d[a-z\d]?(?:\s?\d[a-z]{2})?\b", re.IGNORECASE
)
"""Mail and web addresses, telephones, dates, NHS numbers; RV3 4AB and RV3."""


def may_be_kept(typed: str, known: Collection[str], called: Collection[str]) -> bool:
    """Whether words may be shown to the office: nothing in them looks like a name, an address or a number.

    `known` are the words of the catalogue and of ordinary meaning; `called` those that are part of the name of somebody
    in our records. A single word that is neither may be a topic that we do not know; two beside each other, a name.
    """
    words = folded(typed).split()
    if not words or len(words) > MOST_WORDS or len(typed) > LONGEST or ADDRESS_OR_NUMBER.search(typed):
        return False
    if find(typed) or find(typed.lower()):
        return False
    strange = [not (each in known or are_ordinary({each})) for each in words]
    if any(is_strange and each in called for each, is_strange in zip(words, strange, strict=True)):
        return False
    if any(raw[:1].isupper() and not raw.isupper() and not _is_known(raw, known) for raw in typed.split()):
        return False
    return not any(one and other for one, other in pairwise(strange))


def _is_known(raw: str, known: Collection[str]) -> bool:
    parts = folded(raw).split()
    return are_ordinary(frozenset(parts)) or all(each in known for each in parts)


def checked_topic(typed: str) -> str:
    """A topic, tidied. Raises Invalid at `topic`."""
    topic = " ".join(typed.split())
    if not folded(topic):
        raise Invalid("Enter what you would like to learn about.", field="topic")
    if len(topic) > LONGEST_TOPIC:
        raise Invalid(f"Shorten this to {LONGEST_TOPIC} characters.", field="topic")
    return topic
