"""What reviews add to the site: read this first."""

from datetime import time

from lms.frame.plugins import (
    Check,
    Demonstration,
    Job,
    Leaving,
    MenuGroup,
    MenuItem,
    Panel,
    PanelPlace,
    Plugin,
    Setting,
    Written,
)
from reviews import checks
from reviews.actions import jobs
from reviews.actions.queries import owed_by
from reviews.actions.services import settle_owed
from reviews.actions.views import bp as actions
from reviews.demonstration import load
from reviews.embargoes.views import bp as embargoes
from reviews.evidence.views import bp as evidence
from reviews.evidence.views import thread_step
from reviews.exports import EXPORTS
from reviews.files.tables import IMPORT as REVIEWS
from reviews.learning.panels import PLACE
from reviews.learning.tables import IMPORT as LEARNING_POINTS
from reviews.permissions import ANSWER_ACTIONS, PERMISSIONS, READ
from reviews.personal_data import PERSONAL_DATA
from reviews.points.views import bp as points
from reviews.reviewing.views import bp as reviewing
from reviews.sections import SECTIONS
from reviews.theming.views import bp as theming
from reviews.told import TOLD_FACTS


def yes_or_no(typed: str) -> bool:
    """1 or 0."""
    if typed not in {"0", "1"}:
        raise ValueError(typed)
    return typed == "1"


PLUGIN = Plugin(
    name="reviews",
    package=__package__,
    title="Learning from reviews",
    places=(
        PanelPlace(
            "reviews.learning_point",
            "A step of a learning point's thread, by its id: reviews/learning/panels.py",
        ),
    ),
    blueprints=(points, reviewing, theming, actions, embargoes, evidence),
    permissions=PERMISSIONS,
    told_facts=TOLD_FACTS,
    exports=EXPORTS,
    menu=(
        MenuItem(
            "Learning points",
            "points.points",
            READ,
            50,
            group=MenuGroup.LEARNING,
            also=("/learning", "/reviews", "/recommendations", "/releases"),
        ),
        MenuItem("Actions", "actions.mine", ANSWER_ACTIONS, 52, group=MenuGroup.LEARNING, also=("/learning/actions",)),
    ),
    settings=(
        Setting(
            "reviews.export_embargoed",
            "1 when `lms export` should write embargoed reviews and their learning too, otherwise 0",
            False,
            yes_or_no,
        ),
    ),
    jobs=(
        Job("reviews.write_to_owners", "Write to the owners of actions", jobs.write_to_owners, daily_at=time(8, 0)),
        Job(
            "reviews.ask_to_look_again",
            "Tell review officers that a date in the register has come",
            jobs.ask_to_look_again,
            daily_at=time(8, 0),
        ),
    ),
    report_sections=SECTIONS,
    panels=(Panel(PLACE, thread_step),),
    leaving=(Leaving.of_many("reviews.actions", "Actions that they owe", owed_by, settle_owed),),
    imports=(REVIEWS, LEARNING_POINTS),
    checks=(
        Check("reviews.publication", "Every review is in exactly one publication state", checks.publication_states),
        Check(
            "reviews.embedded",
            "Only evidence dated after the change calls a learning point embedded",
            checks.embedded_without_later_evidence,
        ),
        Check("reviews.owners", "No action passed its date while no one owned it", checks.actions_without_owner),
    ),
    demonstrations=(Demonstration(load, 65),),
    personal_data=PERSONAL_DATA,
    written=(
        Written("learning_point", "learning points"),
        Written("learning_point_link", "learning points"),
        Written("recommendation", "recommendations"),
        Written("learning_release", "learning released from reviews", ("text", "practice")),
        Written("review", "reviews"),
    ),
)
