"""The office says where postcode districts are."""

import sqlalchemy as sa

from courses.programme.nearby.models import PostcodeDistrict
from courses.programme.nearby.rules import checked_district, checked_point
from lms.frame.work import Work
from lms.kit.errors import NotAllowed


def place_district(work: Work, district: str, latitude: float | None, longitude: float | None) -> PostcodeDistrict:
    """Say where a district is, or correct it. Raises Invalid at the field."""
    _check_may(work)
    code, point = checked_district(district), checked_point(latitude, longitude)
    found = work.session.scalar(sa.select(PostcodeDistrict).where(PostcodeDistrict.code == code))
    record = found or PostcodeDistrict(code=code)
    record.latitude, record.longitude = point.latitude, point.longitude
    work.session.add(record)
    work.record("postcode district placed", record, code=code)
    return record


def forget_district(work: Work, district: str) -> None:
    """Take a district away. One that is gone already is fine."""
    _check_may(work)
    code = checked_district(district)
    found = work.session.scalar(sa.select(PostcodeDistrict).where(PostcodeDistrict.code == code))
    if found is not None:
        work.record("postcode district taken away", found, code=code)
        work.session.delete(found)


def _check_may(work: Work) -> None:
    if not work.actor.may("courses.manage_events"):
        raise NotAllowed("Only coordinators say where districts are. Ask the training team.")
