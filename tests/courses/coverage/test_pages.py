"""The matrix, the steps of the thread, the desk and the catalogue, as each role sees them."""

from collections.abc import Callable
from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from courses.coverage.rules import How
from lms.frame.access import Role
from lms.people.models import Person
from tests.courses.coverage.conftest import Learning, delivered
from tests.courses.coverage.test_reach import AFTER
from tests.databases import ON_SQLITE
from tests.make import Make
from tests.queries import counted_queries

MOST_QUERIES = 6
LAYOUT = 3
SECRET = "A sentence that is under embargo"
ADDRESS = "/learning/coverage"
Browsers = Callable[[Person], FlaskClient]


def text(browser: FlaskClient, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200, f"{url} answers {answer.status}"
    return " ".join(BeautifulSoup(answer.text, "html.parser").get_text(" ").split())


def test_the_matrix_shows_how_each_course_covers_a_point_and_its_gaps(
    sign_in: Browsers, make: Make, learning: Learning
) -> None:
    course = make.course("Neglect: a child’s day")
    taught, bare = learning.point("Describe a day"), learning.point("Speak to the child alone")
    learning.cover(course, taught, How.PRACTISED)
    delivered(make, course, AFTER)
    browser = sign_in(make.person(roles=(Role.CHAIR,)))
    shown = text(browser, ADDRESS)
    assert "2 learning points agreed since June 2025, 1 live course. 1 is practised somewhere. 1 has a gap." in shown
    assert f"Describe a day {taught.ref} Practised Practised since July 2025" in shown
    assert f"Speak to the child alone {bare.ref} – Not covered Gap No live course" in shown
    assert "1 of 2 by any course" in shown
    assert "Describe a day" not in text(browser, f"{ADDRESS}?show=gaps")


@ON_SQLITE
def test_the_matrix_is_filtered_by_theme_type_of_review_and_level(
    sign_in: Browsers, make: Make, learning: Learning
) -> None:
    neglect = learning.theme("Neglect")
    learning.point("Describe a day", themes=[neglect])
    learning.point("Speak to the child alone", review=None)
    make.course("Supervision: for managers", level="4")
    browser = sign_in(make.person(roles=(Role.MEMBER,)))
    assert "Speak to the child" not in text(browser, f"{ADDRESS}?theme=Neglect")
    assert "Describe a day" in text(browser, f"{ADDRESS}?type=lcspr")
    assert "Describe a day" not in text(browser, f"{ADDRESS}?type=dhr")
    assert "0 live courses" in text(browser, f"{ADDRESS}?level=2")
    assert "1 live course." in text(browser, f"{ADDRESS}?level=4")


@pytest.mark.parametrize("role", [Role.DELEGATE, Role.TRAINER, Role.AGENCY_LEAD, Role.FINANCE])
def test_the_matrix_is_not_for_everybody(sign_in: Browsers, make: Make, role: Role) -> None:
    assert sign_in(make.person(roles=() if role is Role.DELEGATE else (role,))).get(ADDRESS).status_code == 403


def test_a_large_matrix_needs_no_more_queries(app: Flask, sign_in: Browsers, make: Make, learning: Learning) -> None:
    courses = [make.course(f"Course {number}: long") for number in range(12)]
    themes = [learning.theme(f"Theme {number}") for number in range(5)]
    for number in range(40):
        point = learning.point(f"Point {number}", themes=[themes[number % 5]])
        learning.cover(courses[number % 12], point)
    browser = sign_in(make.person(roles=(Role.COORDINATOR,)))
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    with counted_queries(engine) as sent:
        assert browser.get(ADDRESS).status_code == 200
    assert len(sent) - LAYOUT <= MOST_QUERIES, "\n\n".join(sent)


def test_embargoed_learning_appears_nowhere_but_to_officers(
    client: FlaskClient, sign_in: Browsers, make: Make, learning: Learning
) -> None:
    course = make.course()
    hidden = learning.point(SECRET, review=learning.review(embargoed=True))
    line = learning.cover(course, hidden)
    delivered(make, course, AFTER)
    coordinator, chair = make.coordinator(), make.person(roles=(Role.CHAIR,))
    officer = make.person(roles=(Role.REVIEW_OFFICER,))
    browser = sign_in(coordinator)
    desk = [
        f"/catalogue/{course.id}",
        f"/catalogue/{course.id}/coverage/add",
        ADDRESS,
        "/courses",
        f"/courses/{course.code}",
    ]
    for url in desk:
        shown = text(browser, url)
        assert SECRET.lower() not in shown.lower()
        assert hidden.ref not in shown
    for url in (f"/coverage/{line.id}/edit", f"/learning/points/{hidden.id}/cover", f"/learning-points/{hidden.ref}"):
        assert browser.get(url).status_code == 404
    assert browser.post(f"/coverage/{line.id}/remove").status_code == 404
    assert SECRET not in text(sign_in(chair), ADDRESS)
    for url in ("/courses", f"/courses/{course.code}"):
        assert SECRET.lower() not in text(client, url).lower()
    assert SECRET in text(sign_in(officer), ADDRESS)


@ON_SQLITE
def test_the_catalogue_says_what_learning_a_course_covers(client: FlaskClient, make: Make, learning: Learning) -> None:
    course = make.course()
    learning.cover(course, learning.point("Ask who lives there"), How.PRACTISED, place="Scenario in pairs", minutes=40)
    learning.cover(course, learning.point("Ask again"), How.MENTIONED)
    learning.cover(course, learning.point("Not agreed", agreed_on=None, agreed_minute=""))
    make.course("Another course")
    make.commit()
    assert "Covers learning from 2 reviews: ask who lives there." in text(client, "/courses")
    page = text(client, f"/courses/{course.code}")
    assert "The review, published November 2024" not in page, "a review without words for everyone is not told of"
    assert "You practise it: scenario in pairs (40 minutes, since July 2025)." in page
    assert "ask again" in page
    assert "Not agreed" not in page


def test_the_thread_shows_courses_events_people_and_gaps(sign_in: Browsers, make: Make, learning: Learning) -> None:
    course, point = make.course(), learning.point()
    learning.cover(course, point, How.PRACTISED, place="Scenario in pairs", minutes=40)
    event = delivered(make, course, AFTER)
    learning.attend(event, make.person())
    make.event(course)
    chair = text(sign_in(make.person(roles=(Role.CHAIR,))), f"/learning-points/{point.ref}")
    for words in (
        "One live course, with practice",
        "Scenario in pairs (40 min)",
        "1 event since July 2025",
        "A hidden number of people",
        "Thu 9 Apr 2026",
        "24 places left",
    ):
        assert words in chair
    assert "Distinct people hidden" in chair
    coordinator = text(sign_in(make.coordinator()), f"/learning-points/{point.ref}")
    assert "Distinct people 1" in coordinator
    assert "Add a course that covers it" in coordinator


@ON_SQLITE
def test_a_point_that_no_course_covers_says_so(sign_in: Browsers, make: Make, learning: Learning) -> None:
    point = learning.point()
    shown = text(sign_in(make.person(roles=(Role.SCRUTINEER,))), f"/learning-points/{point.ref}")
    assert shown.count("No live course covers it") == 2, "as the step's heading and among the gaps"


@ON_SQLITE
def test_a_coordinator_adds_changes_and_removes_coverage(sign_in: Browsers, make: Make, learning: Learning) -> None:
    course, point = make.course(), learning.point()
    browser = sign_in(make.coordinator())
    typed = {"learning_point_id": point.id, "how": "taught", "place": "Unit 3", "since_on": "2026-01-12"}
    add = f"/catalogue/{course.id}/coverage/add"
    assert browser.post(add, data=typed).status_code == 303
    assert "Unit 3" in text(browser, f"/catalogue/{course.id}")
    refused = browser.post(f"/learning/points/{point.id}/cover", data={**typed, "course_id": course.id})
    assert refused.status_code == 422
    answer = browser.post(
        "/coverage/1/edit", data={"how": "practised", "place": "Born on 3 May", "since_on": "2026-01-12"}
    )
    assert answer.status_code == 422
    assert "Leave out names" in answer.text
    assert "Born on 3 May" in answer.text
    future = browser.post("/coverage/1/edit", data={"how": "practised", "since_on": date(2031, 1, 1).isoformat()})
    assert future.status_code == 422
    assert browser.post("/coverage/1/edit", data={"how": "practised", "since_on": "2026-01-12"}).status_code == 303
    assert "Practised" in text(browser, f"/catalogue/{course.id}")
    assert browser.post("/coverage/1/remove").status_code == 303
    assert "It covers no learning" in text(browser, f"/catalogue/{course.id}")
    assert browser.post(add, data={}).status_code == 422


@ON_SQLITE
def test_a_course_is_added_from_a_learning_point(sign_in: Browsers, make: Make, learning: Learning) -> None:
    course, point = make.course(), learning.point()
    browser = sign_in(make.coordinator())
    typed = {"course_id": course.id, "how": "mentioned", "since_on": "2026-01-12"}
    answer = browser.post(f"/learning/points/{point.id}/cover", data=typed, follow_redirects=True)
    assert "One live course, none of them with practice" in answer.text
