"""What parking adds to the site."""

from datetime import time

from courses.facts import BookingConfirmed
from golden_thread_parking.demonstration import load
from golden_thread_parking.letters import EXAMPLES
from golden_thread_parking.personal_data import PERSONAL_DATA
from golden_thread_parking.services import explain_parking, warn_when_full
from golden_thread_parking.views import bp, person_panel
from lms.frame.access import Role
from lms.frame.plugins import (
    Demonstration,
    Job,
    Listener,
    MenuGroup,
    MenuItem,
    Panel,
    Permission,
    Plugin,
    Setting,
)


def whole_number(typed: str) -> int:
    if int(typed) < 0:
        raise ValueError
    return int(typed)


PLUGIN = Plugin(
    name="parking",
    title="Parking",
    package=__package__,
    contract="1.0",
    requires=("courses",),
    blueprints=(bp,),
    permissions=(Permission("parking.look", "see how full the car park is", frozenset({Role.COORDINATOR})),),
    menu=(MenuItem("Parking", "parking.spaces", "parking.look", 75, group=MenuGroup.OFFICE),),
    settings=(Setting("parking.spaces", "the number of spaces, 0 or more", default=20, read=whole_number),),
    jobs=(Job("parking.warn_when_full", "Warn when the car park is full", warn_when_full, daily_at=time(6, 30)),),
    listeners=(Listener(BookingConfirmed, explain_parking),),
    panels=(Panel("people.person", person_panel),),
    letters=EXAMPLES,
    demonstrations=(Demonstration(load, 95),),
    personal_data=PERSONAL_DATA,
)
