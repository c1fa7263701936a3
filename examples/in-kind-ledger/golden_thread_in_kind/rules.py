"""What agencies give instead of money, what it is worth, and how it weighs against what they used. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.kit.errors import Invalid


class Kind(StrEnum):
    """What an agency can give."""

    TRAINER = "trainer_half_days"
    ROOM = "room"
    PLACES = "places"


WORDS = {
    Kind.TRAINER: "Half-days of a trainer",
    Kind.ROOM: "Days of a room",
    Kind.PLACES: "Places on the agency’s own courses",
}


def check(kind: Kind, given_on: date, quantity: int, what: str, *, today: date, has_trainer: bool) -> None:
    """Raises Invalid for what cannot have been given."""
    if given_on > today:
        raise Invalid("Write the day on which it was given, today or earlier.", field="given_on")
    if not 1 <= quantity <= 500:
        raise Invalid("Write how many, from 1 to 500.", field="quantity")
    if not what.strip():
        raise Invalid("Say what it was given for, like “Neglect, 12 May”.", field="what")
    if has_trainer and kind is not Kind.TRAINER:
        raise Invalid("Only half-days of a trainer have one. Leave this empty.", field="person_ref")


@dataclass(frozen=True)
class Balance:
    """What an agency gave in a period, and what it used. `charged_pence` is None where nobody is charged."""

    agency: str
    given: Mapping[str, int]
    given_pence: int
    places_used: int
    used_pence: int
    charged_pence: int | None

    @property
    def trainer_days(self) -> float:
        return self.given[Kind.TRAINER] / 2

    @property
    def pence(self) -> int:
        return self.given_pence - self.used_pence - (self.charged_pence or 0)
