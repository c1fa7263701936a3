"""What the quarter on one page adds to the site."""

from datetime import time

from lms.frame.plugins import Job, Plugin
from lms.quarterly.jobs import TELL, tell_the_quarter
from lms.quarterly.views import bp

PLUGIN = Plugin(
    name="quarterly",
    title="The quarter on one page",
    blueprints=(bp,),
    jobs=(
        Job(
            TELL,
            "Send the quarter on one page to the sub-group, and to each agency about its own people",
            tell_the_quarter,
            daily_at=time(8, 0),
        ),
    ),
)
