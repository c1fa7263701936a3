"""What sessions add to the site. Their pages are under "My account": see `lms.signin.account`."""

from datetime import timedelta

from lms.frame.plugins import Job, Plugin
from lms.sessions.personal_data import PERSONAL_DATA
from lms.sessions.services import forget_over

PLUGIN = Plugin(
    name="sessions",
    title="Sessions",
    jobs=(Job("sessions.forget_over", "takes away sessions that have ended", forget_over, every=timedelta(hours=1)),),
    personal_data=PERSONAL_DATA,
)
