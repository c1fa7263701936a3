"""Who is up to date, for those who may see it, and small numbers hidden."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from courses.programme.events.models import Event
from courses.records.compliance.queries import compliance
from lms.frame.access import Actor, Role, program
from lms.frame.work import Work
from lms.kit.telling.numbers import Told
from lms.kit.telling.shares import Share
from lms.people.models import Person
from tests.courses.records.conftest import Attend
from tests.make import Make
from tests.moments import NOW
from tests.queries import counted_queries


def people(make: Make, number: int, agency_name: str) -> list[Person]:
    agency, group = make.agency(agency_name), make.role_group()
    return [make.person(f"{agency_name} {each}", agency=agency, role_group=group) for each in range(number)]


def test_only_people_the_course_is_for_and_attendances_that_still_count(
    work: Work,
    make: Make,
    held: Event,
    attend: Attend,
) -> None:
    first, second, other = people(make, 3, "Larkham Primary School")
    held.version.audience = [make.role_group()]
    other.role_group = make.role_group("Police")
    old = make.event(held.course, starts=NOW - timedelta(days=4 * 365))
    attend(held, first)
    attend(old, second)
    attend(held, other)
    found = compliance(work.session, program("test"), "", NOW)
    assert [row.share for level in found.levels for row in level.rows] == [Share(2, 1)]
    second.left_on = NOW.date()
    work.session.flush()
    assert compliance(work.session, program("test"), held.course.code, NOW).total == Share(1, 1)


def test_a_lead_sees_the_own_agency_and_a_chair_no_small_number(
    work: Work,
    make: Make,
    held: Event,
    attend: Attend,
) -> None:
    small, large = people(make, 3, "Larkham Primary School"), people(make, 12, "Rowan Valley Police")
    for person in (*small[:1], *large[:6]):
        attend(held, person)
    agency_id = small[0].agency_id or 0
    lead = Actor("Lead", person_id=1, leads_agency_ids=frozenset({agency_id}))
    rows = compliance(work.session, lead, held.course.code, NOW).rows
    assert [(row.title, row.share) for row in rows] == [("Larkham Primary School", Share(3, 1))]
    chair = compliance(work.session, Actor("Chair", person_id=2), held.course.code, NOW)
    assert [(row.title, row.share.shown) for row in chair.rows] == [("2 agencies, together", "7 of 15")]
    assert chair.total == Share(15, 7, Told(7))


def test_a_level_counts_each_person_once_and_hides_what_its_courses_hide(
    work: Work, make: Make, held: Event, attend: Attend
) -> None:
    """Twelve people, two courses of one level: eight attended the first, six of these and two others the second."""
    team = people(make, 12, "Rowan Valley Police")
    other = make.event(make.course("Neglect", level=held.version.level), starts=NOW - timedelta(days=30))
    for person in team[:8]:
        attend(held, person)
    for person in (*team[:6], *team[8:10]):
        attend(other, person)
    (level,) = compliance(work.session, program("test"), "", NOW).levels
    assert [row.share.valid for row in level.rows] == [8, 8]
    assert level.share == Share(12, 10)
    chosen = compliance(work.session, program("test"), "", NOW, level.level)
    assert [(row.title, row.share) for row in chosen.rows] == [("Rowan Valley Police", Share(12, 10))]
    assert chosen.title == "Level 3"
    (hidden,) = compliance(work.session, Actor("Chair", person_id=2), "", NOW).levels
    assert [row.share.shown for row in hidden.rows] == ["most of 12", "most of 12"], "four of each are not up to date"
    assert hidden.share.shown == "most of 12"


def test_a_large_agency_keeps_its_line_beside_small_ones(work: Work, make: Make, held: Event, attend: Attend) -> None:
    """Of thirty twelve, of twenty eighteen; three schools have two each, of whom one has attended."""
    for number, (size, came) in enumerate([(30, 12), (20, 18), (2, 1), (2, 1), (8, 5)]):
        for person in people(make, size, f"Agency {number}")[:came]:
            attend(held, person)
    chair = compliance(work.session, Actor("Chair", person_id=2), held.course.code, NOW)
    assert [(row.title, row.share.shown) for row in chair.rows] == [
        ("Agency 0", "11 to 16 of 30"),
        ("Agency 1", "most of 20"),
        ("3 other agencies", "5 to 7 of 12"),
    ]
    assert chair.total.shown == "37 of 62"


def test_the_number_of_queries_does_not_grow(
    engine: Engine,
    work: Work,
    make: Make,
    held: Event,
    attend: Attend,
) -> None:
    def asked() -> int:
        work.session.flush()
        with counted_queries(engine) as sent:
            compliance(work.session, program("test"), "", NOW)
        return len(sent)

    attend(held, people(make, 1, "One")[0])
    few = asked()
    for name in ("Two", "Three"):
        make.course(title=name)
        attend(held, people(make, 2, name)[0])
    assert asked() == few


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.COORDINATOR, 200), (Role.CHAIR, 200), (Role.AGENCY_LEAD, 200), (Role.DELEGATE, 403), (Role.TRAINER, 403)],
)
def test_who_may_see_it(sign_in: Callable[[Person], FlaskClient], make: Make, role: Role, status: int) -> None:
    browser = sign_in(make.person("Robin", roles=() if role is Role.DELEGATE else (role,)))
    assert browser.get("/up-to-date").status_code == status


def test_a_past_day_can_be_made_again(work: Work, make: Make, held: Event, attend: Attend) -> None:
    """Whoever moved, left or came since: what was told at the end of that day is told again."""
    long_ago = NOW - timedelta(days=400)
    trust, school, group = make.agency("Trust"), make.agency("School"), make.role_group()
    held.version.audience = [group]
    team = [
        make.person(f"Person {each}", agency=trust, role_group=group, created_at=long_ago - timedelta(days=9))
        for each in range(8)
    ]
    first = make.event(held.course, starts=long_ago + timedelta(days=9), version=held.version)
    for person in team[:5]:
        attend(first, person)
    make.person("Someone new", agency=trust, role_group=group)
    day = (long_ago + timedelta(days=20)).date()
    before = compliance(work.session, program("test"), held.course.code, long_ago + timedelta(days=20))
    assert [(row.title, row.share) for row in before.rows] == [("Trust", Share(8, 5))]

    team[0].agency = school
    team[1].role_group = make.role_group("Police")
    team[2].left_on = NOW.date()
    attend(held, team[7])
    work.session.flush()
    again = compliance(work.session, program("test"), held.course.code, NOW, on=day)
    assert (again.rows, again.total, again.is_past) == (before.rows, before.total, True)
    today = compliance(work.session, program("test"), held.course.code, NOW)
    assert {row.title: row.share for row in today.rows} == {"School": Share(1, 1), "Trust": Share(6, 3)}
    earlier = compliance(work.session, program("test"), held.course.code, NOW, on=long_ago.date())
    assert [row.share for row in earlier.rows] == [Share(8, 0)], "no one had attended by then"


def test_a_past_day_is_for_those_from_whom_nothing_is_hidden(
    make: Make, held: Event, attend: Attend, sign_in: Callable[[Person], FlaskClient]
) -> None:
    """Two days side by side would tell of one person."""
    for person in people(make, 8, "Rowan Valley Police"):
        attend(held, person)
    office, chair = make.coordinator(), make.person("Chair", roles=(Role.CHAIR,))
    make.commit()
    url = f"/up-to-date?course={held.course.code}&on=2026-03-15"
    page = sign_in(office).get(url).text
    assert "the end of Sunday 15 March 2026" in page
    assert 'name="on"' in page
    told = sign_in(chair).get(url).text
    assert "15 March" not in told
    assert 'name="on"' not in told
    assert "no information for dates before people were added" in sign_in(office).get("/up-to-date?on=2001-01-01").text
    wrong = sign_in(office).get("/up-to-date?on=yesterday").text
    assert "Enter a date, like 2026-03-16" in wrong
    assert 'value="yesterday"' in wrong
