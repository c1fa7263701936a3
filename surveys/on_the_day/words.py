"""Sentences about the evaluation on the day that page, PDF, workbook and yearly report share."""

from collections.abc import Sequence

from lms.kit.words import listed
from surveys.impact.words import to_come_words
from surveys.on_the_day.figures import OnTheDayReport
from surveys.on_the_day.trend.figures import DayStatement
from surveys.selection.rules import CLOSING_ON_THE_DAY

DEFINITIONS = {
    "attended": "People who attended or part attended an event whose evaluation has closed; once for each event.",
    "invited": "Evaluations that were sent to them at the end of the last day.",
    "delivered": "Evaluations sent, without those whose email came back.",
    "answered": "Evaluations finished. An event with 1 to 4 answers is counted, with all of its people, with the next "
    "such events of its course.",
    "response_rate": "Completed of deliverable evaluations, of those that have closed; bounced ones are left out.",
}
COURSES_NOTE = (
    "By half-years that are complete. From ten answers on, a course has a line of its own; smaller ones are told "
    "together. Of two lines only how many answered is told: each would be what the other leaves."
)
TREND_NOTE = (
    "With the 95% interval of each share (Wilson). Higher and lower are against the half-year told before, by "
    "Newcombe’s interval, which is wider than 95% where several are compared (Holm). Different people answered each "
    "time."
)
MOST_NOTE = (
    "Most and fewest are named where Newcombe’s interval for the difference of those two, adjusted for all pairs of "
    "statements, does not hold 0."
)


def yes_note(statements: Sequence[DayStatement]) -> str:
    """What counts as agreement."""
    said = list(dict.fromkeys(each.yes for each in statements))
    if not said:
        return ""
    counted = f"Counted: {listed(f'“{each}”' for each in said)}."
    return f"{counted} {MOST_NOTE}"


def day_to_come_words(report: OnTheDayReport) -> str:
    """Which half-years are not told yet, and from when."""
    return to_come_words(report.to_come, CLOSING_ON_THE_DAY)


def why_no_day(report: OnTheDayReport) -> str:
    """Why a report has nothing in it."""
    if report.is_held_back:
        halves = listed(each.words for each in report.halves)
        return (
            f"Who answered in {halves} is told together with other courses here, because too few of it did or did not. "
            "What they said is in the report on all courses."
        )
    return (
        f"Answers are told for whole half-years, once all their evaluations have closed. {day_to_come_words(report)}"
    ).strip()
