"""What courses add to the site: a part for each room, joined. Read this first, then the `plugin.py` of a room.

The rooms stand on each other: desk -> records | figures -> attendance | coverage -> booking -> programme. Upwards go
facts (`courses.facts`) and questions (`courses.questions`).
"""

from courses.attendance.plugin import ATTENDANCE
from courses.booking.plugin import BOOKING
from courses.coverage.plugin import COVERAGE
from courses.desk.plugin import DESK
from courses.figures.plugin import FIGURES
from courses.programme.plugin import PROGRAMME
from courses.records.plugin import RECORDS
from lms.frame.plugins import Plugin
from lms.frame.plugins.joining import joined

COURSES = Plugin(name="courses", package=__package__, title="Courses and events", requires=("reviews",))
PLUGIN = joined(COURSES, (PROGRAMME, ATTENDANCE, BOOKING, RECORDS, COVERAGE, FIGURES, DESK))
"""In the order in which their panels stand on a page."""
