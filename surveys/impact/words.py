"""Sentences that page, PDF and workbook share."""

from lms.kit.telling.numbers import FEWER
from lms.kit.words import count, long_date
from surveys.impact.change.figures import Changes
from surveys.impact.change.rules import compared_in_words
from surveys.impact.reach.figures import ReachFunnel
from surveys.selection.rules import complete_on

CHANGE_NOTE = (
    "Change is the mean three months on, less the mean before, of the same people. The spread is the standard "
    "deviation of each person’s own change; the interval holds the mean change in 95 of 100 such surveys. It is what "
    "people say of themselves: the learning points show what audits saw."
)
HIDDEN_NOTE = (
    f"1 to 4 people read “{FEWER}”. “Hidden” protects a small number from being worked out, here or from "
    f"another report; where {FEWER} were asked, nothing is said."
)


def note_of(changes: Changes) -> str:
    """What stands under change: who counts, what decides the group, and whether figures as printed add up."""
    rounded = "" if changes.adds_up else "Figures are rounded: a change is that of the exact means."
    who = "Each person counts once." if changes.is_people else "Who came to two courses is two pairs."
    return " ".join(filter(None, (CHANGE_NOTE, who, compared_in_words(len(changes.practices)), rounded)))


def matched_words(changes: Changes) -> str:
    """201 people, of one course and half-year; otherwise 201 pairs."""
    return count(changes.matched, "person", "people") if changes.is_people else count(changes.matched, "pair")


def period_words(changes: Changes) -> str:
    """Of which half-years the change is, and which of them are not complete."""
    if not changes.halves:
        return ""
    said = [
        each.span.words
        if each.is_complete
        else f"{each.span.words} (so far: more comes until {long_date(complete_on(each.span))})"
        for each in changes.halves
    ]
    return f"Told by half-years of courses: {'; '.join(said)}."


def unpaired_words(changes: Changes) -> str:
    """129 more people answered without a matching earlier answer ..."""
    if not changes.unpaired:
        return ""
    people = count(changes.unpaired, "more person", "more people")
    counted = "counted in the response rate, left out of the change"
    return f"{people} answered three months on without an answer from before: {counted}."


def waiting_words(funnel: ReachFunnel) -> str:
    """What is not in the answers yet."""
    if not funnel.waiting_events:
        return ""
    events = count(funnel.waiting_events, "event")
    verb = "has" if funnel.waiting_events == 1 else "have"
    return f"{events} {verb} too few answers to be told alone: they are told with the next event of the same course."
