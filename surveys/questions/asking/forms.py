"""A page of questions as it is typed and as it is drawn; and the button that asks no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from lms.frame.web import Form
from lms.kit.errors import Invalid
from surveys.questions.rules import Answers, Ask, QuestionKind, missing_words, read_answer


class QuestionsForm(Form):
    """The form of a page of questions. They are as many as the survey says, so they are read by `read_page`."""


@dataclass(frozen=True)
class Control:
    """One scale, list or box: its name, what is chosen or typed in it, and what is wrong with it."""

    name: str
    words: str
    values: tuple[str, ...]
    error: str = ""

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


@dataclass(frozen=True)
class AskShown:
    """A question with its controls: one, or one for each outcome."""

    ask: Ask
    controls: tuple[Control, ...]
    error: str = ""


def shown(asks: Sequence[Ask], answers: Mapping[str, Any]) -> list[AskShown]:
    """Questions as they stand, filled in with what was answered."""
    return [AskShown(ask, _controls(ask, _typed(ask, answers.get(ask.code)))) for ask in asks]


def read_page(
    asks: Sequence[Ask], said: "MultiDict[str, str]", *, kept: Mapping[str, Any], replaces: bool
) -> tuple[Answers, list[AskShown], list[tuple[str, str]]]:
    """What somebody answered on a page, the page as typed, and what is wrong: the control's id and the sentence.

    `kept` was saved before. What is empty now takes it back only when the page showed it (`replaces`).
    """
    typed = {name: said.getlist(name) for name in said}
    answers: Answers = {}
    page, wrong = [], []
    for ask in asks:
        try:
            answer = read_answer(ask, typed)
            before = None if replaces else kept.get(ask.code)
            error, at = missing_words(ask, answer if answer is not None else before), ask.field
        except Invalid as refusal:
            answer, error, at = None, refusal.words, refusal.field or ask.field
        if error:
            wrong.append((_first_control(ask, at), f"{ask.words}: {error[:1].lower()}{error[1:]}"))
        elif answer is not None or replaces:
            answers[ask.code] = answer
        controls = _controls(ask, typed, {at: error} if error else {})
        page.append(AskShown(ask, controls, error))
    return answers, page, wrong


def _first_control(ask: Ask, name: str) -> str:
    if ask.kind in (QuestionKind.TEXT, QuestionKind.NUMBER):
        return name
    return f"{name}-1-1" if ask.kind is QuestionKind.OUTCOMES and name == ask.field else f"{name}-1"


def _controls(
    ask: Ask, typed: Mapping[str, Sequence[str]], errors: Mapping[str, str] | None = None
) -> tuple[Control, ...]:
    errors = errors or {}
    if ask.kind is not QuestionKind.OUTCOMES:
        return (Control(ask.field, ask.words, tuple(typed.get(ask.field, ())), errors.get(ask.field, "")),)
    names = [(f"{ask.field}-{place}", outcome) for place, outcome in enumerate(ask.outcomes, start=1)]
    return tuple(Control(name, words, tuple(typed.get(name, ())), errors.get(name, "")) for name, words in names)


def _typed(ask: Ask, answer: Any) -> dict[str, list[str]]:
    """An answer as the controls hold it."""
    if answer is None:
        return {}
    if isinstance(answer, dict):
        return {f"{ask.field}-{place}": [str(number)] for place, number in answer.items()}
    return {ask.field: [str(each) for each in answer] if isinstance(answer, list) else [str(answer)]}
