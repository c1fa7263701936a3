"""What a question asks of a practice, steps in words, right answers and cases. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lms.kit.errors import Invalid


class Sense(StrEnum):
    """What a scale asks of a practice. The others are of a practice that another question names by its code."""

    NOW = "now"
    LOOKING_BACK = "looking_back"
    INTENTION = "intention"


SENSE_WORDS = {
    Sense.NOW: "What people do, know or feel now",
    Sense.LOOKING_BACK: "Looking back: where they were before (then-test)",
    Sense.INTENTION: "What they mean to do from now on",
}
STEPS = (1, 4, 7, 10)
"""Where four steps in words stand on the scale from 1 to 10: at equal distances, each in a band of its own."""
KNOWLEDGE = -1
"""The item of a right or wrong answer, where a practice has 0 and an outcome its place."""
WRONG, RIGHT = 1, 2
RIGHT_MARK = "*"


@dataclass(frozen=True)
class OptionTyped:
    """An option as it was written: `*often=Yes, often` is right, and has a value of its own."""

    words: str
    is_right: bool


def option_typed(text: str) -> OptionTyped:
    """What stands in one line."""
    stripped = text.strip()
    is_right = stripped.startswith(RIGHT_MARK)
    return OptionTyped(stripped.removeprefix(RIGHT_MARK).strip(), is_right)


def check_sense(sense: Sense, *, is_scale: bool, code: str, practice_code: str) -> None:
    """Looking back and intention are scales, and name the practice that they are about. Raises Invalid."""
    if sense is Sense.NOW:
        if practice_code:
            raise Invalid(
                "Only a question that looks back, or asks what people mean to do, is about another question.",
                field="practice_code",
            )
        return
    if not is_scale:
        raise Invalid("Looking back and intention are answered on a scale. Choose a scale.", field="sense")
    if not practice_code or practice_code == code:
        raise Invalid("Enter the code of the question that asks the same of now.", field="practice_code")


def check_steps(options: Sequence[str]) -> None:
    """A scale has no options, or four steps in words. Raises Invalid."""
    if len(options) not in (0, len(STEPS)):
        raise Invalid(
            "Enter four steps, from the least to the most, one on each line; or none for a scale of numbers.",
            field="options",
        )
    if any(option_typed(each).is_right for each in options):
        raise Invalid("There is no right or wrong on a scale. Remove the star.", field="options")


def check_right(options: Sequence[str], *, is_one: bool, vignette: str) -> None:
    """One right answer of one choice, some of several, never all; a case needs one. Raises Invalid."""
    right = [option_typed(each).is_right for each in options]
    if is_one and sum(right) > 1:
        raise Invalid("Only one answer can be chosen, so only one can be right.", field="options")
    if right and all(right):
        raise Invalid("Not every answer can be right.", field="options")
    if vignette and not any(right):
        raise Invalid("Mark the right answer to the case with a star: * Call the Front Door today.", field="options")


def check_one_case(vignettes: Iterable[str]) -> None:
    """One case for a course, so that everybody answers the same. Raises Invalid."""
    if sum(bool(each) for each in vignettes) > 1:
        raise Invalid("A survey has one case. Take the other away, or put it into the survey of another course.")


def is_right(chosen: object, right: Iterable[str]) -> bool:
    """Whether exactly the right answers were chosen."""
    given = chosen if isinstance(chosen, list) else [chosen]
    return set(map(str, given)) == set(right)
