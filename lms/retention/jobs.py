"""Every night, what is past its time goes."""

from lms.retention.services import remove_what_is_past
from lms.work import Work


def remove_every_night(work: Work) -> None:
    """Run every plugin's retention and keep the report."""
    remove_what_is_past(work, work.site.retention)
