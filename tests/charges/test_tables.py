"""Charges in and out as CSV, and a Sandwell-sized year that proposes nothing and counts right."""

from collections import Counter

import pytest
import sqlalchemy as sa

from charges import checks
from charges.charge.models import Charge
from charges.charge.rules import ChargeState
from charges.charge.tables import IMPORT, export_charges
from charges.replay.queries import replayed
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, Outcome
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.work import Work
from lms.mail.models import OutboxLetter
from lms.policies.rules import Policy
from lms.tables.rules import write_csv
from lms.tables.services import Imported, import_file
from tests.charges.office import HELD_ON, Office
from tests.data.sandwell import KINDS, figures, year

HEAD = "event_ref,person_ref,day,reason,amount,status,raised_on\n"


def read(work: Work, *rows: str) -> Imported:
    return import_file(work, IMPORT, (HEAD + "\n".join(rows)).encode(), save=True)


def history(office: Office) -> Booking:
    """A booking of earlier records whose person did not attend."""
    event = office.event(is_history=True, state=EventState.DELIVERED, finalised_at=office.now)
    return office.booking(event, outcome=Outcome.DID_NOT_ATTEND)


def row(booking: Booking, **values: str) -> str:
    usual = {"day": "1", "reason": "did_not_attend", "amount": "50", "status": "paid", "raised_on": "2026-03-05"}
    return ",".join([booking.event.ref, booking.person.ref, *({**usual, **values}).values()])


@pytest.mark.parametrize("status", ["proposed", "approved", "invoiced", "paid", "waived", "credited"])
def test_history_comes_in_in_every_state_sends_nothing_and_repeats_unchanged(office: Office, status: str) -> None:
    booking = history(office)
    assert read(office.work(), row(booking, status=status)).added == 1
    (charge,) = office.charges()
    assert (charge.state.value, charge.pence, charge.is_history) == (status, 5000, True)
    assert "did not attend; raised Thu 5 Mar 2026" in charge.explanation
    assert read(office.work(), row(booking, status=status)).unchanged == 1
    exported = write_csv([column.name for column in IMPORT.columns], export_charges(office.work()))
    assert import_file(office.work(), IMPORT, exported.encode(), save=True).unchanged == 1
    assert office.session.scalar(sa.select(sa.func.count(OutboxLetter.id))) == 0


def test_a_file_can_move_history_on(office: Office) -> None:
    booking = history(office)
    read(office.work(), row(booking, status="invoiced"))
    assert read(office.work(), row(booking, status="paid")).changed == 1
    assert office.charges()[0].state is ChargeState.PAID


def test_what_was_decided_here_is_not_changed_by_a_file(office: Office) -> None:
    charge = office.missed()
    refused = read(office.work(), row(charge.booking, status="waived", raised_on="2026-03-04"))
    assert refused.problems[0].column == "status"
    assert read(office.work(), row(charge.booking, status="proposed", raised_on="2026-03-04")).unchanged == 1


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"day": "2"}, "day"),
        ({"reason": "late"}, "reason"),
        ({"reason": "late_cancellation"}, "reason"),
        ({"amount": "0"}, "amount"),
        ({"amount": "fifty"}, "amount"),
        ({"amount": "50.005"}, "amount"),
        ({"status": "lost"}, "status"),
        ({"raised_on": "5 March"}, "raised_on"),
    ],
)
def test_a_bad_row_is_named_with_its_column(office: Office, values: dict[str, str], column: str) -> None:
    refused = read(office.work(), row(history(office), **values))
    assert [problem.column for problem in refused.problems] == [column]
    assert office.charges() == []


def test_a_charge_without_a_booking_or_an_agency_is_refused(office: Office) -> None:
    booking = history(office)
    booking.agency = None
    office.session.flush()
    assert "no agency" in read(office.work(), row(booking)).problems[0].words
    assert (
        "has no booking"
        in read(office.work(), f"{booking.event.ref},P404,1,did_not_attend,50,paid,2026-03-05").problems[0].words
    )


@pytest.fixture
def sandwell(office: Office) -> Office:
    """The whole year, imported kind by kind as `lms import` would."""
    by_kind = {kind.kind: kind for kind in office.site.imports}  # type: ignore[attr-defined]
    made = year()
    for kind in KINDS:
        done = import_file(office.work(), by_kind[kind], made.csv(kind), save=True)
        assert (done.problems, done.is_saved) == ((), True), kind
        office.session.flush()
    return office


@pytest.mark.slow
def test_a_sandwell_sized_year_counts_as_published_proposes_nothing_and_can_be_replayed(sandwell: Office) -> None:
    session, told = sandwell.session, figures()
    events = sa.select(sa.func.count(Event.id), sa.func.sum(Event.capacity), sa.func.count(Event.course_id.distinct()))
    assert session.execute(events.where(Event.state == EventState.DELIVERED)).one() == (
        told["events_delivered"],
        told["places_offered"],
        told["courses"],
    )
    bookings = session.scalars(sa.select(Booking)).all()
    held = [each for each in bookings if each.confirmed_at is not None and each.source is not BookingSource.WALK_IN]
    assert len(held) == told["bookings"]
    attended = [each for each in bookings if each.outcome is Outcome.ATTENDED]
    assert len(attended) == told["attendances"]
    times = Counter(each.person_id for each in attended if each.event.ref.startswith("LFP"))
    assert Counter(times.values()) == {1: 84, 2: 17, 3: 2}
    charges = sandwell.charges()
    assert charges, "the file told some"
    assert all(charge.is_history for charge in charges)
    assert session.scalar(sa.select(sa.func.count(OutboxLetter.id))) == 0
    assert [line for check in CHECKS for line in check(sandwell.work())] == []
    dearer = Policy(charge_full_day_pence=10_000, charge_half_day_pence=7000)
    found = replayed(session, dearer, HELD_ON.replace(year=2019, month=4, day=1), HELD_ON.replace(year=2020))
    assert found.together.draft_pence == 2 * found.together.pence > 0
    assert found.together.pence == sum(row.pence for row in found.rows)
    assert found.together.number == found.together.draft_number
    assert session.scalar(sa.select(sa.func.count(Charge.id))) == len(charges)


CHECKS = (
    checks.unexplained_charges,
    checks.duplicate_charges,
    checks.charges_of_attended,
    checks.uninvoiced_charges,
    checks.wrong_sums,
    checks.gaps_in_numbers,
)
