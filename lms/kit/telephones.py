"""What a telephone number looks like. Pure."""

import re

from lms.kit.errors import Invalid

EXTENSION = r"(?:ext\.?|extension|x|#)\s*[0-9]{1,6}"
TELEPHONE = re.compile(rf"[0-9\s().+/–-]*(?:{EXTENSION})?", re.IGNORECASE)
FEWEST, MOST = 3, 30
"""Digits: 101 is one, and two numbers with their codes have no more."""

PERSONAL = 9
"""Digits from which a number is somebody's: an extension, or a year, stands in other texts too."""


def is_telephone(text: str) -> bool:
    """Digits with what people put between them, perhaps an extension, perhaps a second number after a slash."""
    digits = len(re.findall("[0-9]", text))
    return TELEPHONE.fullmatch(text.strip()) is not None and FEWEST <= digits <= MOST


def clean_telephone(typed: str, *, field: str | None = "phone") -> str:
    """A number as it is kept: as typed, with single spaces. Nothing stays nothing. Raises Invalid for words."""
    number = " ".join(typed.split())
    if number and not is_telephone(number):
        raise Invalid("Enter a telephone number in digits, like 01632 960 001, and nothing else.", field=field)
    return number


def telephone_or_nothing(kept: str) -> str:
    """What was kept, where it is a telephone: for what was written before words were refused."""
    return kept if is_telephone(kept) else ""


def numbers_in(text: str) -> list[str]:
    """The digits of each whole number in what somebody kept as their telephone; none of what is no telephone."""
    if not is_telephone(text):
        return []
    parts = re.split(rf"/|{EXTENSION}", text.replace("(0)", ""), flags=re.IGNORECASE)
    found = [re.sub("[^0-9]", "", each) for each in parts]
    return [digits for digits in found if len(digits) >= PERSONAL]
