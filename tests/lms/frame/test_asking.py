"""Lower code asks, something above it answers, at most one."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from lms.frame.access import program
from lms.frame.plugins import Answer, Plugin
from lms.frame.plugins.joining import joined
from lms.frame.site import SiteError, assemble
from lms.frame.work import Work
from lms.hosting import host
from lms.kit.questions import Question
from tests.databases import NoSite
from tests.moments import NOW


@dataclass(frozen=True)
class Weather(Question[str]):
    """What it is like outside."""

    place: str


@dataclass(frozen=True)
class Tide(Question[int]):
    """How high it is; by the sea only."""

    def unanswered(self) -> int:
        return 0


def plugin(name: str, *answers: Answer) -> Plugin:
    return Plugin(name=name, title=name, answers=answers)


WEATHER = Answer(Weather, lambda work, asked: f"Rain in {asked.place}")


def work_with(*plugins: Plugin) -> Work:
    return Work(Session(), program("test"), NOW, assemble(NoSite.settings, [*host.PLUGINS, *plugins]))


def test_who_knows_answers() -> None:
    assert work_with(plugin("sky", WEATHER)).ask(Weather("Larkham")) == "Rain in Larkham"


def test_without_an_answer_the_question_says_what_is_taken_or_that_it_needs_one() -> None:
    alone = work_with()
    assert alone.ask(Tide()) == 0
    with pytest.raises(LookupError, match="No plugin answers Weather"):
        alone.ask(Weather("Larkham"))


def test_two_who_answer_and_what_is_no_question_stop_the_start() -> None:
    wrong = Answer(int, lambda work, asked: asked)
    with pytest.raises(SiteError) as refusal:
        work_with(plugin("sky", WEATHER), plugin("sea", WEATHER, wrong))
    assert "sea: sky answers Weather already." in str(refusal.value)
    assert "sea: it answers int, which is no Question." in str(refusal.value)


def test_rooms_are_joined_in_order() -> None:
    tide = Answer(Tide, lambda work, asked: 3)
    whole = joined(
        Plugin(name="coast", title="Coast", requires=("sky",)), [plugin("coast", WEATHER), plugin("x", tide)]
    )
    assert (whole.name, whole.requires) == ("coast", ("sky",))
    assert whole.answers == (WEATHER, tide)
