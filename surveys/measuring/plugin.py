"""What measuring adds to the surveys plugin: impact, response, workforce surveys, trainers' evaluation, observation."""

from datetime import time, timedelta

from lms.frame.plugins import Demonstration, Job, MenuGroup, MenuItem, Panel
from reviews.learning.panels import PLACE as THREAD
from surveys.evaluations.views import bp as evaluations
from surveys.evaluations.views import event_panel as evaluation_panel
from surveys.focus_groups.views import bp as groups
from surveys.impact.sections import SECTIONS
from surveys.impact.views import bp as impact
from surveys.impact.views import changed_step
from surveys.knowing.views import bp as knowing
from surveys.knowing.views import known_step
from surveys.measuring.demonstration import load
from surveys.observation.services import remind_observers
from surveys.observation.views import bp as observation
from surveys.observation.views import event_panel as observation_panel
from surveys.on_the_day.sections import SECTIONS as SECTIONS_ON_THE_DAY
from surveys.on_the_day.views import bp as on_the_day
from surveys.permissions import (
    MANAGE_OBSERVATIONS,
    READ_EVALUATIONS,
    READ_IMPACT,
    READ_OWN_ROUNDS,
    SEE_RESPONSE,
)
from surveys.response.services import nudge_managers
from surveys.response.views import bp as response
from surveys.response.views import course_panel
from surveys.workforce.own_rounds.views import bp as own_rounds
from surveys.workforce.services import let_rounds_out
from surveys.workforce.staffing.views import bp as staffing
from surveys.workforce.views import bp as workforce

BLUEPRINTS = (impact, on_the_day, observation, response, evaluations, workforce, staffing, own_rounds, groups, knowing)
MENU = (
    MenuItem("My evaluations", "evaluations.mine", READ_EVALUATIONS, 46, group=MenuGroup.SURVEYS),
    MenuItem("Not answered", "response.waiting", SEE_RESPONSE, 47, group=MenuGroup.SURVEYS, also=("/invitations",)),
    MenuItem("Impact", "impact.impact", READ_IMPACT, 52, group=MenuGroup.RESULTS),
    MenuItem("On the day", "on_the_day.report", READ_IMPACT, 53, group=MenuGroup.RESULTS),
    MenuItem("Workforce surveys", "workforce.rounds", READ_IMPACT, 54, group=MenuGroup.SURVEYS),
    MenuItem("Surveys of our people", "own_rounds.rounds", READ_OWN_ROUNDS, 48, group=MenuGroup.SURVEYS),
    MenuItem(
        "Observations",
        "observation.all_of_them",
        MANAGE_OBSERVATIONS,
        53,
        group=MenuGroup.SURVEYS,
        also=("/my-observations",),
    ),
)
PANELS = (
    Panel(THREAD, changed_step),
    Panel(THREAD, known_step),
    Panel("courses.event", evaluation_panel),
    Panel("courses.event", observation_panel),
    Panel("courses.course", course_panel),
)
JOBS = (
    Job("surveys.remind_observers", "Remind observers on the fifth day", remind_observers, daily_at=time(9, 15)),
    Job("surveys.let_rounds_out", "Let the answers of closed rounds out", let_rounds_out, daily_at=time(2, 45)),
    Job("surveys.nudge_managers", "Ask managers for a word", nudge_managers, every=timedelta(hours=1)),
)
REPORT_SECTIONS = (*SECTIONS, *SECTIONS_ON_THE_DAY)
DEMONSTRATIONS = (Demonstration(load, 75),)
