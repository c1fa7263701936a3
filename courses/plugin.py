"""What courses add to the site: read this first."""

from courses.catalogue.views import bp as catalogue
from courses.events.views import bp as events
from courses.permissions import CATALOGUE_PERMISSIONS, EVENT_PERMISSIONS
from courses.trainers.views import bp as trainers
from courses.venues.views import bp as venues
from courses.week.views import bp as week
from lms.plugins import MenuItem, Plugin

PLUGIN = Plugin(
    name="courses",
    title="Courses and events",
    blueprints=(
        catalogue,
        events,
        venues,
        week,
        trainers,
    ),
    permissions=(
        *CATALOGUE_PERMISSIONS,
        *EVENT_PERMISSIONS,
    ),
    menu=(
        MenuItem("This week", "week.week", "courses.manage_events", 5),
        MenuItem("Courses", "catalogue.catalogue", None, 10),
        MenuItem("My events", "trainers.events", "courses.see_own_events", 15),
        MenuItem("Events", "events.events", "courses.manage_events", 20),
    ),
)
