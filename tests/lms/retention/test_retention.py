"""What is past its time goes, what is held stays, and the report says how much."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from courses.booking.bookings.models import AccessNeeds, Booking
from courses.booking.bookings.rules import BookingState, Outcome
from courses.programme.events.rules import EventState
from courses.records.certificates.models import Certificate
from lms.frame.plugins import Retention
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.mail.letters import Letter
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.mail.services import retry_letter
from lms.people.models import Person
from lms.policies.models import PolicyVersion
from lms.retention.queries import lines_of
from lms.retention.rules import months_before
from lms.retention.services import lift_hold, remove_what_is_past, set_hold
from lms.signin.models import Registration
from tests.make import Make
from tests.moments import NOW

SOON = NOW.date() + timedelta(days=30)


@pytest.fixture
def housed(app: Flask, work: Work) -> Work:
    """A Work of the whole site, with all its plugins."""
    return replace(work, site=app.extensions["lms"])


def removed(work: Work) -> dict[str, int]:
    """What one round removed, by name, without the lines that removed nothing."""
    lines = lines_of(remove_what_is_past(work, work.site.retention))
    assert [line.error for line in lines if line.error] == []
    work.session.expire_all()
    return {line.name: line.removed for line in lines if line.removed}


def booking_of(work: Work, make: Make, person: Person, ended: date) -> Booking:
    """Somebody who attended, long ago, with a certificate."""
    event = make.event(
        starts=NOW - (NOW.date() - ended) - timedelta(hours=8), state=EventState.DELIVERED, finalised_at=NOW
    )
    terms = work.session.scalars(sa.select(PolicyVersion)).first()
    booking = Booking(
        event=event,
        person=person,
        agency_id=person.agency_id,
        policy_version=terms,
        state=BookingState.CONFIRMED,
        place_number=1,
        booked_at=NOW,
        confirmed_at=NOW,
        free_until=NOW,
        outcome=Outcome.ATTENDED,
        manager_name="Bo Ashgrove",
    )
    work.session.add(booking)
    work.session.flush()
    number = booking.id
    work.session.add(
        Certificate(
            serial=f"S{number}",
            booking=booking,
            person_id=person.id,
            name=person.name,
            title="A day",
            version=1,
            dates="then",
            last_day_on=ended,
            cpd_minutes=60,
            outcomes=[],
            issued_at=NOW,
        )
    )
    work.session.flush()
    return booking


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 15), 24, date(2024, 1, 15)),
        (date(2026, 12, 31), 1, date(2026, 11, 30)),
    ],
)
def test_months_end_where_they_end(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


def test_old_bookings_lose_their_person_and_distinct_people_stay_distinct(housed: Work, make: Make) -> None:
    amara, bo = make.person("Amara Fenwick"), make.person("Bo Ashgrove")
    six_years = months_before(NOW.date(), 72)
    old = [booking_of(housed, make, who, six_years - timedelta(days=1 + n)) for n, who in enumerate((amara, amara, bo))]
    kept = booking_of(housed, make, amara, six_years + timedelta(days=1))
    assert removed(housed) == {"courses.bookings": 3}
    assert [each.person.name for each in old] == ["Erased person"] * 3
    assert old[0].person_id == old[1].person_id != old[2].person_id
    assert (old[0].manager_name, old[0].outcome, old[0].agency_id) == ("", Outcome.ATTENDED, amara.agency_id)
    assert kept.person_id == amara.id
    names = housed.session.scalars(sa.select(Certificate.name).order_by(Certificate.id)).all()
    assert names == ["Erased person"] * 3 + ["Amara Fenwick"]
    assert removed(housed) == {}


def test_what_is_held_stays_until_the_hold_is_lifted(housed: Work, make: Make) -> None:
    held, free = make.person("Held Person"), make.person("Free Person")
    bookings = [booking_of(housed, make, who, date(2026, 1, 1)) for who in (held, free)]
    for each in bookings:
        housed.session.add(AccessNeeds(booking_id=each.id, needs="A ramp", delete_after=date(2026, 2, 1)))
    housed.session.flush()
    with pytest.raises(Invalid):
        set_hold(housed, person=held, reason="", look_again_on=SOON)
    with pytest.raises(Invalid):
        set_hold(housed, person=None, reason="An inquiry", look_again_on=SOON)
    with pytest.raises(Invalid):
        set_hold(housed, person=held, reason="An inquiry", look_again_on=NOW.date())
    general = set_hold(housed, person=None, kept="courses.access_needs", reason="An inquiry", look_again_on=SOON)
    assert removed(housed) == {}
    one = set_hold(housed, person=held, reason="A claim", look_again_on=SOON)
    lift_hold(housed, general, reason="Over")
    assert removed(housed) == {"courses.access_needs": 1}
    assert housed.session.scalars(sa.select(AccessNeeds.booking_id)).all() == [bookings[0].id]
    with pytest.raises(Invalid):
        lift_hold(housed, one, reason=" ")
    lift_hold(housed, one, reason="Settled")
    assert removed(housed) == {"courses.access_needs": 1}


def test_letters_lines_of_the_audit_registrations_and_former_people_go_in_time(housed: Work, make: Make) -> None:
    person, gone, owner = make.person(), make.person("Long Gone", left_on=date(2019, 1, 1)), make.person("Still Owing")
    make.action(owner=owner)
    owner.left_on = date(2019, 1, 1)
    [letter] = housed.send(Letter("signin.code", "k:1", {"code": "x"}, person_id=person.id))
    waiting = Letter("courses.waiting", "k:2", {"x": "y"}, to_name="Bo", to_address="bo@x.example", can_wait=True)
    [to_manager] = housed.send(waiting)
    for each in (letter, to_manager):
        each.state, each.sent_at, each.due_at, each.subject = LetterState.SENT, NOW, NOW - timedelta(days=800), "S"
    replace(housed, now=NOW - timedelta(days=2300)).record("long ago", person)
    decided = Registration(name="Wren", email="w@x.example", asked_at=NOW, decided_at=NOW - timedelta(days=100))
    housed.session.add_all([decided, Registration(name="Ivo", email="i@x.example", asked_at=NOW)])
    housed.session.flush()
    lines = removed(housed)
    audited = lines.pop("audit.entries")
    assert audited >= 1
    assert lines == {"mail.letters": 2, "signin.registrations": 1, "personal_data.former_people": 1}
    assert (letter.context, letter.subject, letter.key) == ({}, "", "k:1")
    assert (to_manager.to_name, "bo@" in to_manager.to_address) == ("", False)
    with pytest.raises(Conflict):
        retry_letter(housed, letter.id)
    assert (gone.name, owner.name) == ("Erased person", "Still Owing")
    assert housed.session.scalars(sa.select(OutboxLetter.state)).all() == [LetterState.SENT] * 2


def test_one_that_fails_is_undone_and_stops_no_other(housed: Work, make: Make) -> None:
    person = make.person("Kept Name")

    def fail(work: Work) -> int:
        person.name = "Half done"
        work.session.flush()
        raise RuntimeError("no")

    kept = (Retention("a.fails", "Fails", fail), Retention("a.works", "Works", lambda work: 3))
    run = remove_what_is_past(housed, kept)
    assert [(line.name, line.removed, bool(line.error)) for line in lines_of(run)] == [
        ("a.fails", 0, True),
        ("a.works", 3, False),
    ]
    housed.session.expire_all()
    assert person.name == "Kept Name"
    failed = next(each for each in housed.site.checks if each.name == "retention.failed")  # type: ignore[attr-defined]
    assert len(list(failed.find(housed))) == 1
