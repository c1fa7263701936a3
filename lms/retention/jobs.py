"""Every night, what is past its time goes."""

from functools import partial

from lms.frame.plugins import Portion
from lms.frame.work import Work
from lms.retention.queries import lines_of, unfinished_run
from lms.retention.services import begin_run, remove_by


def remove_every_night(work: Work) -> list[Portion]:
    """Run every plugin's retention, and keep the report: one that was broken off is gone on with."""
    names = [each.name for each in work.site.retention]
    run = unfinished_run(work, names) or begin_run(work)
    done = {line.name for line in lines_of(run)}
    return [partial(_remove, place=place, run_id=run.id) for place, name in enumerate(names) if name not in done]


def _remove(work: Work, *, place: int, run_id: int) -> None:
    remove_by(work, work.site.retention[place], run_id=run_id)
