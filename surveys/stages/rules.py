"""The stages at which people are asked about an event: a row each, for all that asks, reminds, tells and checks. Pure.

A new stage is a member, its row, its letter (`templates/email/surveys/<stage>`), its kind of survey
(`surveys.questions.rules.SurveyKind`), a starting set of questions, and a migration for the three columns' CHECK.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """The times at which people are asked about an event."""

    BASELINE = "baseline"
    ON_THE_DAY = "on_the_day"
    IMPACT = "impact"
    MANAGERS_VIEW = "managers_view"
    WAITING = "waiting"
    WAITED = "waited"

    @property
    def of(self) -> "StageOf":
        """Its row of the table."""
        return STAGES[self]


@dataclass(frozen=True)
class StageOf:
    """What is so at one stage. Periods are default policy; see docs/surveys.md."""

    words: str
    """"Three months on"."""
    survey: str
    """How the survey is called to whoever has not seen a stage: "3-month survey"."""
    after_months: int | None
    """Asked so many months after the last day attended, 0: at its end. None: when a place is held, before the event."""
    open_days: int | None
    """How long it can be answered. None: until the event begins."""
    reminder_days: tuple[int, ...] = ()
    reminder_working_days: tuple[int, ...] = ()
    asks_manager: bool = False
    """The line manager is asked, at the address of the booking; otherwise the delegate."""
    is_promised: bool = False
    """Everybody who attended or part attended is asked, or there is a reason why not: 100%."""
    says_who_answered: bool = False
    """Whether somebody answered is known (what they said never is), so agency leads may hear of those who have not."""
    gates_certificate: bool = False
    asks: str = ""
    """The stage whose survey is asked. None: one of its own name."""
    of_waiting: bool = False
    """People who wait for a place are asked, once they agreed, to compare them with those who came. Of their answers
    only what is compared is asked and kept."""


STAGES: Mapping[Stage, StageOf] = {
    Stage.BASELINE: StageOf("Before the event", "Survey before the event", after_months=None, open_days=None),
    Stage.ON_THE_DAY: StageOf(
        "On the day",
        "On-the-day evaluation",
        after_months=0,
        open_days=14,
        reminder_working_days=(3,),
        is_promised=True,
        says_who_answered=True,
        gates_certificate=True,
    ),
    Stage.IMPACT: StageOf(
        "Three months on",
        "3-month survey",
        after_months=3,
        open_days=28,
        reminder_days=(7, 14),
        is_promised=True,
        says_who_answered=True,
    ),
    Stage.MANAGERS_VIEW: StageOf(
        "Manager’s view", "Manager’s view", after_months=3, open_days=28, reminder_days=(14,), asks_manager=True
    ),
    Stage.WAITING: StageOf(
        "While waiting", "While waiting", after_months=None, open_days=None, asks="baseline", of_waiting=True
    ),
    Stage.WAITED: StageOf(
        "Still waiting",
        "Three months on, without a place",
        after_months=3,
        open_days=28,
        reminder_days=(7, 14),
        asks="baseline",
        of_waiting=True,
    ),
}
STAGE_WORDS: Mapping[Stage, str] = {stage: row.words for stage, row in STAGES.items()}
SURVEY_WORDS: Mapping[Stage, str] = {stage: row.survey for stage, row in STAGES.items()}
BEFORE = tuple(stage for stage, row in STAGES.items() if row.after_months is None and not row.of_waiting)
"""Asked because somebody holds a place."""
AFTER = tuple(stage for stage, row in STAGES.items() if row.after_months is not None and not row.of_waiting)
"""Asked because somebody was there."""
LATER = tuple(stage for stage in AFTER if stage.of.after_months)
"""Asked months after the last day attended."""
OF_WAITING = tuple(stage for stage, row in STAGES.items() if row.of_waiting)
"""Asked because somebody waits for a place, and again because they still had none."""
UNTIL_IT_BEGINS = tuple(stage for stage, row in STAGES.items() if row.after_months is None)
"""Whatever is asked before the event, and closes when it begins."""
OF_MANAGERS = tuple(stage for stage, row in STAGES.items() if row.asks_manager)
OF_DELEGATES = tuple(stage for stage, row in STAGES.items() if not row.asks_manager)
PROMISED = tuple(stage for stage, row in STAGES.items() if row.is_promised)
WHO_ANSWERED_IS_KNOWN = tuple(stage for stage, row in STAGES.items() if row.says_who_answered)
GATES_CERTIFICATE = tuple(stage for stage, row in STAGES.items() if row.gates_certificate)
COMPARED = (Stage.BASELINE, Stage.ON_THE_DAY, Stage.IMPACT)
"""At which the same practices are asked of the same people: where they stood, what they meant, what they do."""
FIRST, ON_THE_DAY, LAST = COMPARED
FIRST_WAITING, LAST_WAITING = OF_WAITING
MATCHED = (*COMPARED, *OF_WAITING)
"""What is said of practices at these is kept sealed until it is matched."""
