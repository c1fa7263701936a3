"""Marking, on a real database of each kind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from courses.attendance.register.models import Mark
from courses.attendance.register.queries import tally_of_day
from courses.attendance.register.rules import MarkKind, Seen
from courses.attendance.register.services import mark_people, mark_person, open_day
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.audit.models import AuditEntry
from lms.frame.access import Actor, program
from lms.frame.db import make_engine, writing
from lms.frame.work import Work
from lms.kit.errors import Conflict, NotAllowed
from tests.databases import NoSite
from tests.make import Make

PLAIN = BookingRequest()
NINE = datetime(2026, 4, 9, 8, 0, tzinfo=UTC)


@pytest.fixture
def event(work: Work, make: Make) -> Event:
    made = make.event()
    for name in ("Aled Brackenridge", "Bronagh Whitlowe"):
        book_place(work, made.id, make.person(name), PLAIN)
    work.now = NINE
    return made


def bookings(work: Work) -> list[Booking]:
    return list(work.session.scalars(sa.select(Booking).order_by(Booking.id)))


def test_the_last_mark_counts_and_the_one_before_is_in_the_audit(work: Work, event: Event) -> None:
    first, _ = bookings(work)
    mark_people(work, event.id, 1, {first.id: Seen(MarkKind.ABSENT)})
    mark_people(work, event.id, 1, {first.id: Seen(MarkKind.PRESENT, 5, note="Bus")})
    assert [(mark.kind, mark.late_minutes) for mark in work.session.scalars(sa.select(Mark))] == [("present", 5)]
    told = work.session.scalars(
        sa.select(AuditEntry.details).where(AuditEntry.event == "marked").order_by(AuditEntry.id)
    )
    assert [details["was"] and details["was"]["kind"] for details in told] == [None, "absent"]


def test_a_mark_sent_twice_counts_once(work: Work, event: Event) -> None:
    first, _ = bookings(work)
    day = open_day(work, event.id, 1)
    mark_person(work, day, first.id, Seen(MarkKind.PRESENT), client_key="key-one-of-a-phone")
    mark_person(work, day, first.id, Seen(MarkKind.ABSENT), client_key="key-two-of-a-phone")
    again = mark_person(work, day, first.id, Seen(MarkKind.PRESENT), client_key="key-one-of-a-phone")
    assert again.kind == "absent"


def test_a_mark_that_was_kept_on_a_phone_does_not_undo_a_later_one(work: Work, event: Event) -> None:
    first, _ = bookings(work)
    day = open_day(work, event.id, 1)
    mark_person(work, day, first.id, Seen(MarkKind.PRESENT))
    kept = mark_person(
        work, day, first.id, Seen(MarkKind.ABSENT), client_key="an-older-key", made_at=NINE - timedelta(minutes=9)
    )
    assert kept.kind == "present"
    assert "mark came after a later one" in list(work.session.scalars(sa.select(AuditEntry.event)))


def test_before_the_hour_before_and_for_what_does_not_run_marking_is_refused(work: Work, event: Event) -> None:
    first, _ = bookings(work)
    work.now = NINE - timedelta(hours=1)
    with pytest.raises(Conflict, match="Marking opens"):
        mark_people(work, event.id, 1, {first.id: Seen(MarkKind.PRESENT)})
    work.now = NINE
    event.state = EventState.POSTPONED
    work.session.flush()
    with pytest.raises(Conflict, match="postponed"):
        mark_people(work, event.id, 1, {first.id: Seen(MarkKind.PRESENT)})


def test_only_its_trainers_and_coordinators_open_a_register(work: Work, make: Make, event: Event) -> None:
    trainer = make.person("Denzil Marrowby")
    asking = replace(work, actor=Actor(trainer.name, trainer.id))
    with pytest.raises(NotAllowed):
        open_day(asking, event.id, 1)
    event.trainers.append(trainer)
    work.session.flush()
    assert open_day(asking, event.id, 1).number == 1


def test_a_booking_of_another_event_is_not_on_this_register(work: Work, make: Make, event: Event) -> None:
    first, _ = bookings(work)
    other = make.event(make.course("Another"))
    with pytest.raises(Conflict):
        mark_people(work, other.id, 1, {first.id: Seen(MarkKind.PRESENT)})


def test_the_tally_is_what_the_register_shows(work: Work, event: Event) -> None:
    first, second = bookings(work)
    mark_people(work, event.id, 1, {first.id: Seen(MarkKind.PRESENT, 9)})
    tally = tally_of_day(work.session, event.id, event.days[0].id)
    assert (tally.present, tally.late, tally.absent, tally.to_mark) == (0, 1, 0, 1)
    mark_people(work, event.id, 1, {second.id: Seen(MarkKind.EXCUSED)})
    assert tally_of_day(work.session, event.id, event.days[0].id).absent == 1


@pytest.mark.slow
def test_trainers_who_mark_at_the_same_moment_lose_nothing(engine: Engine, database_url: str, make: Make) -> None:
    """Ten phones mark all twelve people at once; everybody has one mark, and each mark made is in the audit."""
    event, agency = make.event(), make.agency()
    with_work = Work(session=make.session, actor=program("test"), now=NINE - timedelta(days=20), site=NoSite())
    ids = [book_place(with_work, event.id, make.person(f"Person {n}", agency=agency), PLAIN).id for n in range(12)]
    event_id = event.id
    make.commit()
    many, start, failures = make_engine(database_url), Barrier(10), []

    def mark(phone: int) -> None:
        start.wait()
        for number, booking_id in enumerate(ids[phone:] + ids[:phone]):
            try:
                with writing(many) as session:
                    work = Work(session=session, actor=program("test"), now=NINE, site=NoSite())
                    day = open_day(work, event_id, 1)
                    seen = Seen(MarkKind.PRESENT, note=f"phone {phone}")
                    mark_person(work, day, booking_id, seen, client_key=f"phone-{phone}-{number}")
            except Exception as failure:
                failures.append(failure)

    threads = [Thread(target=mark, args=(phone,)) for phone in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    many.dispose()
    assert failures == []
    with writing(engine) as session:
        assert sorted(session.scalars(sa.select(Mark.booking_id))) == sorted(ids)
        assert session.scalar(sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.event == "marked")) == 120
