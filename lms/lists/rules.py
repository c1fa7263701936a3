"""What a person may wish of a mailing list, and which of several wishes counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Wish(StrEnum):
    """Of a list: every letter, those meant for my work, or none. Whoever never said gets what is meant for them."""

    ALL = "all"
    MEANT = "meant"
    NONE = "none"


@dataclass(frozen=True)
class Leaver:
    """Whose link it is: a person's, or that of an address which several share."""

    list_name: str
    person_id: int | None = None
    address: str = ""


def wants_none(wishes: Iterable[Wish]) -> bool:
    """Whether one who left by their record or by their address is left alone: one is enough."""
    return Wish.NONE in wishes


def list_id(title: str, list_name: str, host: str) -> str:
    """The List-Id of RFC 2919: `Title <plugin.list.host>`."""
    plain = "".join(letter for letter in title if letter.isascii() and letter.isprintable() and letter not in '<>"')
    return f"{plain.strip()} <{list_name.replace('_', '-')}.{host}>"
