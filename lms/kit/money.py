"""Money as people type it: pounds and pence into whole pence. Pure."""

import re

from lms.kit.errors import Invalid

POUNDS = re.compile(r"£?\s?(\d{1,3}(?:,\d{3})+|\d{1,7})(?:\.(\d\d))?", re.ASCII)


def parse_pounds(typed: str, *, field: str | None = None) -> int:
    """The pence of an amount such as 35, 35.50 or £1,250.00. Raises Invalid for anything that is no such amount."""
    found = POUNDS.fullmatch(typed.strip())
    if found is None:
        raise Invalid("Enter an amount in pounds and pence, like 35 or 35.50.", field=field)
    return int(found[1].replace(",", "")) * 100 + int(found[2] or "0")


def said_pounds(pence: int) -> str:
    """35.50, as it is typed into a form."""
    return f"{pence // 100}.{pence % 100:02}"


def exact_pounds(pence: int) -> str:
    """£1,250.00 or -£35.00: with pence always, where amounts stand under each other."""
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02}"
