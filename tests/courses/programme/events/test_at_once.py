"""Two who plan at the same moment, and a date planned while the next version of its course is approved."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine

from courses.programme.catalogue.services import approve_course, revise_course
from courses.programme.courses.models import CourseVersion
from courses.programme.events.models import Event
from courses.programme.events.rules import EventDetails, PlannedDay
from courses.programme.events.services import plan_event
from lms.frame.access import Role
from lms.frame.db import writing
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.working_days import wall_time
from tests.at_once import AtOnce
from tests.everything import everything
from tests.make import Make
from tests.moments import NOW

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
DAY = datetime(2026, 6, 18).date()  # noqa: DTZ001


def planned(course_id: int, *, venue_id: int | None, trainers: tuple[int, ...] = ()) -> Callable[[Work], Any]:
    day = PlannedDay(wall_time(DAY, time(9, 30)), wall_time(DAY, time(16)), 0, venue_id)
    return lambda work: plan_event(work, course_id, [day], EventDetails(trainer_ids=trainers))


@ON_POSTGRESQL
@pytest.mark.parametrize("shared", ["room", "trainer"])
def test_a_room_or_a_trainer_is_not_taken_twice_by_two_who_plan_at_once(
    at_once: AtOnce, prepared: tuple[Make, Work], shared: str
) -> None:
    make, _work = prepared
    courses = [make.course(f"Course {each}").id for each in range(2)]
    venues = [make.venue(f"Venue {each}").id for each in range(2)]
    trainer = make.person("Trainer", roles=(Role.TRAINER,)).id
    make.commit()
    rooms, trainers = (venues[:1] * 2, ()) if shared == "room" else (venues, (trainer,))
    steps = [planned(course, venue_id=room, trainers=trainers) for course, room in zip(courses, rooms, strict=True)]
    first, second = at_once.meet(*steps)
    assert isinstance(first, Event)
    assert isinstance(second, Invalid)
    assert second.field == "anyway"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_on_sqlite_too_a_room_is_not_taken_twice_by_two_who_plan_at_once(
    engine: Engine, app: Flask, make: Make
) -> None:
    """Whoever may write waits before it reads anything: both begin at the same moment, on connections of their own."""
    courses, room = [make.course(f"Course {each}").id for each in range(2)], make.venue().id
    make.commit()
    begin = threading.Barrier(2)

    def plan(course_id: int) -> Event | Invalid:
        begin.wait(10)
        try:
            with writing(engine) as session:
                actor = everything(app.extensions["lms"])
                return planned(course_id, venue_id=room)(Work(session, actor, NOW, app.extensions["lms"]))
        except Invalid as refusal:
            return refusal

    with ThreadPoolExecutor(2) as both:
        did = list(both.map(plan, courses))
    assert sorted(type(each).__name__ for each in did) == ["Event", "Invalid"]
    assert [each.field for each in did if isinstance(each, Invalid)] == ["anyway"]


@ON_POSTGRESQL
@pytest.mark.parametrize("planner_first", [True, False])
def test_a_date_planned_while_the_next_version_is_approved_is_of_the_current_one(
    at_once: AtOnce, prepared: tuple[Make, Work], planner_first: bool
) -> None:
    make, work = prepared
    course = make.course()
    revise_course(work, course.id)
    make.commit()
    steps = planned(course.id, venue_id=None), lambda other: approve_course(other, course.id)
    at_once.meet(*(steps if planner_first else steps[::-1]))
    work.session.rollback()
    number = sa.select(CourseVersion.number).join(Event, Event.course_version_id == CourseVersion.id)
    assert work.session.scalars(number).all() == [2]
