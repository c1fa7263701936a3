"""A course's life, its versions, and people who ask for dates."""

from collections.abc import Callable
from datetime import date, time

import pytest
from flask.testing import FlaskClient

from courses.programme.catalogue import services
from courses.programme.catalogue.services import CourseWritten, Terms
from courses.programme.courses import rules
from courses.programme.courses.models import Course
from courses.programme.courses.rules import CourseStatus
from courses.programme.demand import services as demand
from courses.programme.demand.queries import demand_by_course, people_asking
from lms.frame.access import PUBLIC, Actor
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed
from lms.kit.working_days import wall_time
from lms.people.models import Person
from tests.make import Make
from tests.moments import NOW


def written(work: Work, code: str = "SB1") -> Course:
    return services.write_course(work, Terms(code), CourseWritten("Safer babies", outcomes=("ask again",)))


def test_a_course_is_written_approved_and_made_live(work: Work) -> None:
    course = written(work)
    assert course.status is CourseStatus.DRAFT
    with pytest.raises(Conflict):
        services.make_course_live(work, course.id)
    services.approve_course(work, course.id)
    services.make_course_live(work, course.id)
    assert course.status is CourseStatus.LIVE
    assert course.versions[0].reviewed_at == NOW


def test_a_new_version_leaves_the_past_alone_and_is_taken_by_what_is_to_come(work: Work, make: Make) -> None:
    course = make.course("Neglect")
    past, coming = make.event(course, starts=wall_time(date(2026, 2, 2), time(9, 30))), make.event(course)
    first = course.versions[0]
    second = services.revise_course(work, course.id)
    services.edit_course(work, course.id, Terms(course.code), CourseWritten("Neglect, revised"))
    assert (first.title, second.title, course.status) == ("Neglect", "Neglect, revised", CourseStatus.UNDER_REVISION)
    assert coming.version is first
    services.approve_course(work, course.id)
    work.session.expire_all()
    assert (past.version, coming.version, course.current) == (first, second, second)
    assert course.status is CourseStatus.LIVE


def test_a_course_says_what_people_should_have_done_first_and_never_itself(work: Work) -> None:
    first, second = written(work, "first"), written(work, "second")
    work.session.flush()
    words = CourseWritten("Second")
    services.edit_course(work, second.id, Terms("second", needed_ids=(first.id,)), words)
    assert second.needed == [first]
    with pytest.raises(Invalid, match="require itself"):
        services.edit_course(work, second.id, Terms("second", needed_ids=(second.id,)), words)
    services.edit_course(work, second.id, Terms("second"), words)
    assert second.needed == []


def test_a_course_with_dates_to_come_is_not_retired(work: Work, make: Make) -> None:
    course = make.course()
    event = make.event(course)
    with pytest.raises(Conflict):
        services.retire_course(work, course.id)
    make.session.delete(event)
    services.retire_course(work, course.id)
    services.make_course_live(work, course.id)
    assert course.status is CourseStatus.LIVE


def test_two_courses_never_have_one_code(work: Work) -> None:
    written(work)
    with pytest.raises(Invalid) as refused:
        written(work, " SB1 ")
    assert refused.value.field == "code"


def test_only_those_who_write_courses(work: Work) -> None:
    work.actor = PUBLIC
    with pytest.raises(NotAllowed):
        written(work)


def test_asking_twice_keeps_one_and_it_can_be_withdrawn(work: Work, make: Make) -> None:
    course, person = make.course(), make.person("Amara")
    work.actor = Actor("Amara", person.id)
    demand.ask_for_date(work, course.id, "Mornings")
    demand.ask_for_date(work, course.id, "Online")
    work.session.flush()
    assert [(each.name, each.note) for each in people_asking(work.session, course.id)] == [("Amara", "Online")]
    assert demand_by_course(work.session, NOW)[0].asking == 1
    demand.withdraw_interest(work, course.id)
    assert people_asking(work.session, course.id) == []


@pytest.mark.parametrize("code", ["", "a/b", "..", "?", "a\x00", "x" * 41])
def test_a_code_that_cannot_stand_in_an_address_is_refused(code: str) -> None:
    with pytest.raises(Invalid):
        rules.checked_code(code)


@pytest.mark.parametrize(
    ("days", "minutes", "words"),
    [(2, 780, "2 days"), (1, 390, "1 day"), (1, 180, "half a day"), (1, 120, "2 hours"), (1, 45, "45 minutes")],
)
def test_length_reads_in_a_word(days: int, minutes: int, words: str) -> None:
    assert rules.length_words(days, minutes) == words


def test_kinds_and_levels_are_read_however_they_are_spelt() -> None:
    assert rules.plain_kind("Learning-from-practice event") == rules.plain_kind("learning_from_practice")
    assert rules.plain_kind("E-learning") == rules.plain_kind("e_learning")
    assert [rules.plain_level(each) for each in ("Level 3", "3", " level3 ", "Advanced")] == ["3", "3", "3", "Advanced"]


def test_a_person_asks_for_another_date_and_the_coordinator_sees_it(
    sign_in: Callable[[Person], FlaskClient], client: FlaskClient, make: Make
) -> None:
    course = make.course("Neglect")
    address, manage = f"/courses/{course.code}", f"/catalogue/{course.id}"
    coordinator = make.coordinator()
    browser = sign_in(make.person("Amara Fenwick-Osei"))
    assert client.get(f"{address}/interest").status_code == 302
    browser.post(f"{address}/interest", data={"note": "Mornings"})
    assert "You have asked for another date" in browser.get(address).text
    desk = sign_in(coordinator)
    assert "“Mornings”" in desk.get(manage).text
    assert 'data-label="People asking">1<' in desk.get("/catalogue").text
    browser.post(f"{address}/interest/withdraw")
    assert "Ask for another date" in browser.get(address).text


def test_a_coordinator_writes_previews_and_publishes_a_course(
    sign_in: Callable[[Person], FlaskClient], client: FlaskClient, make: Make
) -> None:
    desk = sign_in(make.coordinator())
    data = {"title": "Safer babies", "code": "SB1", "event_type": "webinar", "outcomes": "• ask\n- look\n"}
    refused = desk.post("/catalogue/new", data={**data, "code": "a/b"})
    assert refused.status_code == 422
    assert 'value="Safer babies"' in refused.text
    manage = desk.post("/catalogue/new", data=data).headers["Location"]
    assert "<li>look</li>" in desk.get(f"{manage}/preview/1").text
    assert client.get("/courses/SB1").status_code == 404
    for step in ("approve", "make-live"):
        assert desk.post(f"{manage}/{step}").status_code == 303
    assert "Webinar" in client.get("/courses/SB1").text
    assert desk.post(f"{manage}/approve").status_code == 409
    assert desk.post(f"{manage}/explode").status_code == 404
    desk.post(f"{manage}/revise")
    desk.post(f"{manage}/edit", data={**data, "title": "Safer babies now"})
    assert "Safer babies now" not in client.get("/courses/SB1").text
    desk.post(f"{manage}/approve")
    assert "Safer babies now" in client.get("/courses/SB1").text
