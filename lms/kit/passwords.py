"""Passwords that others would guess: those of published lists, patterns of keys and dates, and one's own name.

zxcvbn counts how many tries a guesser with all of these needs. Length alone says nothing: `Passwordpassword1` is long.
"""

from collections.abc import Iterable

from zxcvbn import zxcvbn

TRIES_AT_LEAST = 10**10
"""Beyond what a list of leaked hashes costs to look through in a day, with hashes as slow as ours."""

LOOKED_AT = 72
"""zxcvbn takes longer the longer it looks; what comes after cannot make a password worse."""

HERE = (
    "golden",
    "thread",
    "goldenthread",
    "safeguarding",
    "children",
    "partnership",
    "training",
    "learning",
    "council",
    "police",
    "health",
    "trust",
    "school",
    "password",
    "welcome",
    "correcthorsebatterystaple",
)
"""Words that everybody here thinks of."""


LEFT_AT_LEAST = 4


def is_guessable(password: str, about: Iterable[str] = ()) -> bool:
    """Whether it is one of those. `about` are words of the person: name, address, reference, agency."""
    own = [part for words in about for part in (words, *_parts(words)) if len(part) > 2]
    found = zxcvbn(password[:LOOKED_AT], user_inputs=[*HERE, *own], max_length=LOOKED_AT)
    return int(found["guesses"]) < TRIES_AT_LEAST or _is_made_of(password, [*HERE, *own])


def _is_made_of(password: str, words: Iterable[str]) -> bool:
    """Whether nothing of one's own is left when these words are taken out: `Amara.Fenwick-Osei`."""
    left = "".join(_parts(password.lower()))
    for word in sorted(("".join(_parts(each.lower())) for each in words), key=len, reverse=True):
        left = left.replace(word, "") if word else left
    return len(left) < LEFT_AT_LEAST


def _parts(words: str) -> list[str]:
    return "".join(each if each.isalnum() else " " for each in words).split()
