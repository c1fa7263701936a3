"""What `lms check` finds of claims, offers and deadlines, `lms check --repair` mends, and nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from courses.booking.bookings import checks
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.rules import BookingState
from courses.booking.bookings.services import BookingRequest, book_place
from courses.booking.mending import services as mending
from courses.booking.mending.checks import deadlines
from courses.programme.events.rules import EventState
from lms.audit.models import AuditEntry
from lms.frame.access import Actor
from lms.frame.plugins import Mend
from lms.frame.work import Work
from lms.kit.working_days import free_cancellation_until, london_date
from lms.personal_data.checks import gone_but_signing_in, mend_open_accounts
from lms.policies.models import PolicyVersion
from lms.policies.rules import Policy
from tests.make import Make
from tests.moments import NOW

Find = Callable[[Work], Iterator[str]]
Repair = Callable[[Work], Iterator[Mend]]


def mended(work: Work, find: Find, repair: Repair) -> list[str]:
    """What the mends say. It was found before and is not after, and a second time there is nothing to do."""
    work.session.flush()
    work.session.expire_all()
    assert list(find(work)) != []
    before = work.session.scalar(sa.select(sa.func.count(AuditEntry.id))) or 0
    said = _said(work, repair)
    work.session.flush()
    work.session.expire_all()
    assert list(find(work)) == []
    assert _said(work, repair) == []
    assert (work.session.scalar(sa.select(sa.func.count(AuditEntry.id))) or 0) >= before + len(said) > before
    return said


def _said(work: Work, repair: Repair) -> list[str]:
    return [words for each in list(repair(work)) if (words := each(work))]


def book(work: Work, make: Make, event_id: int) -> Booking:
    return book_place(
        work, event_id, make.person(), BookingRequest(manager_name="Bo Ash", manager_email="bo@ash.example")
    )


def set_to(work: Work, sql: str, **values: object) -> None:
    work.session.flush()
    work.session.execute(sa.text(sql), values)
    work.session.expire_all()


def test_a_claim_of_an_erased_record_ends_and_who_waits_is_offered_its_place(work: Work, make: Make) -> None:
    event = make.event(capacity=1)
    gone, waits = book(work, make, event.id), book(work, make, event.id)
    set_to(work, "UPDATE person SET erased_at = created_at WHERE id = :id", id=gone.person_id)
    mended(work, checks.claims_of_gone, mending.mend_claims_of_gone)
    assert (gone.state, waits.state) == (BookingState.CANCELLED, BookingState.OFFERED)


def test_a_claim_of_a_merged_record_goes_to_the_one_that_was_kept(work: Work, make: Make) -> None:
    event, kept = make.event(), make.person()
    claim = book(work, make, event.id)
    set_to(work, "UPDATE person SET merged_into_id = :kept WHERE id = :id", kept=kept.id, id=claim.person_id)
    mended(work, checks.claims_of_gone, mending.mend_claims_of_gone)
    assert (claim.state, claim.person_id) == (BookingState.CONFIRMED, kept.id)


def test_of_two_places_of_one_human_one_stays(work: Work, make: Make) -> None:
    event = make.event()
    first, second = book(work, make, event.id), book(work, make, event.id)
    set_to(work, "UPDATE person SET merged_into_id = :kept WHERE id = :id", kept=first.person_id, id=second.person_id)
    mended(work, checks.duplicate_bookings, mending.mend_two_places)
    assert (first.state, second.state) == (BookingState.CONFIRMED, BookingState.CANCELLED)


def test_a_place_given_to_a_leaver_ends_and_one_from_before_they_left_does_not(work: Work, make: Make) -> None:
    before, after = book(work, make, make.event().id), book(work, make, make.event().id)
    left = "UPDATE person SET left_on = :on WHERE id = :id"
    set_to(work, left, on=(NOW + timedelta(days=1)).date(), id=before.person_id)
    set_to(work, left, on=(NOW - timedelta(days=9)).date(), id=after.person_id)
    (said,) = mended(work, checks.claims_of_gone, mending.mend_claims_of_gone)
    assert str(after.id) in said
    assert (before.state, after.state) == (BookingState.CONFIRMED, BookingState.CANCELLED)


def test_an_offer_long_past_its_time_lapses(work: Work, make: Make) -> None:
    event = make.event(capacity=1, starts=NOW + timedelta(days=60))
    holder, waits = book(work, make, event.id), book(work, make, event.id)
    set_to(work, "UPDATE person SET erased_at = created_at WHERE id = :id", id=holder.person_id)
    for each in list(mending.mend_claims_of_gone(work)):
        each(work)
    offer = work.session.scalars(sa.select(Offer)).one()
    offer.made_at, offer.open_until = NOW - timedelta(days=3), NOW - timedelta(days=1)
    mended(work, checks.offers_out_of_step, mending.mend_offers)
    assert offer.ended_at == NOW
    assert waits.state is not BookingState.CONFIRMED


def test_a_claim_that_says_offered_without_an_offer_gets_one(work: Work, make: Make) -> None:
    event = make.event(capacity=1)
    book(work, make, event.id)
    waits = book(work, make, event.id)
    waits.state = BookingState.OFFERED
    mended(work, checks.offers_out_of_step, mending.mend_offers)
    assert waits.state is BookingState.WAITING


def test_an_idle_place_is_offered(work: Work, make: Make) -> None:
    event = make.event(capacity=1)
    book(work, make, event.id)
    waits = book(work, make, event.id)
    event.capacity = event.largest_capacity = 2
    mended(work, checks.idle_places, mending.mend_idle_places)
    assert waits.state is BookingState.OFFERED


def test_claims_of_a_cancelled_event_are_released(work: Work, make: Make) -> None:
    event = make.event()
    claim = book(work, make, event.id)
    event.state, event.cancelled_at = EventState.CANCELLED, NOW
    mended(work, checks.cancelled_but_alive, mending.mend_cancelled)
    assert claim.state is BookingState.RELEASED


def test_a_deadline_is_that_of_the_terms_it_was_booked_by(work: Work, make: Make) -> None:
    claim = book(work, make, make.event(starts=NOW + timedelta(days=60)).id)
    right, claim.free_until = claim.free_until, NOW
    mended(work, deadlines, mending.mend_deadlines)
    assert claim.free_until == right


def version(work: Work, number: int, notice_working_days: int) -> PolicyVersion:
    terms = replace(Policy(), notice_working_days=notice_working_days).as_terms()
    made = PolicyVersion(number=number, in_force_from=NOW, terms=terms, approved_at=NOW)
    work.session.add(made)
    work.session.flush()
    return made


def test_a_booking_stamped_with_one_version_and_free_by_a_stricter_one_is_mended(work: Work, make: Make) -> None:
    """The event was planned under ten working days; version 2 gives three, and they booked under that."""
    second = version(work, 2, 3)
    event = make.event(starts=NOW + timedelta(days=60))
    event.free_until = free_cancellation_until(london_date(event.starts_at), 10)
    claim = book(work, make, event.id)
    by_second = free_cancellation_until(london_date(event.starts_at), 3)
    assert (claim.policy_version, claim.free_until) == (second, by_second), "not the event's"
    claim.free_until = event.free_until
    (said,) = mended(work, deadlines, mending.mend_deadlines)
    assert f"booking {claim.id}" in said
    assert claim.free_until == by_second


def test_what_their_letter_promised_for_longer_than_the_terms_stands(work: Work, make: Make) -> None:
    """Stamped with version 2 (ten working days) and free by version 1: nobody is charged for our mistake."""
    second = version(work, 2, 10)
    claim = book(work, make, make.event(starts=NOW + timedelta(days=60)).id)
    assert claim.policy_version == second
    promised = claim.free_until = free_cancellation_until(london_date(claim.event.starts_at), 5)
    work.session.flush()
    assert list(deadlines(work)) == []
    assert _said(work, mending.mend_deadlines) == []
    assert claim.free_until == promised


def test_the_account_of_who_left_is_closed(work: Work, make: Make) -> None:
    person = make.person()
    account = make.account(person)
    person.left_on = NOW.date()
    mended(work, gone_but_signing_in, mend_open_accounts)
    assert not account.active


def test_the_command_tries_out_first_and_saves_when_it_is_meant(app: Flask, make: Make) -> None:
    event = make.event(capacity=1)
    work = Work(make.session, Actor("Test", None), NOW, app.extensions["lms"])
    claim = book(work, make, event.id)
    right, claim.free_until = claim.free_until, NOW - timedelta(days=1)
    make.commit()
    runner = app.test_cli_runner()

    tried = runner.invoke(args=["check", "--repair", "courses.deadlines"])
    make.session.refresh(claim)
    assert (tried.exit_code, claim.free_until) == (0, NOW - timedelta(days=1))
    assert f"booking {claim.id}" in tried.output
    assert "Say --yes" in tried.output
    make.commit()

    done = runner.invoke(args=["check", "--repair", "courses.deadlines", "--yes"])
    make.session.refresh(claim)
    assert (done.exit_code, claim.free_until) == (0, right)
    assert "1 thing mended." in done.output


def test_what_cannot_be_mended_is_refused_with_what_can(app: Flask) -> None:
    refused = app.test_cli_runner().invoke(args=["check", "--repair", "courses.nonsense"])
    assert refused.exit_code == 2
    assert "courses.deadlines" in refused.output


@pytest.mark.parametrize("kind", ["courses.claims_of_gone", "courses.offers", "personal_data.gone"])
def test_every_kind_does_nothing_where_nothing_is_wrong(app: Flask, kind: str) -> None:
    done = app.test_cli_runner().invoke(args=["check", "--repair", kind, "--yes"])
    assert (done.exit_code, done.output) == (0, "0 things mended.\n")
