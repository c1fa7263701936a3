"""In words whether shares rose from one round to the next. Pure.

The two rounds are not matched: nobody knows who answered both. Some did, so that the intervals are rather too wide.
"""

from collections.abc import Sequence

from surveys.impact.change.rules import Group, number_in_words

VERDICTS = {Group.STRONGER: "Higher", Group.SAME: "No clear change", Group.WEAKER: "Lower"}
WORDS = {
    Group.STRONGER: ("is higher", "are higher"),
    Group.SAME: ("shows no clear change", "show no clear change"),
    Group.WEAKER: ("is lower", "are lower"),
}


def compared_in_words(groups: Sequence[Group], before: str) -> str:
    """Of six answers compared with the round before, two are higher, three show no clear change and one is lower."""
    numbers = {group: sum(each is group for each in groups) for group in Group}
    told = [(numbers[group], *WORDS[group]) for group in Group if numbers[group]]
    if len(groups) == 1:
        return f"The one answer compared with “{before}” {told[0][1]}."
    if len(told) == 1:
        return f"All {number_in_words(len(groups))} answers compared with “{before}” {told[0][2]}."
    *first, last = [f"{number_in_words(number)} {one if number == 1 else many}" for number, one, many in told]
    return f"Of {number_in_words(len(groups))} answers compared with “{before}”, {', '.join(first)} and {last}."
