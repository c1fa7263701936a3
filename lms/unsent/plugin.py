"""What keeping unsent answers adds to the site. It has no pages: every form of the site has its own back."""

from datetime import timedelta

from lms.frame.plugins import Job, Plugin
from lms.unsent.personal_data import PERSONAL_DATA
from lms.unsent.services import forget_old

PLUGIN = Plugin(
    name="unsent",
    title="Unsent answers",
    jobs=(
        Job("unsent.forget_old", "forgets what was typed and not sent for hours", forget_old, every=timedelta(hours=1)),
    ),
    personal_data=PERSONAL_DATA,
)
