"""What the dashboards add to the site."""

from lms.dashboards.views import bp
from lms.frame.plugins import MenuGroup, MenuItem, Plugin
from lms.reports.queries import READ, SEE_ROWS

PLUGIN = Plugin(
    name="dashboards",
    title="Dashboards",
    blueprints=(bp,),
    menu=(
        MenuItem("Today", "dashboards.today", SEE_ROWS, 4),
        MenuItem("At a glance", "dashboards.glance", READ, 53, group=MenuGroup.RESULTS, also=("/figures",)),
    ),
)
