"""Addresses of email: how they are kept, whether mail can go there, and which mailbox they lead to."""

import re

from lms.kit.errors import Invalid

ADDRESS = re.compile(r"[^@\s,;:<>()\[\]\"\\]+@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}")
LONGEST_ADDRESS = 254
DELIVERABLE = re.compile(r"[!-?A-~]+@[^\s@<>,;:\"()\[\]\x00-\x1f\x7f]+")


def is_address(text: str) -> bool:
    """Whether mail can go there at all: one address, plain letters before the @."""
    return DELIVERABLE.fullmatch(text) is not None


def is_mailbox(address: str) -> bool:
    """Whether it reads like an email address that somebody may have, and like nothing else in a letter's head."""
    return (
        bool(ADDRESS.fullmatch(address))
        and len(address) <= LONGEST_ADDRESS
        and ".." not in address
        and "=?" not in address
    )


def clean_address(typed: str, *, field: str | None = "email") -> str:
    """An email address as it is kept: stripped and in lower case. Nothing stays nothing."""
    address = typed.strip().lower()
    if address and not is_mailbox(address):
        raise Invalid("Enter an email address like name@example.org.", field=field)
    return address


NO_DOTS = frozenset({"gmail.com", "googlemail.com"})
"""Where dots before the @ make no other mailbox."""


def mailbox_of(address: str) -> str:
    """The mailbox that an address leads to: what stands after a + makes no other one, nor at some providers do dots."""
    local, _, domain = address.strip().lower().rpartition("@")
    plain = local.partition("+")[0] or local
    return f"{plain.replace('.', '') if domain in NO_DOTS else plain}@{domain}"
