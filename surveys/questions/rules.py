"""What a question may be, which pages a survey has, what is asked of whom, and which answers are in order. Pure."""

from enum import StrEnum


class SurveyKind(StrEnum):
    """What a survey is for. The first four are the stages of an event."""

    BASELINE = "baseline"
    ON_THE_DAY = "on_the_day"
    IMPACT = "impact"
    MANAGERS_VIEW = "managers_view"
    WORKFORCE = "workforce"
    TRAINING_NEEDS = "training_needs"
    OBSERVATION = "observation"


KIND_WORDS = {
    SurveyKind.BASELINE: "Before the event",
    SurveyKind.ON_THE_DAY: "On the day",
    SurveyKind.IMPACT: "Three months on",
    SurveyKind.MANAGERS_VIEW: "Manager’s view",
    SurveyKind.WORKFORCE: "Workforce survey",
    SurveyKind.TRAINING_NEEDS: "Training needs analysis",
    SurveyKind.OBSERVATION: "Observation of training",
}


class QuestionKind(StrEnum):
    """How a question is answered. `outcomes` asks a 1-10 scale for each outcome of the event's course version."""

    SCALE = "scale"  # 1 to 10
    AGREEMENT = "agreement"  # 1 strongly disagree to 5 strongly agree
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    TEXT = "text"
    OUTCOMES = "outcomes"


AGREEMENT_WORDS = ("Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree")
