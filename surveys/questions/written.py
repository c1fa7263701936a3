"""What somebody writes of a question. Plain values."""

from dataclasses import dataclass

from surveys.questions.measures.rules import Sense
from surveys.questions.rules import QuestionKind


@dataclass(frozen=True)
class QuestionWritten:
    """A question as typed. `options` are words, or `value=words` where the value matters to other questions.

    One that begins with a star is right. On a scale they are its four steps.
    """

    code: str
    kind: QuestionKind
    words: str
    heading: str = ""
    hint: str = ""
    low_words: str = ""
    high_words: str = ""
    is_required: bool = False
    kirkpatrick: int | None = None
    learning_point_id: int | None = None
    recommendation_id: int | None = None
    options: tuple[str, ...] = ()
    show_if_code: str = ""
    show_if_values: tuple[str, ...] = ()
    sense: Sense = Sense.NOW
    practice_code: str = ""
    vignette: str = ""
    source: str = ""
