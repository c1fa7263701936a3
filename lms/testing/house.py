"""What must be true of every plugin. `lms plugins check` asks it by a command, `house_tests` by pytest."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

from lms.testing import letters, running, source, storage, walk
from lms.testing.tryout import Tryout


@dataclass(frozen=True)
class Rule:
    """One thing that must be true. `find(tryout)` names what breaks it, a line each."""

    name: str
    words: str
    find: Callable[[Tryout], Iterable[str]]


RULES = (
    Rule("source", "It imports what the guide allows, and leaves committing and clocks to others", source.wrong_source),
    Rule("templates", "No page has a script or a style inside", source.templates_with_scripts_inside),
    Rule("letters", "Every letter reads well as text and as a page", letters.wrong_letters),
    Rule("migrations", "Its migrations make what its models say, and go back and forward", storage.wrong_migrations),
    Rule("rows", "No row is lost between its first migration and its newest", storage.rows_lost_on_the_way),
    Rule("people", "People are copied, merged and erased in its tables", storage.people_not_served),
    Rule("jobs", "Its jobs run, and a second time writes no one again", running.failing_jobs),
    Rule("checks", "Its checks run, and its invented records break none", running.broken_checks),
    Rule("files", "What it exports comes back in unchanged", running.wrong_files),
    Rule("figures", "Its figures can be told to the office and to scrutineers", running.wrong_sections),
    Rule("guests", "What it shows on the pages of others works for every role", running.failing_guests),
    Rule("api", "The document of the API can be written", running.closed_api),
    Rule("menu", "Every line of the menu leads somewhere", walk.menu_that_leads_nowhere),
    Rule("pages", "No page breaks or writes, whoever asks for it", walk.broken_pages),
    Rule("opened", "Every page opens for someone", walk.closed_pages),
    Rule("not found", "What is not there is a page not found", walk.pages_of_nothing),
    Rule("forms", "A form that refuses says so and keeps what was typed", walk.careless_forms),
)
"""The last one changes records."""


def house_tests(*but: str) -> Callable[..., None]:
    """A test for each rule and kind of database: `test_the_house_takes_it = house_tests()`. `but`: rules left out."""
    import pytest  # noqa: PLC0415  (a site that serves has no pytest)

    rules = [rule for rule in RULES if rule.name not in but]

    @pytest.mark.parametrize("rule", rules, ids=[rule.name.replace(" ", "_") for rule in rules])
    def test(rule: Rule, tryout: Tryout) -> None:
        faults = list(rule.find(tryout))
        assert not faults, f"{rule.words}:\n" + "\n".join(faults)

    return cast(Callable[..., None], test)
