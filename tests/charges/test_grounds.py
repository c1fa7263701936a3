"""Sickness reported in time, and exemptions that the office writes down."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from charges.charge.rules import ChargeState
from charges.charging.documents import questions
from charges.claims.queries import told_of
from charges.claims.rules import Exemption
from charges.decisions.services import approve_charge
from charges.grounds.queries import sickness_of
from charges.grounds.rules import Sickness
from charges.grounds.services import record_exemption, record_sickness
from courses.booking.bookings.rules import Outcome
from courses.facts import MarksCorrected
from lms.frame.access import Role
from lms.kit.errors import Conflict, Invalid
from tests.charges.office import Office

DAY = date(2026, 4, 2)  # the Thursday before Easter


@pytest.mark.parametrize(
    ("told", "confirmed_on", "is_in_time"),
    [
        (time(9, 0), date(2026, 4, 8), True),
        (time(9, 0), date(2026, 4, 9), False),
        (time(9, 1), date(2026, 4, 2), False),
        (time(8, 59), None, False),
        (None, date(2026, 4, 2), False),
    ],
    ids=["10:00 London, second working day after Easter", "a day late", "a minute late", "not written", "not told"],
)
def test_sickness_is_told_by_ten_and_confirmed_within_two_working_days(
    told: time | None, confirmed_on: date | None, is_in_time: bool
) -> None:
    told_at = datetime.combine(DAY, told, UTC) if told else None
    assert Sickness(DAY, told_at, confirmed_on, 2).is_in_time is is_in_time


def test_a_report_is_worked_out_on_the_charge_and_decides_nothing(office: Office) -> None:
    charge = office.missed()
    with pytest.raises(Invalid, match="Enter when"):
        record_sickness(office.work(), charge.id, told_at=None, confirmed_on=None)
    with pytest.raises(Invalid, match="not in the future"):
        record_sickness(office.work(), charge.id, told_at=None, confirmed_on=date(2026, 3, 9))
    record_sickness(office.work(), charge.id, told_at=time(9, 15), confirmed_on=date(2026, 3, 4))
    record_sickness(office.work(), charge.id, told_at=time(9, 20), confirmed_on=date(2026, 3, 4))
    sickness = sickness_of(office.session, charge)
    assert sickness is not None
    assert sickness.words == "Told at 09:20, in time; confirmed in writing Wed 4 Mar 2026, in time"
    (told,) = told_of(office.session, [charge.booking_id])
    answers = {each.question: each.answer for each in questions(charge, told, None, "RV", sickness)}
    assert answers["Was sickness reported in time?"] == "Yes"
    assert charge.state is ChargeState.OPEN


def test_an_exemption_takes_every_charge_of_the_booking_back_for_good(office: Office) -> None:
    event = office.event(days=2)
    booking = office.booking(event)
    first, second = office.finalise(event, {booking.id: Outcome.DID_NOT_ATTEND})
    record_exemption(office.work(), first.id, Exemption.FOSTER_CARER)
    assert {first.state, second.state} == {ChargeState.VOID}
    assert first.void_why == "Foster carers are exempt: not charged, still reported."
    office.work().tell(MarksCorrected(booking.id, event.id, booking.person_id, (), (), "Looked again"))
    assert len(office.charges()) == 2, "nothing is proposed again"
    with pytest.raises(Conflict, match="closed"):
        record_exemption(office.work(), first.id, Exemption.TRAINER)


def test_what_was_decided_can_still_be_exempt_until_it_is_invoiced(office: Office) -> None:
    charge = office.missed()
    later = office.later(office.now + timedelta(days=20))
    approve_charge(later.work(office.person(Role.COORDINATOR)), charge.id)
    record_exemption(later.work(), charge.id, Exemption.VOLUNTEER)
    assert charge.state is ChargeState.VOID
