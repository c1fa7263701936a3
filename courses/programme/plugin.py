"""What the programme adds to the courses plugin: courses, events and venues."""

from datetime import time

from courses.facts import BookingConfirmed, EventMoved, EventPublished
from courses.permissions import CATALOGUE_PERMISSIONS, EVENT_PERMISSIONS
from courses.programme.catalogue.views import bp as catalogue
from courses.programme.courses.api import OPERATIONS as COURSE_OPERATIONS
from courses.programme.courses.demonstration import load as load_catalogue
from courses.programme.courses.tables import IMPORT as COURSES
from courses.programme.demand import listeners
from courses.programme.demand.rules import head_start_hours
from courses.programme.demand.still_true import STILL_TRUE
from courses.programme.events import checks
from courses.programme.events.api import OPERATIONS as EVENT_OPERATIONS
from courses.programme.events.demonstration import load as load_events
from courses.programme.events.tables import IMPORT as EVENTS
from courses.programme.events.views import bp as events
from courses.programme.nearby.demonstration import load as load_districts
from courses.programme.nearby.tables import IMPORT as DISTRICTS
from courses.programme.nearby.views import bp as nearby
from courses.programme.searching.views import bp as searching
from courses.programme.trainers.queries import dates_as_trainer
from courses.programme.trainers.services import settle_date
from courses.programme.venues.views import bp as venues
from courses.programme.wanted.services import forget_searches
from courses.programme.wanted.views import bp as wanted
from lms.frame.plugins import (
    Check,
    Demonstration,
    Job,
    Leaving,
    Listener,
    MenuItem,
    PanelPlace,
    Plugin,
    Setting,
    Written,
)

PROGRAMME = Plugin(
    name="courses",
    title="The programme",
    places=(
        PanelPlace("courses.course", "The page of a course in the catalogue, by the course's id"),
        PanelPlace("courses.manage_course", "The same course as the office manages it"),
        PanelPlace("courses.event", "An event as the office and its trainers see it, by its id"),
    ),
    blueprints=(catalogue, searching, wanted, events, venues, nearby),
    permissions=(*CATALOGUE_PERMISSIONS, *EVENT_PERMISSIONS),
    menu=(
        MenuItem("Courses", "catalogue.catalogue", None, 10, also=("/catalogue",)),
        MenuItem("Events", "events.events", "courses.manage_events", 20, also=("/venues",)),
    ),
    settings=(
        Setting(
            listeners.HEAD_START,
            "for how many hours a new date can be booked only by those who had asked for one; 0 for no head start",
            default=0,
            read=head_start_hours,
        ),
    ),
    listeners=(
        Listener(EventPublished, listeners.tell_those_who_asked),
        Listener(EventMoved, listeners.tell_of_new_date),
        Listener(BookingConfirmed, listeners.stop_asking),
    ),
    still_true=(STILL_TRUE,),
    leaving=(Leaving.of_many("courses.trainers", "Dates that they train", dates_as_trainer, settle_date),),
    jobs=(
        Job(
            "courses.forget_searches",
            "Forget what was searched for in vain longer ago than it is kept",
            forget_searches,
            daily_at=time(3, 20),
        ),
    ),
    imports=(COURSES, DISTRICTS, EVENTS),
    operations=(*COURSE_OPERATIONS, *EVENT_OPERATIONS),
    checks=(
        Check("courses.days", "Every event begins and ends with its days", checks.out_of_step_with_days),
        Check(
            "courses.places_offered",
            "Every delivered event says how many places it offered",
            checks.delivered_without_places,
        ),
    ),
    demonstrations=(
        Demonstration(load_catalogue, 40),
        Demonstration(load_districts, 45),
        Demonstration(load_events, 50),
    ),
    written=(Written("course_version", "the catalogue"), Written("search_meaning", "what short forms mean")),
)
