"""How many events of a chosen set each person attended."""

from collections.abc import Mapping
from dataclasses import dataclass

from courses.figures.queries import PeriodRecords
from courses.figures.rules import at_least, events_attended
from lms.kit.figures import Figure, FigureTable, ReportQuestion, count
from lms.kit.words import listed


@dataclass(frozen=True)
class CountedSet:
    """The set of events of which it is told how many of them each person attended."""

    words: str
    types: tuple[str, ...]
    events: int
    attendances: int
    people: int
    exactly: Mapping[int, int]


def counted_set(facts: PeriodRecords, question: ReportQuestion, counted_types: tuple[str, ...]) -> CountedSet:
    """The types that were asked for; otherwise those that the installation counts, when any was delivered; or all."""
    types = question.only_types or counted_types
    some = facts.of_types(types)
    words = f"Events of the type {listed(types, 'or')}"
    if not some.events:
        some, words, types = facts, "All events", ()
    counts = some.whole
    return CountedSet(
        words, types, len(some.events), counts.attendances, len(counts.people), events_attended(some.claims)
    )


def set_figures(chosen: CountedSet) -> list[Figure]:
    of = f"{chosen.words}: "
    return [
        count("chosen_events", "Events of the chosen set", chosen.events, f"{of}those delivered in the period."),
        count("chosen_attendances", "Attendances at the chosen set", chosen.attendances, f"{of}outcomes “attended”."),
        count("chosen_people", "Different people at the chosen set", chosen.people, f"{of}people, each counted once."),
    ]


def set_tables(chosen: CountedSet) -> list[FigureTable]:
    exactly, most = chosen.exactly, max(chosen.exactly, default=0)
    exact = FigureTable(
        "people_by_number_of_events",
        "People by number of events attended",
        {"events": "Number of events", "people": "People who attended exactly so many"},
        tuple({"events": str(n), "people": people} for n, people in exactly.items()),
        note=f"{chosen.words}.",
        is_mapping=True,
    )
    least = FigureTable(
        "people_by_least_number_of_events",
        "People by least number of events attended",
        {"events": "Number of events", "people": "People who attended so many or more"},
        tuple({"events": str(n), "people": at_least(exactly, n)} for n in range(1, most + 1)),
        note=f"{chosen.words}.",
        is_mapping=True,
    )
    return [exact, least]
