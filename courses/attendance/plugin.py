"""What attendance adds to the courses plugin: registers, how they are filled, finalised and corrected."""

from courses.attendance.additions.views import bp as additions
from courses.attendance.checkin.views import bp as checkin
from courses.attendance.finalising.checks import outcomes_that_do_not_follow, unfinished_registers
from courses.attendance.finalising.views import bp as finalising
from courses.attendance.meetings.views import bp as meetings
from courses.attendance.paper.views import bp as paper
from courses.attendance.register.views import bp as register
from courses.attendance.register.views import event_panel
from courses.attendance.trainers.views import bp as trainers
from courses.attendance.walkins.views import bp as walkins
from lms.frame.plugins import Check, MenuItem, Panel, Plugin

ATTENDANCE = Plugin(
    name="courses",
    title="Attendance",
    blueprints=(trainers, register, walkins, checkin, paper, meetings, finalising, additions),
    menu=(MenuItem("My events", "trainers.events", "courses.see_own_events", 15),),
    panels=(Panel("courses.event", event_panel),),
    checks=(
        Check(
            "courses.registers",
            "Every finalised register has a mark for each day and an outcome for each booking",
            unfinished_registers,
        ),
        Check("courses.outcomes", "Every outcome follows from its marks", outcomes_that_do_not_follow),
    ),
)
