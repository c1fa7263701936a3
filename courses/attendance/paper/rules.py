"""Short codes on the sign-in sheet, and what is typed back from it."""

import re
from dataclasses import dataclass

from courses.attendance.register.rules import MarkKind, Seen
from lms.kit.errors import Invalid

ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
"""29 signs that nobody takes for another: a prime number, so that the check finds every wrong or swapped sign."""

ENTRY = re.compile(r"(?P<code>[0-9A-Za-z]{2,9})(?P<minutes>(?:[+-]\d{1,3}){0,2})")


def sheet_code(booking_id: int, day_number: int) -> str:
    """The code of a person for a day: the booking's number, and a last sign that checks it and the day."""
    digits, rest = "", booking_id
    while rest or not digits:
        rest, digit = divmod(rest, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits + _check_sign(digits, day_number)


def booking_of_code(code: str, day_number: int) -> int | None:
    """The booking that a code names on this day; None for one mistyped, or of another day's sheet."""
    code = code.upper()
    if len(code) < 2 or any(sign not in ALPHABET for sign in code):
        return None
    digits, check = code[:-1], code[-1]
    if _check_sign(digits, day_number) != check:
        return None
    number = 0
    for sign in digits:
        number = number * len(ALPHABET) + ALPHABET.index(sign)
    return number


def _check_sign(digits: str, day_number: int) -> str:
    weighed = sum(place * ALPHABET.index(sign) for place, sign in enumerate(reversed(digits), start=2))
    return ALPHABET[(weighed + day_number) % len(ALPHABET)]


@dataclass(frozen=True)
class TypedBack:
    """One entry: the code as typed, its booking, and what it says."""

    code: str
    booking_id: int
    seen: Seen


def read_typed(text: str, day_number: int) -> list[TypedBack]:
    """Codes of those who signed, by space, comma or line: `4KX`, `4KX+20` 20 minutes late, `4KX-30` left early.

    Raises Invalid with every entry that cannot be read.
    """
    entries, wrong = [], []
    for typed in text.replace(",", " ").split():
        match = ENTRY.fullmatch(typed)
        booking_id = booking_of_code(match["code"], day_number) if match else None
        if match is None or booking_id is None:
            wrong.append(typed[:20])
        else:
            entries.append(TypedBack(typed, booking_id, _seen(match["minutes"])))
    if wrong:
        raise Invalid(
            f"Not on this day’s sheet: {', '.join(wrong)}. Look at the code again; each day has a sheet of its own.",
            field="codes",
        )
    return entries


def _seen(minutes: str) -> Seen:
    """What stands after a code: +20 late, -30 left early."""
    parts = re.findall(r"([+-])(\d+)", minutes)
    said = {sign: int(number) for sign, number in parts}
    return Seen(MarkKind.PRESENT, said.get("+", 0), said.get("-", 0))
