"""What was delivered since a point is covered, and whom it reached, without small numbers for aggregate roles."""

from datetime import date, datetime, timedelta

import pytest

from courses.booking.bookings.rules import Outcome
from courses.coverage.reach.figures import Reach
from courses.coverage.reach.queries import covered_by, delivered_events, reach_of, versions_covering
from courses.coverage.rules import How
from courses.programme.courses.models import Course
from courses.programme.courses.rules import CourseStatus
from lms.agencies.models import RoleGroup
from lms.frame.work import Work
from lms.people.models import Person
from reviews.learning.models import LearningPoint
from tests.courses.coverage.conftest import Learning, delivered
from tests.make import Make
from tests.moments import NOW

BEFORE = datetime(2025, 6, 12, 9, 30, tzinfo=NOW.tzinfo)
AFTER = datetime(2025, 10, 9, 9, 30, tzinfo=NOW.tzinfo)


def reach(work: Work, point: LearningPoint, *, is_exact: bool = False) -> Reach:
    versions = versions_covering(work.session, work.actor, point.id)
    return reach_of(work.session, versions, delivered_events(work.session, versions), is_exact=is_exact)


@pytest.fixture
def audience(make: Make) -> RoleGroup:
    return make.role_group()


@pytest.fixture
def course(make: Make, audience: RoleGroup) -> Course:
    made: Course = make.course(audience=[audience])
    return made


def people(make: Make, sector: str, number: int, audience: RoleGroup) -> list[Person]:
    agency = make.agency(f"{sector} agency", sector=make.sector(sector))
    return [make.person(f"{sector} {n}", agency=agency, role_group=audience) for n in range(number)]


def test_only_delivered_events_since_then_count(work: Work, make: Make, learning: Learning, course: Course) -> None:
    point = learning.point()
    learning.cover(course, point)
    delivered(make, course, BEFORE)
    after = delivered(make, course, AFTER)
    make.event(course, starts=NOW + timedelta(days=30))
    versions = versions_covering(work.session, work.actor, point.id)
    events = delivered_events(work.session, versions)
    assert [event.id for event in events] == [after.id]
    assert [each.delivered_on for each in covered_by(versions, events)] == [date(2025, 10, 9)]


def test_a_person_who_came_twice_is_one_and_who_did_not_come_is_none(
    work: Work, make: Make, learning: Learning, course: Course, audience: RoleGroup
) -> None:
    point = learning.point()
    learning.cover(course, point)
    health = people(make, "Health", 8, audience)
    first, second = delivered(make, course, AFTER), delivered(make, course, AFTER + timedelta(days=7))
    for place, person in enumerate(health[:6], 1):
        learning.attend(first, person, place=place)
    learning.attend(second, health[0])
    learning.attend(second, health[7], Outcome.DID_NOT_ATTEND, place=2)
    found = reach(work, point, is_exact=True)
    told = (found.events, found.bookings.number, found.attendances.number, found.people.number)
    assert told == (2, 8, 7, 6)
    assert (found.audience, found.places) == (8, 48)
    (row,) = found.sectors
    assert (row.name, row.reached.number, row.audience, row.per_cent) == ("Health", 6, 8, 75.0)
    aggregate = reach(work, point)
    assert (aggregate.bookings.shown, aggregate.attended_booked.shown) == ("8", "most of 8")
    assert aggregate.people.shown == "hidden", "of an audience of eight nothing is told"


def test_who_was_reached_stays_in_the_sector_of_then(
    work: Work, make: Make, learning: Learning, course: Course, audience: RoleGroup
) -> None:
    """Of nine, six came before their agency moved; three who did not come are of the sector of today."""
    point = learning.point()
    learning.cover(course, point)
    event, health = delivered(make, course, AFTER), people(make, "Health", 9, audience)
    for place, person in enumerate(health[:6], 1):
        learning.attend(event, person, place=place)
    agency = health[0].agency
    assert agency is not None
    agency.sector = make.sector("Justice")
    work.session.flush()
    found = reach(work, point, is_exact=True)
    assert sorted((row.name, row.reached.number, row.audience) for row in found.sectors) == [
        ("Health", 6, 6),
        ("Justice", 0, 3),
    ]


def test_small_sectors_are_told_together_and_a_large_one_keeps_its_line(
    work: Work, make: Make, learning: Learning, course: Course, audience: RoleGroup
) -> None:
    point = learning.point()
    learning.cover(course, point)
    event = delivered(make, course, AFTER, capacity=60)
    came = [
        *people(make, "Health", 20, audience)[:12],
        *people(make, "Police", 15, audience)[:13],
        *people(make, "Justice", 11, audience)[:3],
        *people(make, "Probation", 6, audience)[:2],
    ]
    for place, person in enumerate(came, 1):
        learning.attend(event, person, place=place)
    found = reach(work, point)
    assert [(row.name, row.reached.shown, row.audience, row.share) for row in found.sectors] == [
        ("Police", "most of 15", 15, "at least 73.3%"),
        ("Health", "12", 20, "60.0%"),
        ("Justice and Probation, together", "5 to 7", 17, "29.4% to 41.2%"),
    ]
    assert (found.people.number, found.audience) == (30, 52)
    exact = reach(work, point, is_exact=True)
    assert {row.name: row.reached.number for row in exact.sectors} == {
        "Police": 13, "Health": 12, "Justice": 3, "Probation": 2}  # fmt: skip


def test_where_a_whole_audience_came_its_size_tells_nobody_of_the_few(
    work: Work, make: Make, learning: Learning, course: Course, audience: RoleGroup
) -> None:
    """8 of Police and 2 of Probation are told with Health: their sizes would be their numbers."""
    point = learning.point()
    learning.cover(course, point)
    event = delivered(make, course, AFTER, capacity=40)
    came = [
        *people(make, "Health", 12, audience),
        *people(make, "Police", 8, audience),
        *people(make, "Probation", 2, audience),
    ]
    for place, person in enumerate(came, 1):
        learning.attend(event, person, place=place)
    found = reach(work, point)
    assert [(row.name, row.reached.shown) for row in found.sectors] == [
        ("Health", "12"),
        ("Police and Probation, together", "10"),
    ]


def test_of_a_very_small_audience_nothing_is_told(
    work: Work, make: Make, learning: Learning, course: Course, audience: RoleGroup
) -> None:
    point = learning.point()
    learning.cover(course, point)
    event = delivered(make, course, AFTER)
    learning.attend(event, people(make, "Probation", 3, audience)[0])
    found = reach(work, point)
    assert (found.people.shown, [row.reached.shown for row in found.sectors]) == ("hidden", ["hidden"])
    assert [each.number for each in (found.attendances, found.attended_booked, found.walk_ins)] == [None, None, 0]


def test_the_audience_is_those_who_are_here_in_its_role_groups(
    work: Work, make: Make, learning: Learning, course: Course, audience: RoleGroup
) -> None:
    point = learning.point()
    learning.cover(course, point)
    people(make, "Health", 6, audience)
    make.person("Someone else", role_group=make.role_group("Teaching"))
    make.person("Gone", role_group=audience, left_on=date(2026, 1, 1))
    assert reach(work, point).audience == 6
    for_all = make.course()
    learning.cover(for_all, point, How.MENTIONED)
    assert reach(work, point).audience == 7, "a version for no role group is for everyone"


def test_a_retired_course_covers_nothing_but_what_it_reached_stays(
    work: Work, make: Make, learning: Learning, course: Course
) -> None:
    point = learning.point()
    learning.cover(course, point)
    delivered(make, course, AFTER)
    course.status = CourseStatus.RETIRED
    versions = versions_covering(work.session, work.actor, point.id)
    events = delivered_events(work.session, versions)
    assert covered_by(versions, events) == []
    assert len(events) == 1
