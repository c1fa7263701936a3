"""What changing the records of others adds to the site."""

from lms.entrusting.changes.views import bp as changes
from lms.entrusting.leaving.views import bp as leaving
from lms.entrusting.merging.views import bp as merging
from lms.entrusting.merging.views import person_panel as merges_panel
from lms.entrusting.own_people.views import bp as own_people
from lms.entrusting.own_people.views import person_panel as own_panel
from lms.entrusting.personal_data import PERSONAL_DATA
from lms.entrusting.queries import find_requests
from lms.entrusting.resets.views import bp as resets
from lms.entrusting.resets.views import person_panel as reset_panel
from lms.entrusting.views import bp, person_panel
from lms.frame.plugins import Panel, Plugin, Waiting

PLUGIN = Plugin(
    name="entrusting",
    title="Changing records",
    blueprints=(bp, changes, leaving, merging, resets, own_people),
    panels=(
        Panel("people.person", person_panel),
        Panel("people.person", reset_panel),
        Panel("people.person", merges_panel),
        Panel("people.person", own_panel),
    ),
    waiting=(Waiting("entrusting.requests", "people.decide", 5, find_requests),),
    personal_data=PERSONAL_DATA,
)
