"""Every night, what is past its time goes."""

from functools import partial

from lms.frame.plugins import Portion
from lms.frame.work import Work
from lms.retention.services import begin_run, remove_by


def remove_every_night(work: Work) -> list[Portion]:
    """Run every plugin's retention, and keep the report."""
    run = begin_run(work)
    return [partial(_remove, place=place, run_id=run.id) for place, _ in enumerate(work.site.retention)]


def _remove(work: Work, *, place: int, run_id: int) -> None:
    remove_by(work, work.site.retention[place], run_id=run_id)
