"""What measuring adds to the surveys plugin: impact, response, workforce surveys, trainers' evaluation, observation."""

from lms.plugins import MenuItem, Panel
from reviews.learning.thread import PLACE as THREAD
from surveys.impact.sections import SECTIONS
from surveys.impact.views import bp as impact
from surveys.impact.views import changed_step
from surveys.measuring_permissions import READ_IMPACT

BLUEPRINTS = (impact,)
MENU = (MenuItem("Impact", "impact.impact", READ_IMPACT, 52),)
PANELS = (Panel(THREAD, changed_step),)
REPORT_SECTIONS = SECTIONS
