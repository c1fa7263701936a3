"""Which practices changed, of several compared: Student's intervals adjusted by Holm, and the sentence. Pure."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from lms.kit.telling.numbers import FEWER
from surveys.impact.student.rules import ALPHA


class Group(StrEnum):
    """What can be said of one practice."""

    STRONGER = "stronger"
    SAME = "no clear change"
    WEAKER = "weaker"


WORDS = {
    Group.STRONGER: ("is stronger", "are stronger"),
    Group.SAME: ("shows no clear change", "show no clear change"),
    Group.WEAKER: ("is weaker", "are weaker"),
}


class Sure(Protocol):
    """A difference and how sure it is: of means, of shares."""

    @property
    def likely(self) -> float:
        """How often chance alone would make one as large."""

    def interval(self, alpha: float) -> tuple[float, float]:
        """The interval that misses the true difference in a share `alpha` of such surveys."""


def groups_of(differences: Sequence[Sure]) -> list[Group]:
    """The group of each, so that with all of them together chance alone makes a change in 1 of 20 pages.

    Holm: the least likely is held against an interval for all of them, the next for one fewer, until one holds 0.
    """
    found = [Group.SAME] * len(differences)
    for done, place in enumerate(sorted(range(len(differences)), key=lambda each: differences[each].likely)):
        low, high = differences[place].interval(ALPHA / (len(differences) - done))
        if low <= 0 <= high:
            break
        found[place] = Group.STRONGER if low > 0 else Group.WEAKER
    return found


def groups_in_words(groups: Sequence[Group]) -> str:
    """Of six practices, four are stronger three months on, one shows no clear change and one is weaker."""
    if not groups:
        return f"Nothing can be said about change yet: {FEWER} people answered before and three months on."
    numbers = {group: sum(each is group for each in groups) for group in Group}
    told = [(numbers[group], *WORDS[group]) for group in Group if numbers[group]]
    if len(groups) == 1:
        return f"The one practice compared {told[0][1]} three months on."
    if len(told) == 1:
        return f"All {number_in_words(len(groups))} practices {told[0][2]} three months on."
    first, *more = [f"{number_in_words(number)} {one if number == 1 else many}" for number, one, many in told]
    listed = ", ".join([f"{first} three months on", *more[:-1]])
    return f"Of {number_in_words(len(groups))} practices, {listed} and {more[-1]}."


def compared_in_words(number: int, what: str = "practices") -> str:
    """What decides the group, and how many were compared."""
    if number < 2:
        return "The 95% interval of the change decides the group, not its size."
    return (
        f"{number_in_words(number).capitalize()} {what} were compared. The interval that decides the group, not the "
        "size of the change, is wider than the 95% interval that is printed (Holm): had nothing changed at all, one "
        "page in twenty like this would still show one of them as changed."
    )


def number_in_words(number: int) -> str:
    """four, and 11 from there on"""
    names = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return names[number] if number < len(names) else str(number)
