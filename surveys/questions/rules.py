"""What a question may be, which pages a survey has, what is asked of whom, and which answers are in order. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any

from lms.kit.errors import Invalid
from lms.kit.telling.scales import Scale
from surveys.questions.measures.rules import STEPS, Sense
from surveys.stages.rules import STAGES, Stage


class SurveyKind(StrEnum):
    """What a survey is for. A stage of an event has one of its own name, or asks that of another."""

    BASELINE = "baseline"
    ON_THE_DAY = "on_the_day"
    IMPACT = "impact"
    MANAGERS_VIEW = "managers_view"
    WORKFORCE = "workforce"
    TRAINING_NEEDS = "training_needs"
    OBSERVATION = "observation"


def kind_of(stage: Stage) -> SurveyKind:
    """The kind of survey that asks at a stage: one of the same name, or that of the stage that it repeats."""
    return SurveyKind(stage.of.asks or stage.value)


KIND_WORDS: Mapping[SurveyKind, str] = {
    **{kind_of(stage): row.words for stage, row in STAGES.items() if not row.asks},
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
NO_ANSWER = "No answer"
KIRKPATRICK_WORDS = {1: "reaction", 2: "learning", 3: "behaviour", 4: "results"}
QUESTION_KIND_WORDS = {
    QuestionKind.SCALE: "Scale from 1 to 10",
    QuestionKind.OUTCOMES: "Scale from 1 to 10 for each outcome of the course",
    QuestionKind.AGREEMENT: "Agreement, five steps",
    QuestionKind.CHOICE: "One of several",
    QuestionKind.CHOICES: "Any of several",
    QuestionKind.NUMBER: "A whole number",
    QuestionKind.TEXT: "Own words",
}
WITH_OPTIONS = frozenset({QuestionKind.CHOICE, QuestionKind.CHOICES})
ON_A_SCALE = frozenset({QuestionKind.SCALE, QuestionKind.OUTCOMES})
LONGEST_TEXT = 2000
LARGEST_NUMBER = 1_000_000

Answers = dict[str, Any]
"""What somebody answered, by the question's code: a number, a value, a list of values, own words, or, for outcomes,
numbers by the outcome's place from "1" on. Plain JSON."""


@dataclass(frozen=True)
class Choice:
    """One option."""

    id: int
    value: str
    words: str
    is_right: bool = False


@dataclass(frozen=True)
class Ask:
    """A question as it is asked of somebody. `outcomes` are those of the event's course version.

    `steps`: a scale in words, from the least to the most; `vignette`: the case that is read before it.
    """

    id: int
    code: str
    kind: QuestionKind
    words: str
    heading: str = ""
    hint: str = ""
    low_words: str = ""
    high_words: str = ""
    is_required: bool = False
    choices: tuple[Choice, ...] = ()
    show_if_code: str = ""
    show_if_values: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    sense: Sense = Sense.NOW
    steps: tuple[str, ...] = ()
    vignette: str = ""

    @property
    def right(self) -> frozenset[str]:
        """The values of what is right; empty where nothing is right or wrong."""
        return frozenset(each.value for each in self.choices if each.is_right)

    @property
    def places(self) -> tuple[tuple[int, str], ...]:
        """What can be chosen on a scale: its numbers, with words where the steps have some."""
        return tuple(zip(STEPS, self.steps, strict=True)) if self.steps else tuple((n, "") for n in range(1, 11))

    @property
    def field(self) -> str:
        """How its control is called."""
        return f"q{self.id}"


def scale_of(kind: QuestionKind, answers: Sequence[str]) -> Scale:
    """The answers to a question with one choice as they are told: from yes to no, and who did not answer last.

    Agreement is a yes, and so is an answer that begins with "Yes". A question without one has neither yes nor no.
    """
    words = list(reversed(answers)) if kind is QuestionKind.AGREEMENT else list(answers)
    yes = words[:2] if kind is QuestionKind.AGREEMENT else [each for each in words if each.casefold().startswith("yes")]
    others = [each for each in words if each not in yes]
    return Scale((*yes, *others, NO_ANSWER), yes=len(yes), blank=1)


def asked_at(stage: Stage, asks: Sequence[Ask]) -> list[Ask]:
    """What a survey asks at a stage: of those who wait only what is compared, scales and what is right or wrong."""
    if not stage.of.of_waiting:
        return list(asks)
    return [ask for ask in asks if ask.sense is Sense.NOW and (ask.kind in ON_A_SCALE or ask.right)]


def pages_of(asks: Sequence[Ask]) -> list[list[Ask]]:
    """Questions in a row with the same heading are one page."""
    return [list(those) for _, those in groupby(asks, key=lambda ask: ask.heading)]


def is_asked(ask: Ask, answers: Mapping[str, Any]) -> bool:
    """Whether a question is asked of somebody who answered the earlier ones like this."""
    if ask.kind is QuestionKind.OUTCOMES and not ask.outcomes:
        return False
    if not ask.show_if_code:
        return True
    said = answers.get(ask.show_if_code)
    given = said if isinstance(said, list) else [said]
    return any(str(each) in ask.show_if_values for each in given if each is not None)


def asked_pages(asks: Sequence[Ask], answers: Mapping[str, Any]) -> list[list[Ask]]:
    """The pages with what is asked of this person; pages with nothing are left out."""
    pages = ([ask for ask in page if is_asked(ask, answers)] for page in pages_of(asks))
    return [page for page in pages if page]


def unanswered_page(pages: Sequence[Sequence[Ask]], answers: Mapping[str, Any]) -> int | None:
    """The first page, from 0, on which a question that must be answered is not."""
    for number, page in enumerate(pages):
        if any(ask.is_required and not _is_complete(ask, answers.get(ask.code)) for ask in page):
            return number
    return None


def first_open_page(pages: Sequence[Sequence[Ask]], answers: Mapping[str, Any]) -> int:
    """Where somebody goes on: the first page of which nothing was answered; the last when there is none."""
    for number, page in enumerate(pages):
        if not any(ask.code in answers for ask in page):
            return number
    return max(len(pages) - 1, 0)


def _is_complete(ask: Ask, answer: Any) -> bool:
    if ask.kind is QuestionKind.OUTCOMES:
        return isinstance(answer, dict) and len(answer) == len(ask.outcomes)
    return answer not in (None, "", [], {})


def read_answer(ask: Ask, typed: Mapping[str, Sequence[str]]) -> Any:
    """What somebody typed at a question; None for nothing. Raises Invalid at the control's name."""
    values = [each.strip() for each in typed.get(ask.field, ()) if each.strip()]
    if ask.kind is QuestionKind.OUTCOMES:
        return _read_outcomes(ask, typed)
    if not values:
        return None
    if ask.kind is QuestionKind.TEXT:
        if len(values[0]) > LONGEST_TEXT:
            raise Invalid(f"Enter at most {LONGEST_TEXT:,} characters.", field=ask.field)
        return values[0].replace("\r\n", "\n")
    if ask.kind in WITH_OPTIONS:
        return _read_options(ask, values)
    return _read_number(ask, values[0])


def _read_number(ask: Ask, value: str) -> int:
    if ask.kind is QuestionKind.NUMBER:
        return _whole(value, 0, LARGEST_NUMBER, ask.field, "Enter a whole number, 0 or more.")
    if ask.kind is QuestionKind.SCALE:
        return _on_scale(ask, value, ask.field)
    return _whole(value, 1, 5, ask.field, "Choose a number from 1 to 5.")


def _on_scale(ask: Ask, value: str, field: str) -> int:
    number = _whole(value, 1, 10, field, "Choose a number from 1 to 10.")
    if number not in dict(ask.places):
        raise Invalid("Choose one of the steps.", field=field)
    return number


def _read_options(ask: Ask, values: Sequence[str]) -> list[str] | str:
    known = [choice.value for choice in ask.choices if choice.value in values]
    if len(known) != len(set(values)) or (ask.kind is QuestionKind.CHOICE and len(known) > 1):
        raise Invalid("Choose from the list.", field=ask.field)
    return known if ask.kind is QuestionKind.CHOICES else known[0]


def _read_outcomes(ask: Ask, typed: Mapping[str, Sequence[str]]) -> dict[str, int] | None:
    found = {}
    for place in range(1, len(ask.outcomes) + 1):
        field = f"{ask.field}-{place}"
        for value in typed.get(field, ()):
            found[str(place)] = _on_scale(ask, value, field)
    return found or None


def _whole(value: str, least: int, most: int, field: str, words: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 7 and least <= int(value) <= most):
        raise Invalid(words, field=field)
    return int(value)


def missing_words(ask: Ask, answer: Any) -> str:
    """What to say when a question that must be answered is not."""
    if not ask.is_required or _is_complete(ask, answer):
        return ""
    return "Answer this question for each outcome." if ask.kind is QuestionKind.OUTCOMES else "Answer this question."


def number_rows(ask: Ask, answer: Any) -> list[tuple[int, int]]:
    """How an answer that is no text is kept: item and number (see `surveys.answers.models.Answer`)."""
    if answer is None or ask.kind is QuestionKind.TEXT:
        return []
    if ask.kind is QuestionKind.OUTCOMES:
        return [(int(place), number) for place, number in answer.items() if int(place) <= len(ask.outcomes)]
    if ask.kind in WITH_OPTIONS:
        chosen = answer if isinstance(answer, list) else [answer]
        return [(choice.id, 1) for choice in ask.choices if choice.value in chosen]
    return [(0, int(answer))]


def minutes_in_all(asks: Sequence[Ask]) -> int:
    """About how long it takes: six seconds a tap, half a minute for own words."""
    taps = sum(max(len(ask.outcomes), 1) if ask.kind is QuestionKind.OUTCOMES else 1 for ask in asks)
    texts = sum(ask.kind is QuestionKind.TEXT for ask in asks)
    return max(1, round(((taps - texts) * 6 + texts * 30) / 60))


def one_decimal(number: float) -> Decimal:
    """Rounded half away from nothing, as tables show it; never a minus nothing."""
    made = Decimal(repr(round(number, 9))).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return abs(made) if made == 0 else made
