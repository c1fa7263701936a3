"""When charges are proposed, opened, cleared and taken back."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from charges.charge.models import Charge
from charges.charge.rules import ChargeState
from courses.attendance.finalising.services import finalise_register
from courses.attendance.register.rules import MarkKind
from courses.booking.bookings.rules import BookingState, Outcome
from courses.booking.bookings.services import cancel_booking
from courses.facts import BookingConfirmed, OutcomeCorrected, PlaceSubstituted, RegisterFinalised
from courses.programme.events.rules import EventState
from courses.programme.events.services import cancel_event, postpone_event
from lms.frame.access import Role
from lms.mail.models import OutboxLetter
from lms.policies.models import PolicyVersion
from tests.charges.office import Office
from tests.make import Make

LATE = datetime(2026, 4, 8, 9, 0, tzinfo=UTC)
DNA = Outcome.DID_NOT_ATTEND


def states(office: Office) -> list[ChargeState]:
    return [charge.state for charge in office.charges()]


def test_a_finalised_register_proposes_a_charge_for_who_did_not_attend_and_asks_for_reasons(office: Office) -> None:
    event = office.event()
    booking = office.booking(event)
    office.booking(event)
    lead = office.person(Role.AGENCY_LEAD, booking.agency)
    (charge,) = office.finalise(event, {booking.id: DNA})
    assert (charge.state, charge.pence, charge.agency_id) == (ChargeState.OPEN, 5000, booking.agency_id)
    assert charge.respond_by == datetime(2026, 3, 18, 23, 59, 59, tzinfo=UTC), "ten working days after 4 March"
    assert charge.explanation.startswith("Did not attend Tue 3 Mar 2026, 09:30 to 16:00. Not cancelled, free until")
    asked = [(letter.person_id, letter.to_address) for letter in office.letters("charge_reason")]
    assert asked == [(booking.person_id, ""), (None, "colette@rvch.example")]
    assert [letter.person_id for letter in office.letters("charge_proposed")] == [lead.id]


def test_telling_it_twice_charges_nobody_twice_and_sends_nothing_twice(office: Office) -> None:
    event = office.event()
    booking = office.booking(event)
    office.finalise(event, {booking.id: DNA})
    letters = office.session.scalar(sa.select(sa.func.count(OutboxLetter.id)))
    office.work().tell(RegisterFinalised(event.id))
    assert len(office.charges()) == 1
    assert office.session.scalar(sa.select(sa.func.count(OutboxLetter.id))) == letters


def test_the_database_refuses_a_second_live_charge_for_a_booking_and_day(office: Office) -> None:
    charge = office.missed()
    copied = ("booking_id", "agency_id", "policy_version_id", "day_number", "day_starts_at", "day_ends_at", "reason")
    values = {name: getattr(charge, name) for name in (*copied, "pence", "explanation", "raised_on", "proposed_at")}
    office.session.add(Charge(state=ChargeState.PROPOSED, **values))
    with pytest.raises(IntegrityError, match=r"uq_charge_live|UNIQUE"):
        office.session.flush()


def test_marks_say_which_day_of_several_was_missed(office: Office) -> None:
    event = office.event(days=2)
    booking = office.booking(event)
    office.mark(booking, MarkKind.PRESENT, MarkKind.ABSENT)
    (charge,) = office.finalise(event, {booking.id: Outcome.PART_ATTENDED})
    assert charge.day_number == 2


def test_both_days_missed_are_two_charges_and_one_letter(office: Office) -> None:
    event = office.event(days=2)
    booking = office.booking(event)
    office.finalise(event, {booking.id: DNA})
    assert [charge.day_number for charge in office.charges()] == [1, 2]
    letters = office.letters("charge_reason")
    assert len([letter for letter in letters if letter.person_id]) == 1
    assert letters[0].context["total"] == "£100"


def test_a_late_cancellation_is_charged_and_one_in_time_is_not(office: Office) -> None:
    event = office.make.event()
    late, in_time = office.booking(event), office.booking(event)
    cancel_booking(office.work(now=datetime(2026, 3, 31, 22, 59, 59, tzinfo=UTC)), in_time)
    assert office.charges() == []
    cancel_booking(office.work(now=datetime(2026, 3, 31, 23, 0, 0, tzinfo=UTC)), late)
    (charge,) = office.charges()
    assert charge.explanation == (
        "Cancelled Wed 1 Apr 2026 00:00; free until Tue 31 Mar 2026 23:59; policy version 1; "
        "6 hours 30 minutes, over 4 hours: £50."
    )


@pytest.mark.parametrize("who", ["volunteer", "small charity", "foster carer", "lay member", "trainer"])
def test_the_exempt_are_not_charged(office: Office, make: Make, who: str) -> None:
    agency = make.agency("Little Acorns", is_exempt=who == "small charity")
    groups = {"foster carer": "Foster carers", "lay member": "Lay members"}
    group = make.role_group(groups.get(who, "Social work"))
    person = make.person(
        agency=None if who == "volunteer" else agency,
        role_group=group,
        roles=(Role.TRAINER,) if who == "trainer" else (),
    )
    event = office.event()
    booking = office.booking(event, person)
    assert office.finalise(event, {booking.id: DNA}) == []


def test_imported_history_proposes_nothing(office: Office) -> None:
    event = office.event(is_history=True)
    booking = office.booking(event)
    assert office.finalise(event, {booking.id: DNA}) == []
    assert office.letters("charge_reason") == []


def test_a_policy_changed_in_between_leaves_the_booking_its_own_terms(office: Office) -> None:
    event = office.event()
    booking = office.booking(event)
    office.session.add(
        PolicyVersion(
            number=2,
            in_force_from=datetime(2026, 2, 1, tzinfo=UTC),
            terms={"charge_full_day_pence": 9900},
            approved_at=datetime(2026, 1, 20, tzinfo=UTC),
        )
    )
    old = office.session.scalar(sa.select(PolicyVersion).where(PolicyVersion.number == 1))
    booking.policy_version = old  # type: ignore[assignment]
    newer = office.booking(event, booked_at=datetime(2026, 2, 10, tzinfo=UTC))
    office.finalise(event, {booking.id: DNA, newer.id: DNA})
    assert [charge.pence for charge in office.charges()] == [5000, 9900]


def test_somebody_who_moved_agency_is_charged_to_the_agency_of_then(office: Office, make: Make) -> None:
    event = office.event()
    booking = office.booking(event)
    then = booking.agency_id
    booking.person.agency = make.agency("Oakmere Bridge Academy")
    (charge,) = office.finalise(event, {booking.id: DNA})
    assert charge.agency_id == then


def test_a_merged_agencys_charge_is_told_to_the_successors_lead(office: Office, make: Make) -> None:
    event = office.event()
    booking = office.booking(event)
    assert booking.agency is not None
    booking.agency.successor = make.agency("Rowan Valley Together", charge_email="money@together.example")
    booking.agency.closed_on = datetime(2026, 2, 1, tzinfo=UTC).date()
    office.finalise(event, {booking.id: DNA})
    assert [letter.to_address for letter in office.letters("charge_proposed")] == ["money@together.example"]


def test_a_substitute_clears_the_charge(office: Office) -> None:
    charge = office.missed()
    booking = charge.booking
    booking.state, booking.place_number, booking.outcome = BookingState.SUBSTITUTED, None, None
    booking.cancelled_at = office.now
    office.session.flush()
    new = office.booking(booking.event)
    office.work().tell(PlaceSubstituted(booking.id, new.id, booking.event_id))
    assert (charge.state, charge.void_why) == (ChargeState.VOID, "A colleague took the place.")
    assert not office.letters("charge_withdrawn"), "no one leads this agency, and it has no address"


def test_correcting_the_register_to_attended_makes_the_charge_void(office: Office) -> None:
    charge = office.missed()
    charge.booking.outcome = Outcome.ATTENDED
    correct(office, charge, DNA, Outcome.ATTENDED)
    assert charge.state is ChargeState.VOID
    assert charge.void_why == "The register was corrected: found on the sign-in sheet. Attended."


def test_correcting_it_back_proposes_the_charge_anew(office: Office) -> None:
    charge = office.missed()
    charge.booking.outcome = Outcome.ATTENDED
    correct(office, charge, DNA, Outcome.ATTENDED)
    charge.booking.outcome = DNA
    correct(office, charge, Outcome.ATTENDED, DNA)
    assert states(office) == [ChargeState.VOID, ChargeState.OPEN]


def correct(office: Office, charge: Charge, was: Outcome, now: Outcome) -> None:
    booking = charge.booking
    office.work().tell(
        OutcomeCorrected(booking.id, booking.event_id, booking.person_id, was, now, "found on the sign-in sheet")
    )
    office.session.flush()


@pytest.mark.parametrize("change", [cancel_event, postpone_event])
def test_an_event_that_does_not_run_makes_its_charges_void(office: Office, change: object) -> None:
    event = office.make.event()
    cancel_booking(office.work(now=LATE), office.booking(event))
    assert states(office) == [ChargeState.OPEN]
    work = office.work(now=LATE + timedelta(hours=1))
    if change is cancel_event:
        cancel_event(work, event.id, "The trainer is ill")
    else:
        postpone_event(work, event.id)
    assert states(office) == [ChargeState.VOID]


def test_somebody_who_cancelled_late_and_has_a_place_again_is_not_charged(office: Office) -> None:
    event = office.make.event()
    booking = office.booking(event)
    cancel_booking(office.work(now=LATE), booking)
    again = office.booking(event, booking.person)
    office.work().tell(BookingConfirmed(again.id, event.id, booking.person_id, was_waiting=True))
    assert states(office) == [ChargeState.VOID]


def test_an_event_still_to_be_finalised_charges_nobody(office: Office) -> None:
    event = office.event()
    office.booking(event)
    office.work().tell(RegisterFinalised(event.id))
    assert event.state is EventState.PUBLISHED
    assert office.charges() == []


def test_finalising_a_register_and_correcting_it_moves_its_charges_along(office: Office) -> None:
    event = office.event()
    booking, other = office.booking(event), office.booking(event)
    office.mark(booking, MarkKind.ABSENT)
    office.mark(other, MarkKind.PRESENT)
    finalise_register(office.work(), event.id)
    (charge,) = office.charges()
    assert (charge.booking_id, charge.state) == (booking.id, ChargeState.OPEN)
