"""What retention adds to the site."""

from collections.abc import Iterator
from datetime import time

from lms.frame.access import Role
from lms.frame.plugins import Check, Job, Panel, Permission, Plugin
from lms.frame.work import Work
from lms.kit.words import moment
from lms.retention.jobs import remove_every_night
from lms.retention.personal_data import PERSONAL_DATA
from lms.retention.queries import lines_of, runs
from lms.retention.views import bp, settings_line


def _find_failed(work: Work) -> Iterator[str]:
    for run in runs(work.session, limit=1):
        for line in lines_of(run):
            if line.error:
                yield f"{line.name}, {moment(run.at)}: {line.error}"


PLUGIN = Plugin(
    name="retention",
    title="Retention",
    blueprints=(bp,),
    permissions=(
        Permission(
            "retention.manage",
            "see what is removed in time, and hold what may not be",
            frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER}),
        ),
    ),
    jobs=(
        Job("retention.remove", "Remove what is past its time, and report it", remove_every_night, daily_at=time(3, 0)),
    ),
    panels=(Panel("partnership.settings", settings_line),),
    checks=(Check("retention.failed", "The last round of removing failed nowhere", _find_failed),),
    personal_data=PERSONAL_DATA,
)
