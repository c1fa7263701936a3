"""Who is ticked in a long list, kept in the address, as numbers, while somebody searches or turns its pages. Pure."""

from collections.abc import Iterable, Sequence

MOST_TICKED = 400
"""As many as an address holds for certain."""
LARGEST_ID = 2**31 - 1


def read_ticks(kept: str, ticked: Iterable[str]) -> list[int]:
    """Those kept from other pages ("12.15.18") and those ticked on this one, each once; what is no number is none."""
    numbers = (
        int(each) for each in (*kept.split("."), *ticked) if each.isascii() and each.isdigit() and len(each) < 11
    )
    return list(dict.fromkeys(each for each in numbers if 0 < each <= LARGEST_ID))[:MOST_TICKED]


def said_ticks(ids: Sequence[int]) -> str:
    """12.15.18"""
    return ".".join(str(each) for each in ids)
