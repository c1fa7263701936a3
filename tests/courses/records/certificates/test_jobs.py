"""Reminders to refresh, as the months go by."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from courses.booking.bookings.rules import Outcome
from courses.programme.events.models import Event
from courses.records.certificates.jobs import REMIND, remind_to_refresh
from lms.frame.work import Work
from lms.jobs.models import JobState
from lms.jobs.services import carry_out
from lms.mail.models import OutboxLetter
from tests.courses.records.conftest import Attend
from tests.make import Make
from tests.moments import NOW

pytestmark = pytest.mark.slow

# The event's last day is Friday 10 April 2026 and its course is refreshed every 36 months.


def walk(work: Work, since: datetime, until: datetime) -> list[str]:
    """Run the job daily, as the worker does; answers the days on which letters went."""
    state = JobState(name=REMIND, done_until=since)
    work.session.add(state)
    days, sent = [], 0
    work.now = since
    while work.now < until:
        work.now += timedelta(days=1)
        carry_out(work, remind_to_refresh)
        carry_out(work, remind_to_refresh)
        state.done_until = work.now
        now_sent = work.session.scalar(sa.select(sa.func.count()).select_from(OutboxLetter)) or 0
        days += [f"{work.now:%d %b %Y}"] * (now_sent - sent)
        sent = now_sent
    return days


BEFORE, AFTER = datetime(2029, 1, 2, 9, tzinfo=UTC), datetime(2029, 4, 20, tzinfo=UTC)


def test_two_reminders_go_once_each(work: Work, make: Make, held: Event, attend: Attend) -> None:
    attend(held, make.person())
    assert walk(work, BEFORE, AFTER) == ["10 Jan 2029", "10 Mar 2029"]


def test_a_rule_that_began_later_does_not_catch_up(work: Work, make: Make, held: Event, attend: Attend) -> None:
    attend(held, make.person())
    assert walk(work, datetime(2029, 2, 1, 9, tzinfo=UTC), AFTER) == ["10 Mar 2029"]


def test_none_goes_to_who_attended_again_left_or_only_came_in_part(
    work: Work, make: Make, held: Event, attend: Attend
) -> None:
    again, gone, part = (make.person(name) for name in ("Again", "Gone", "Part"))
    later = make.event(held.course, starts=NOW + timedelta(days=200))
    for event in (held, later):
        attend(event, again)
    gone.left_on = NOW.date()
    attend(held, gone)
    attend(held, part, Outcome.PART_ATTENDED)
    assert walk(work, BEFORE, AFTER) == []
