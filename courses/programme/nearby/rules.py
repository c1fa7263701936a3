"""Postcode districts, miles between them, and how far away a date is. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from lms.kit.errors import Invalid

EARTH_MILES = 3958.8
WITHIN_MILES = (5, 10, 20)
"""What can be chosen."""
WHOLE_OR_HALF = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(?:\s*\d[A-Z]{2}|\s+\d?[A-Z]?)?", re.ASCII)
DISTRICT = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?", re.ASCII)
SAME_AREA = "in the same area"


@dataclass(frozen=True)
class PointOnMap:
    """Degrees north and east."""

    latitude: float
    longitude: float


def district_typed(typed: str) -> str:
    """B66, of b66, B66 4AB or B664AB; "" for what is no postcode: nothing more of it is looked at or kept."""
    found = WHOLE_OR_HALF.fullmatch(" ".join(typed.upper().split()))
    return found[1] if found else ""


def checked_district(typed: str) -> str:
    """A district that the office writes down. Raises Invalid at the field."""
    code = "".join(typed.upper().split())
    if not DISTRICT.fullmatch(code):
        raise Invalid("Write the first half of a postcode, for example B66.", field="district")
    return code


def checked_point(latitude: float | None, longitude: float | None) -> PointOnMap:
    """A place in the British Isles, so that a slip of the keys is found. Raises Invalid at the field."""
    if latitude is None or not 49 <= latitude <= 61:
        raise Invalid("Latitude is a number from 49 to 61, for example 52.49.", field="latitude")
    if longitude is None or not -11 <= longitude <= 2:
        raise Invalid("Longitude is a number from -11 to 2, for example -1.97.", field="longitude")
    return PointOnMap(latitude, longitude)


def miles_between(one: PointOnMap, other: PointOnMap) -> float:
    """As the crow flies."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    along = cos(radians(one.latitude)) * cos(radians(other.latitude))
    return 2 * EARTH_MILES * asin(sqrt(sin(north / 2) ** 2 + along * sin(east / 2) ** 2))


def far_words(miles: float) -> str:
    """About 4 miles; in the same area. From the middle of one district to that of another: never more exact."""
    if miles < 0.5:
        return SAME_AREA
    whole = int(miles + 0.5)
    return f"about {whole} {'mile' if whole == 1 else 'miles'} away"


@dataclass(frozen=True)
class NearHere:
    """Where somebody looks from: `said` as the page says it, and how many miles it is to each district known.

    `is_known` False: we do not know where it is, so that only dates in the very district are near.
    """

    said: str
    miles: Mapping[str, float]
    town: str = ""
    is_known: bool = True

    def miles_to(self, area: str, town: str) -> float | None:
        """To a day in this district or town; None where we do not know."""
        if area in self.miles:
            return self.miles[area]
        return 0.0 if self.town and town == self.town else None


def degrees(typed: str) -> float | None:
    """A number of degrees; None for what is none."""
    try:
        return float(typed.strip().replace("−", "-"))
    except ValueError:
        return None
