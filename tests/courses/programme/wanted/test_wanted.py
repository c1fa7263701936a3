"""Topics that people ask for, and words that were searched for in vain."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from courses.programme.courses.models import Interest
from courses.programme.wanted.models import SearchInVain, TopicAsked
from courses.programme.wanted.queries import searched_in_vain, topics_asked
from courses.programme.wanted.rules import may_be_kept
from courses.programme.wanted.services import answer_topic, ask_for_topic, forget_searches, keep_search_in_vain
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.kit.errors import NotAllowed
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from tests.databases import ON_SQLITE
from tests.make import Make
from tests.moments import NOW

KNOWN = {"neglect", "safeguarding", "dv"}


@pytest.mark.parametrize(
    "typed", ["hoarding", "Hoarding and neglect", "FGM", "parental conflict", "county lines", "young carers"]
)
def test_what_may_be_a_topic_is_kept(typed: str) -> None:
    assert may_be_kept(typed.lower() if typed[:1] == "H" else typed, KNOWN, set())


@pytest.mark.parametrize(
    "typed",
    [
        "Tyler Okonjo",
        "tyler okonjo",
        "neglect Okonjo",
        "okonjo fenwick",
        "fenwick neglect",
        "sam@example.org",
        "www.example.org",
        "RV3 4AB",
        "rv34ab",
        "07700 900123",
        "943 476 5919",
        "12/03/2015",
        "4 7 2019",
        "child called kezia",
        "one two three four five six seven",
        "x" * 61,
        "…",
    ],
)
def test_what_looks_like_a_name_an_address_or_a_number_is_not(typed: str) -> None:
    assert not may_be_kept(typed, KNOWN, {"fenwick"})


def as_person(work: Work, person: Person) -> Work:
    return replace(work, actor=Actor(person.name, person_id=person.id))


def test_searches_in_vain_are_shown_from_the_second_day_and_forgotten_after_ninety(work: Work, make: Make) -> None:
    make.person("Ottoline Quarrington")
    for days, typed in (
        (0, "hoarding"),
        (0, "Hoarding"),
        (1, "hoarding"),
        (0, "gambling"),
        (95, "grooming"),
        (94, "grooming"),
    ):
        keep_search_in_vain(replace(work, now=NOW - timedelta(days=days)), typed.lower(), KNOWN)
    assert not keep_search_in_vain(work, "quarrington", KNOWN), "someone here is called so"
    assert [(row.words, row.times, row.days) for row in searched_in_vain(work.session, NOW)] == [("hoarding", 3, 2)]
    forget_searches(work)
    assert set(work.session.scalars(sa.select(SearchInVain.words))) == {"hoarding", "gambling"}
    assert {column.name for column in SearchInVain.__table__.columns} == {"id", "words", "on_day", "times"}


def test_a_topic_becomes_a_course_for_everyone_who_asked(work: Work, make: Make) -> None:
    first, second, left = make.person("First"), make.person("Second"), make.person("Left", left_on=NOW.date())
    early = replace(work, now=NOW - timedelta(days=30))
    asked = ask_for_topic(as_person(early, first), "  Hoarding ", "For home visits")
    ask_for_topic(as_person(work, first), "hoarding", "For visits at home")
    ask_for_topic(as_person(work, second), "HOARDING", "")
    ask_for_topic(as_person(work, left), "hoarding", "")
    assert [(row.topic, row.people) for row in topics_asked(work.session)] == [("Hoarding", 2)]
    course = make.course("Home conditions")
    with pytest.raises(NotAllowed):
        answer_topic(as_person(work, second), asked, course.id)
    assert answer_topic(work, asked, course.id) == 2
    letters = work.session.scalars(sa.select(OutboxLetter).order_by(OutboxLetter.id)).all()
    assert [(each.kind, each.person_id) for each in letters] == [
        ("courses.topic_found", first.id),
        ("courses.topic_found", second.id),
    ]
    turns = work.session.scalars(sa.select(Interest).order_by(Interest.asked_at)).all()
    assert [(each.person_id, each.asked_at) for each in turns] == [(first.id, early.now), (second.id, NOW)]
    assert topics_asked(work.session) == []


def test_one_person_asks_for_a_topic_once(work: Work, make: Make) -> None:
    person = make.person()
    for _ in range(2):
        work.session.add(TopicAsked(topic="Hoarding", person_id=person.id, asked_at=NOW))
    with pytest.raises(IntegrityError):
        work.session.flush()


@ON_SQLITE
def test_nothing_found_leads_on_and_is_told_once(
    client: FlaskClient, sign_in: Callable[[Person], FlaskClient], make: Make
) -> None:
    make.course("Neglect: seeing a child’s daily life")
    make.commit()
    html = client.get("/courses?q=hording neglect").text
    assert "Nothing matches “hording neglect”" in html
    assert "Neglect: seeing" in html.split("Closest to what you entered")[1]
    assert make.session.scalars(sa.select(SearchInVain)).all() == [], "a GET keeps nothing"
    make.commit()
    for typed in ("hoarding", "hoarding", "neglect", "Tyler Okonjo"):
        assert client.post("/searched-in-vain", data={"q": typed}).status_code == 303
    make.commit()
    assert [(each.words, each.times) for each in make.session.scalars(sa.select(SearchInVain))] == [("hoarding", 1)]
    browser = sign_in(make.person())
    assert 'value="hoarding"' in browser.get("/ask-for-a-topic?topic=hoarding").text
    answer = browser.post("/ask-for-a-topic", data={"topic": "hoarding", "note": ""}, follow_redirects=True)
    assert "as soon as there is a course about hoarding" in answer.text


@ON_SQLITE
def test_the_catalogue_says_what_it_understood_and_why_a_course_is_there(client: FlaskClient, make: Make) -> None:
    make.course("Domestic abuse: coercive control and children")
    make.commit()
    html = client.get("/courses?q=DV").text
    assert "Showing <strong>domestic abuse</strong> for “DV”" in html
    assert "domestic abuse in the title" in html
    assert "/courses?q=DV&amp;exact=yes" in html
    assert "Nothing matches “DV”" in client.get("/courses?q=DV&exact=yes").text


@ON_SQLITE
def test_the_office_changes_what_words_find(sign_in: Callable[[Person], FlaskClient], make: Make) -> None:
    make.course("Home conditions")
    browser = sign_in(make.coordinator())
    written = {"words": "home conditions", "others": "hoarding\nclutter"}
    assert browser.post("/catalogue/words/one", data=written).status_code == 303
    assert "Showing <strong>home conditions</strong> for “clutter”" in browser.get("/courses?q=clutter").text
    assert "is already on the list" in browser.post("/catalogue/words/one?of=early+help", data=written).text
    browser.post("/catalogue/words/put-back", data={"words": "Home Conditions"})
    assert "Nothing matches “clutter”" in browser.get("/courses?q=clutter").text
