"""What the desk adds to the courses plugin: the week, downloads, and what is kept of people."""

from courses.desk.exports import EXPORTS
from courses.desk.nobody import services as nobody
from courses.desk.personal_data import PERSONAL_DATA
from courses.desk.week.views import bp as week
from courses.desk.week.waiting import WAITING
from lms.frame.plugins import Keyed, MenuItem, PanelPlace, Plugin

DESK = Plugin(
    name="courses",
    title="The desk",
    places=(PanelPlace("courses.week", "The week that is to come, beside what waits (the number is 0)"),),
    blueprints=(week,),
    menu=(MenuItem("This week", "week.week", "courses.manage_events", 5),),
    waiting=WAITING,
    exports=EXPORTS,
    personal_data=PERSONAL_DATA,
    keyed=(
        Keyed(
            "courses.nobody",
            "people without a name who have old bookings",
            nobody.waiting,
            nobody.renew,
            nobody.proves,
        ),
    ),
)
