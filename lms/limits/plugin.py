"""What counting tries adds to the site."""

from datetime import timedelta

from lms.frame.plugins import Job, Plugin
from lms.limits.services import sweep

PLUGIN = Plugin(
    name="limits",
    title="Limits",
    jobs=(Job("limits.sweep", "takes away counted tries whose time is over", sweep, every=timedelta(hours=1)),),
)
