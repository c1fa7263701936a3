"""What jobs adds to the site."""

from collections.abc import Iterator

from lms.frame.plugins import Check, Plugin
from lms.frame.web import site
from lms.frame.work import Work
from lms.jobs.queries import job_rows
from lms.kit.words import moment


def _find_idle(work: Work) -> Iterator[str]:
    for row in job_rows(work.session, site().jobs, work.now):
        if row.last_error:
            yield f"{row.name} failed: {row.last_error}"
        elif row.is_overdue and row.last_at is not None:
            yield f"{row.name} last ran on {moment(row.last_at)}. Is the worker running?"


PLUGIN = Plugin(
    name="jobs",
    title="Jobs",
    checks=(Check("jobs.idle", "every job that has ever run goes on running, without an error", _find_idle),),
)
