"""Where districts are, and how far it is from what somebody typed."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.programme.events.models import Venue
from courses.programme.events.queries import EventRow
from courses.programme.events.rules import postcode_area
from courses.programme.nearby.models import PostcodeDistrict
from courses.programme.nearby.rules import NearHere, PointOnMap, district_typed, miles_between
from lms.kit.folding import folded


def near_here(session: Session, typed: str, dates: Sequence[EventRow]) -> NearHere | None:
    """Where somebody looks from: a postcode district, or a town in which one of these dates takes place; one query.

    None for what is neither.
    """
    days = [day for date in dates for day in date.days if day.town or day.area]
    district = district_typed(typed)
    town = next((day.town for day in days if folded(day.town) == folded(typed)), "") if not district else ""
    if not district and not town:
        return None
    areas = {day.area for day in days if day.area}
    points = _points(session, areas | {district})
    of_town = sorted({day.area for day in days if town and day.town == town})
    start = points.get(district) if district else _middle([points[each] for each in of_town if each in points])
    if start is None:
        same = {district: 0.0} if district else {}
        return NearHere(district or town, same, town, is_known=False)
    miles = {code: miles_between(start, point) for code, point in points.items()}
    return NearHere(district or town, miles | dict.fromkeys(of_town, 0.0), town)


def _points(session: Session, codes: set[str]) -> dict[str, PointOnMap]:
    chosen = sa.select(PostcodeDistrict).where(PostcodeDistrict.code.in_(codes)).order_by(PostcodeDistrict.code)
    return {each.code: PointOnMap(each.latitude, each.longitude) for each in session.scalars(chosen)}


def _middle(points: Sequence[PointOnMap]) -> PointOnMap | None:
    if not points:
        return None
    return PointOnMap(
        sum(each.latitude for each in points) / len(points), sum(each.longitude for each in points) / len(points)
    )


@dataclass(frozen=True)
class DistrictRow:
    """A line of the office's list: a district with where it is, or one of a venue that nobody has placed yet."""

    code: str
    venues: tuple[str, ...]
    place: PostcodeDistrict | None


def district_rows(session: Session) -> list[DistrictRow]:
    """Every district that is placed or has a venue, by its code: two queries."""
    placed = {each.code: each for each in session.scalars(sa.select(PostcodeDistrict).order_by(PostcodeDistrict.code))}
    venues: dict[str, list[str]] = {}
    for name, address in session.execute(sa.select(Venue.name, Venue.address).order_by(Venue.name)):
        if code := postcode_area(address):
            venues.setdefault(code, []).append(name)
    return [DistrictRow(code, tuple(venues.get(code, ())), placed.get(code)) for code in sorted({*placed, *venues})]
