"""Sentences that page, PDF and workbook share."""

from lms.kit.telling.numbers import FEWER
from lms.kit.words import count
from surveys.impact.content.figures import Changes
from surveys.impact.reach.figures import ReachFunnel

CHANGE_NOTE = (
    "Change is the mean three months on, less the mean before, of the same people. The spread is the standard "
    "deviation of each person’s own change; the interval holds the mean change in 95 of 100 such surveys. It is what "
    "people say of themselves: the learning points show what audits saw."
)
HIDDEN_NOTE = (
    f"1 to 4 people read “{FEWER}”. “Hidden” protects a small number from being worked out, here or from "
    f"another report; where {FEWER} were asked, nothing is said."
)


def unpaired_words(changes: Changes) -> str:
    """129 more people answered without a matching earlier answer ..."""
    if not changes.unpaired:
        return ""
    people = count(changes.unpaired, "more person", "more people")
    counted = "counted in the response rate, left out of the change"
    return f"{people} answered without a matching earlier answer: {counted}."


def waiting_words(funnel: ReachFunnel) -> str:
    """What is not in the answers yet."""
    if not funnel.waiting_events:
        return ""
    events = count(funnel.waiting_events, "event")
    verb = "has" if funnel.waiting_events == 1 else "have"
    return f"{events} {verb} too few answers to be told alone: they are told with the next event of the same course."
