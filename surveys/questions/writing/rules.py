"""What must be true of a question, and of a version before it can be asked. Pure."""

import re
from collections.abc import Collection, Sequence

from lms.kit.errors import Invalid
from surveys.questions.measures.rules import Sense, check_one_case, check_right, check_steps, option_typed
from surveys.questions.rules import ON_A_SCALE, WITH_OPTIONS, Ask, QuestionKind, SurveyKind, pages_of

CODE = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")


def check_code(code: str) -> str:
    """A code is what makes two questions the same thing: small letters, numbers, dots and dashes."""
    if not CODE.fullmatch(code) or len(code) > 60:
        raise Invalid("Use small letters, numbers, dots and dashes, for example practice.other-adults.", field="code")
    return code


def check_options(kind: QuestionKind, options: Sequence[str], vignette: str = "") -> None:
    """A choice needs at least two options, of which some may be right; a scale has four steps in words or none."""
    if kind in WITH_OPTIONS and len(options) < 2:
        raise Invalid("Enter at least two options, one on each line.", field="options")
    said = [option_typed(each).words for each in options]
    if len(set(said)) != len(said):
        raise Invalid("Two options are the same. Change one.", field="options")
    if kind in ON_A_SCALE:
        check_steps(options)
    if kind in WITH_OPTIONS:
        check_right(options, is_one=kind is QuestionKind.CHOICE, vignette=vignette)
    elif vignette:
        raise Invalid("A case is answered by a choice, with what is right. Choose one or any of several.", field="kind")


def check_can_publish(asks: Sequence[Ask]) -> None:
    """A version can be asked when it has a question and every condition is on a page before. Raises Invalid."""
    if not asks:
        raise Invalid("Add a question first.")
    check_one_case(ask.vignette for ask in asks)
    before: set[str] = set()
    for page in pages_of(asks):
        for ask in page:
            if ask.show_if_code and ask.show_if_code not in before:
                raise Invalid(
                    f"“{ask.words}” depends on a question that is not on a page before it. Move it, or give it"
                    " another heading."
                )
            if ask.show_if_code and not ask.show_if_values:
                raise Invalid(f"“{ask.words}” depends on an answer, but none is named.")
        before |= {ask.code for ask in page}


def notes_on(kind: SurveyKind, asks: Sequence[Ask], behaviour: Collection[str]) -> list[str]:
    """What somebody who writes a survey may not have thought of. `behaviour`: the codes of what measures level 3."""
    notes = []
    scales = [ask for ask in asks if ask.kind is QuestionKind.SCALE and ask.sense is Sense.NOW]
    practices = [ask for ask in scales if ask.code in behaviour]
    if kind is SurveyKind.ON_THE_DAY and practices:
        notes.append(
            "On the day no one has had the time to do anything differently. Ask what people mean to do from now on."
        )
    if kind is not SurveyKind.IMPACT and any(ask.sense is Sense.LOOKING_BACK for ask in asks):
        notes.append("Looking back is asked three months on. Elsewhere it is compared with nothing.")
    return notes
