"""What makes an address usable, and when two records may be one person. Pure."""

import re
import unicodedata

from lms.errors import Invalid

ADDRESS = re.compile(r"[^@\s,;:<>()\[\]\"\\]+@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}")
LONGEST_ADDRESS = 254


def clean_address(typed: str, *, field: str | None = "email") -> str:
    """An email address as it is kept: stripped and in lower case. Nothing stays nothing."""
    address = typed.strip().lower()
    if address and (not ADDRESS.fullmatch(address) or len(address) > LONGEST_ADDRESS or ".." in address):
        raise Invalid("Write an email address like name@example.org.", field=field)
    return address


def domain_of(address: str) -> str:
    """What stands after the @."""
    return address.rpartition("@")[2]


def plain_name(name: str) -> str:
    """A name as it is compared: letters only, without accents, capitals, hyphens and order of spaces."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(each if each.isalnum() else " " for each in letters if not unicodedata.combining(each))
    return " ".join(kept.split())
