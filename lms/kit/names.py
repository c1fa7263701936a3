"""What no name of a person, an agency or the partnership holds: refused where it is typed, taken out where it is sent.

Names reach headers of letters, calendars, file names and other people's pages. What would become another header there,
a link, or letters in another order than they stand in the text is not part of anybody's name.
"""

import re

from lms.kit.errors import Invalid

LONGEST_NAME = 200
SPACES = " \t\r\n\u00a0"

_UNSEEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff]")
"""Marks that nobody sees, though they come along when a name is copied. Not the joiners U+200C and U+200D."""
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LOST = re.compile("\ufffd")
"""What stands where bytes were no text: half a character that somebody's program sent arrives as this."""
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CODES = re.compile(r"=\?|://")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MAILBOX = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")

_REASONS = (
    (re.compile(r"=\?"), "Leave =? out of this name."),
    (re.compile("://"), "Leave web addresses out of this name."),
    (_BREAKS, "Enter this name on one line, without tabs and other characters that cannot be printed."),
    (_LOST, "A letter of this name was lost on its way here and shows as \ufffd. Enter it again."),
    (_TURNS, "This name holds a hidden character that turns the direction of writing. Enter it again by hand."),
)


def read_name(typed: str, *, field: str | None = "name") -> str:
    """A name as it is kept: without spaces around it and marks that nobody sees. Raises Invalid; nothing is allowed."""
    name = _UNSEEN.sub("", typed).strip(SPACES)
    if why := why_no_name(name):
        raise Invalid(why, field=field)
    return name


def why_no_name(name: str) -> str:
    """What is wrong with a name, in a sentence that says what to do; "" for one that can be."""
    for wrong, words in _REASONS:
        if wrong.search(name):
            return words
    return f"Keep this name to {LONGEST_NAME} characters." if len(name) > LONGEST_NAME else ""


def shown_with_why(kept: str) -> str:
    """A name that was kept and is none, as it may be shown, and what is wrong with it; "" for one that can be."""
    why = why_no_name(kept)
    return f"“{clean_name(kept)[:60]}”: {why}" if why else ""


def clean_name(kept: str) -> str:
    """A name that was kept before there was this rule, as it may be sent: what no name holds is taken out."""
    plain = _CODES.sub(" ", _BREAKS.sub(" ", _TURNS.sub("", _LOST.sub("", _UNSEEN.sub("", kept)))))
    return " ".join(plain.split())[:LONGEST_NAME].rstrip()


def read_mailbox(text: str) -> tuple[str, str]:
    """`Training team <training@example.org>`, or the address alone, taken apart into name and address."""
    named = _MAILBOX.fullmatch(text.strip())
    return (named["name"].strip('" '), named["address"].strip()) if named else ("", text.strip())


def clean_words(text: str) -> str:
    """Words of any length without what turns their direction or cannot be printed. Lines and tabs stay."""
    return _UNPRINTABLE.sub("", text)
