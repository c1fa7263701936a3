"""Where the districts of the invented area are."""

from courses.programme.nearby.models import PostcodeDistrict
from lms.frame.demonstration import read_rows
from lms.frame.work import Work


def load(work: Work) -> None:
    """Place them."""
    work.session.add_all(
        PostcodeDistrict(code=row["district"], latitude=float(row["latitude"]), longitude=float(row["longitude"]))
        for row in read_rows(__file__, "demonstration.csv")
    )
