"""Email domains that read like another one: how they are spelt on the wire, and whose they imitate. Pure."""

import unicodedata
from collections.abc import Iterable

_DRAWN_ALIKE = str.maketrans(
    {
        **dict(zip("аеорсухіјѕһԁԛԝӏвкмнтгзьпилд", "aeopcyxijshdqwlbkmhtr3bnuna", strict=True)),  # Cyrillic
        **dict(zip("αεοριντυκχμβγωη", "aeopivtukxubywn", strict=True)),  # Greek
        **dict(zip("ıɡʟɑℓ０１", "iglal01", strict=True)),
    }
)
_READ_ALIKE = (
    ("rn", "m"),
    ("vv", "w"),
    ("cl", "d"),
    ("0", "o"),
    ("1", "l"),
    ("i", "l"),
    ("5", "s"),
    ("3", "e"),
    ("-", ""),
)
SHORTEST_TO_COMPARE = 6


def punycode(address: str) -> str:
    """An address whose domain has letters beyond plain ones, as the wire spells it; "" for one without."""
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return ""
    try:
        return f"{local}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return f"{local}{at}{ascii(domain)[1:-1]}"


def spelt_out(address: str) -> str:
    """An address as it reads, and if that may deceive, as it is spelt: `a@rоwan.example [a@xn--rwan-55d.example]`."""
    spelt = punycode(address)
    return f"{address} [{spelt}]" if spelt else address


def imitated(domain: str, known: Iterable[str]) -> str:
    """Which of these domains a domain could be taken for, without being it or a part of it; "" for none."""
    mine = domain.casefold()
    return next((each for each in sorted(known) if _could_be_taken_for(mine, each.casefold())), "")


def _could_be_taken_for(mine: str, known: str) -> bool:
    if mine == known or mine.endswith(f".{known}"):
        return False
    if known in mine or known.replace(".", "-") in mine:
        return True
    here, there = _as_read(mine), _as_read(known)
    if here == there:
        return True
    return len(there) >= SHORTEST_TO_COMPARE and _differ_by_one(here, there)


def _as_read(domain: str) -> str:
    """What a hurried reader sees of it."""
    letters = unicodedata.normalize("NFKD", domain).casefold().translate(_DRAWN_ALIKE)
    seen = "".join(each for each in letters if not unicodedata.combining(each))
    for written, read in _READ_ALIKE:
        seen = seen.replace(written, read)
    return seen


def _differ_by_one(one: str, other: str) -> bool:
    """One letter more, less, another, or two that have changed places."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    at = next((n for n, letter in enumerate(short) if letter != long[n]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return swapped or one[at + 1 :] == other[at + 1 :]
