"""Corrections after finalising, carried to charges and certificates; and people who are added afterwards."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from charges.charge.models import Charge
from charges.charge.rules import ChargeState
from courses.attendance.additions.services import add_new_to_finalised, add_to_finalised
from courses.attendance.finalising.checks import outcomes_that_do_not_follow, unfinished_registers
from courses.attendance.finalising.services import correct_marks, finalise_register
from courses.attendance.register.rules import MarkKind, Seen
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState, Outcome
from courses.programme.events.models import Event
from courses.records.certificates.models import Certificate
from courses.records.certificates.rules import CertificateState
from courses.records.certificates.services import evaluation_answered
from lms.kit.errors import Conflict, Invalid
from lms.people.rules import PersonDetails
from tests.charges.conftest import office, the_site  # noqa: F401  (fixtures)
from tests.charges.office import Office

HERE, ABSENT, EXCUSED = Seen(MarkKind.PRESENT), Seen(MarkKind.ABSENT), Seen(MarkKind.EXCUSED)
WHY = "The name is on the sign-in sheet"


def finalised(office: Office, *marks: tuple[MarkKind, ...]) -> tuple[Event, list[Booking]]:  # noqa: F811
    """An event whose register says this of each booking, day by day, finalised."""
    event = office.event(days=len(marks[0]))
    bookings = [office.booking(event) for _ in marks]
    for booking, kinds in zip(bookings, marks, strict=True):
        office.mark(booking, *kinds)
    office.now = event.ends_at + timedelta(hours=1)
    finalise_register(office.work(), event.id)
    return event, bookings


def charges(office: Office) -> list[tuple[int, int, ChargeState]]:  # noqa: F811
    found = office.session.scalars(sa.select(Charge).order_by(Charge.booking_id, Charge.day_number, Charge.id))
    return [(each.booking_id, each.day_number, each.state) for each in found]


def certificate(office: Office, booking: Booking) -> Certificate:  # noqa: F811
    evaluation_answered(office.work(), booking.id)
    found = sa.select(Certificate).where(Certificate.booking_id == booking.id).order_by(Certificate.id.desc())
    return office.session.scalars(found.limit(1)).one()


def test_absent_corrected_to_excused_takes_that_day_back_though_another_is_missed(office: Office) -> None:  # noqa: F811
    event, (booking,) = finalised(office, (MarkKind.ABSENT, MarkKind.ABSENT))
    correct_marks(office.work(), booking, {event.days[0].id: EXCUSED}, "Their manager rang.")
    assert booking.outcome is Outcome.DID_NOT_ATTEND
    assert charges(office) == [(booking.id, 1, ChargeState.VOID), (booking.id, 2, ChargeState.OPEN)]
    assert office.charges()[0].void_why == ("The register was corrected: Their manager rang. That day was not missed.")
    correct_marks(office.work(), booking, {event.days[0].id: ABSENT, event.days[1].id: EXCUSED}, "The other day")
    assert charges(office)[1:] == [(booking.id, 1, ChargeState.OPEN), (booking.id, 2, ChargeState.VOID)]


def test_a_walk_in_found_later_is_added_with_what_follows(office: Office) -> None:  # noqa: F811
    event, _ = finalised(office, (MarkKind.PRESENT, MarkKind.PRESENT))
    found, days = office.make.person("Kezia Lanercoste"), [day.id for day in event.days]
    with pytest.raises(Invalid, match="Enter why"):
        add_to_finalised(office.work(), event.id, found.id, dict.fromkeys(days, HERE), reason=" ")
    booking = add_to_finalised(office.work(), event.id, found.id, dict.fromkeys(days, HERE), reason=WHY)
    assert (booking.outcome, booking.days_attended, booking.source.value) == (Outcome.ATTENDED, "1;2", "walk_in")
    assert certificate(office, booking).state is CertificateState.VALID
    assert charges(office) == []
    with pytest.raises(Conflict, match="already on the register"):
        add_to_finalised(office.work(), event.id, found.id, dict.fromkeys(days, HERE), reason=WHY)
    assert not [*unfinished_registers(office.work()), *outcomes_that_do_not_follow(office.work())]


def test_a_substitute_found_later_clears_the_charge_of_who_was_booked(office: Office) -> None:  # noqa: F811
    event, (missed, there) = finalised(office, (MarkKind.ABSENT,), (MarkKind.PRESENT,))
    day, stranger = event.days[0].id, office.make.person("Someone of another agency")
    colleague = office.make.person("Kezia Lanercoste", agency=missed.agency)
    with pytest.raises(Invalid, match="same agency"):
        add_to_finalised(office.work(), event.id, stranger.id, {day: HERE}, reason=WHY, instead_of=missed.id)
    office.session.refresh(missed)
    with pytest.raises(Conflict, match="was here"):
        add_to_finalised(office.work(), event.id, colleague.id, {day: HERE}, reason=WHY, instead_of=there.id)
    new = add_to_finalised(office.work(), event.id, colleague.id, {day: HERE}, reason=WHY, instead_of=missed.id)
    assert (missed.state, missed.outcome, missed.place_number) == (BookingState.SUBSTITUTED, None, None)
    assert (new.outcome, new.place_number) == (Outcome.ATTENDED, 1)
    assert charges(office) == [(missed.id, 1, ChargeState.VOID)]
    assert office.charges()[0].void_why == "A colleague took the place."


def test_whoever_is_added_was_there_and_every_day_has_a_mark(office: Office) -> None:  # noqa: F811
    event, _ = finalised(office, (MarkKind.PRESENT, MarkKind.PRESENT))
    days, person = event.days, office.make.person("Kezia Lanercoste")
    with pytest.raises(Invalid, match="mark day 2"):
        add_to_finalised(office.work(), event.id, person.id, {days[0].id: HERE}, reason=WHY)
    office.session.rollback()


def test_a_new_person_is_added_with_a_record_and_never_as_absent(office: Office) -> None:  # noqa: F811
    event, _ = finalised(office, (MarkKind.PRESENT,))
    (day,) = event.days
    office.session.commit()
    with pytest.raises(Invalid, match="at least one day"):
        add_new_to_finalised(office.work(), event.id, PersonDetails(name="New Comer"), {day.id: ABSENT}, reason=WHY)
    office.session.rollback()
    booking = add_new_to_finalised(
        office.work(), event.id, PersonDetails(name="New Comer"), {day.id: Seen(MarkKind.PRESENT, 60)}, reason=WHY
    )
    assert (booking.person.name, booking.outcome) == ("New Comer", Outcome.PART_ATTENDED)


def test_a_certificate_that_says_other_days_is_superseded(office: Office) -> None:  # noqa: F811
    event, (booking,) = finalised(office, (MarkKind.PRESENT,) * 10)
    old = certificate(office, booking)
    correct_marks(office.work(), booking, {event.days[9].id: EXCUSED}, "Left for a court hearing")
    new = certificate(office, booking)
    assert booking.outcome is Outcome.ATTENDED, "nine days of ten"
    assert (old.state, old.superseded_by_id) == (CertificateState.SUPERSEDED, new.id)
    assert new.cpd_minutes < old.cpd_minutes
