"""Postcode districts as rows of a CSV file."""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from courses.programme.nearby.models import PostcodeDistrict
from courses.programme.nearby.rules import checked_district, checked_point, degrees
from lms.frame import cells
from lms.frame.plugins import Change, Column, Import, RowReader
from lms.frame.work import Work


def read_districts(work: Work, _rows: list[Mapping[str, str]]) -> RowReader:
    """Place districts, or correct where they are."""
    known = {
        each.code: each for each in work.session.scalars(sa.select(PostcodeDistrict).order_by(PostcodeDistrict.code))
    }

    def read(row: Mapping[str, str]) -> Change:
        code = checked_district(cells.text(row, "district", required=True))
        point = checked_point(degrees(cells.text(row, "latitude")), degrees(cells.text(row, "longitude")))
        found = known.get(code)
        if found is None:
            found = known[code] = PostcodeDistrict(code=code, latitude=point.latitude, longitude=point.longitude)
            work.session.add(found)
            return Change("added", thing=found)
        before = as_row(found)
        found.latitude, found.longitude = point.latitude, point.longitude
        return cells.difference(found, before, as_row(found))

    return read


def as_row(district: PostcodeDistrict) -> Mapping[str, str]:
    """A district as a file says it."""
    return {"district": district.code, "latitude": str(district.latitude), "longitude": str(district.longitude)}


def export_districts(work: Work) -> Iterator[Mapping[str, str]]:
    """Every district by its code."""
    chosen = sa.select(PostcodeDistrict).order_by(PostcodeDistrict.code)
    return (as_row(each) for each in work.session.scalars(chosen))


IMPORT = Import(
    kind="districts",
    words="Postcode districts: where they are",
    columns=(
        Column("district", is_key=True),
        Column("latitude", is_required=True),
        Column("longitude", is_required=True),
    ),
    reader=read_districts,
    export=export_districts,
    permission="courses.manage_events",
    position=35,
)
