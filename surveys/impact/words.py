"""Sentences that page, PDF and workbook share."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from lms.kit.telling.numbers import FEWER
from lms.kit.words import count, listed, long_date
from surveys.impact.change.figures import Changes
from surveys.impact.change.rules import compared_in_words
from surveys.impact.reach.figures import ReachFunnel
from surveys.selection.rules import CLOSING, Span, complete_on, told_from

CHANGE_NOTE = (
    "Change is the mean three months on, less the mean before, of the same people. The spread is the standard "
    "deviation of each person’s own change; the interval holds the mean change in 95 of 100 such surveys. It is what "
    "people say of themselves: the learning points show what audits saw."
)
TOGETHER_NOTE = (
    "Small answers are put together with their neighbour and small agencies with others of their sector; nothing is "
    f"left out. Where 1 to 4 people did not say yes they read “{FEWER}”, and the yes is not told exactly."
)
TOGETHER_DRAWN = "Answers that are told together are drawn as the lowest of them."
LINES_NOTE = (
    "From ten people on, a course, sector or agency has a line of its own, unless 1 to 4 of them did or did not "
    "answer. Smaller ones are told together."
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
    return (
        f"In the same half-years {people} answered three months on without an answer from before: {counted}. "
        "Matched and these need not add "
        f"up to all who answered: people who came to a course twice count once, and {FEWER} of a course wait for "
        "its next half-year."
    )


def trend_words(*, is_of_some: bool = False) -> str:
    """What the half-years are of. `is_of_some`: of courses and half-years that teach a learning point."""
    made = "All practices together: the mean of each pair’s own, of all that was answered both times."
    every = "Every half-year with five pairs and more is there, also outside the dates asked for."
    return made if is_of_some else f"{made} {every}"


def to_come_words(halves: Iterable[Span], closing: timedelta = CLOSING) -> str:
    """Which half-years are not told yet, and from when."""
    return " ".join(
        f"{each.words[:1].upper()}{each.words[1:]} is told from {long_date(told_from(each, closing))}."
        for each in halves
    )


def why_nothing(halves: Sequence[Span], to_come: Sequence[Span], *, is_held_back: bool) -> str:
    """Why a report has nothing in it."""
    if is_held_back:
        return (
            f"Too few people answered in {listed(each.words for each in halves)} for this to be told by itself. "
            "Their answers are counted in the report on all courses."
        )
    return (
        f"Answers are told for whole half-years, once all their surveys have closed. {to_come_words(to_come)}".strip()
    )


def managers_words(funnel: ReachFunnel) -> str:
    """731 line managers were asked, 702 emails were delivered, 208 answered (29.6%)."""
    if not funnel.events or funnel.invited.number == 0:
        return "No line manager was asked."
    asked = f"{funnel.invited.of('line manager was', 'line managers were')} asked, " if funnel.is_whole else ""
    return (
        f"{asked}{funnel.delivered.of('email was', 'emails were')} delivered, {funnel.answered.shown} answered "
        f"({funnel.rate} of those delivered). A manager is asked once for each person at an event."
    )


def answered_words(funnel: ReachFunnel) -> str:
    """39.0% of those asked three months on answered (293 of 752)."""
    if funnel.delivered.number == 0 or not funnel.events:
        return ""
    return (
        f"{funnel.rate} of those asked three months on answered ({funnel.answered.shown} of {funnel.delivered.shown})."
    )
