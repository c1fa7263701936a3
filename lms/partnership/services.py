"""Founding and describing the partnership."""

from lms.partnership.models import Partnership
from lms.work import Work


def found_partnership(work: Work) -> Partnership:
    """The partnership's row, made with a plain name when it is not there yet."""
    found = work.session.get(Partnership, 1)
    if found is None:
        found = Partnership(short_name="Safeguarding", rest_of_name="Children Partnership")
        work.session.add(found)
        work.record("partnership founded", found)
    return found
