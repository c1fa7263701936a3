"""Every night, what is past its time goes."""

from lms.frame.work import Work
from lms.retention.services import remove_what_is_past


def remove_every_night(work: Work) -> None:
    """Run every plugin's retention and keep the report."""
    remove_what_is_past(work, work.site.retention)
