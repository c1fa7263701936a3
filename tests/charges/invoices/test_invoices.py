"""Invoices: numbered without gaps, frozen, adding up to the penny, credited and paid with their own dates."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from charges import checks
from charges.charge.models import Charge
from charges.charge.rules import ChargeState
from charges.decisions.services import approve_charge
from charges.invoices.documents import finance_csv, invoice_pdf, statement_pdf
from charges.invoices.models import Invoice, InvoiceLine, InvoiceNumber
from charges.invoices.queries import invoices, statement_of
from charges.invoices.rules import InvoiceKind, check_payment, check_total
from charges.invoices.services import credit_charge, issue_invoices, record_payment, write_off_charge
from courses.booking.bookings.rules import Outcome
from courses.facts import OutcomeCorrected
from lms.frame.access import program
from lms.frame.db import make_engine
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.kit.money import exact_pounds, parse_pounds, said_pounds
from lms.tables.rules import plain_cell
from tests.charges.office import Office
from tests.databases import NoSite, by_hand

AFTER = datetime(2026, 3, 19, 9, 0, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)  # the time to appeal, ten working days, is over before Easter begins
MARCH = date(2026, 3, 1)


def approve(office: Office, charge: Charge, at: datetime = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)) -> Charge:
    """Approved on Friday 13 March, after an answer: nobody can appeal after 27 March."""
    charge.respond_by = at - timedelta(days=1)
    return approve_charge(office.work(now=at), charge.id)


@pytest.fixture
def charge(office: Office) -> Charge:
    return approve(office, office.missed())


def issue(office: Office, month: date = MARCH, at: datetime = APRIL) -> list[Invoice]:
    return issue_invoices(office.work(now=at), month)


def test_a_month_is_invoiced_once_by_agency_with_what_nobody_can_appeal_any_more(
    office: Office, charge: Charge
) -> None:
    later = approve(office, office.missed(), AFTER)
    (invoice,) = issue(office)
    assert (invoice.ref, invoice.total_pence, invoice.agency_id) == ("GT-INV-00001", 5000, charge.agency_id)
    assert (charge.state, charge.invoiced_on) == (ChargeState.INVOICED, date(2026, 4, 1))
    assert later.state is ChargeState.APPROVED, "its time to appeal ends in April"
    with pytest.raises(Conflict, match=r"nothing to invoice for March 2026. It has been invoiced"):
        issue(office)


def test_a_month_that_is_not_over_is_refused(office: Office, charge: Charge) -> None:
    with pytest.raises(Conflict, match="March 2026 is not over"):
        issue(office, at=datetime(2026, 3, 31, 22, 59, tzinfo=UTC))
    assert office.session.scalar(sa.select(InvoiceNumber.last)) is None, "a refusal takes no number"


def test_lines_keep_their_words_and_pence_whatever_happens_later(office: Office, charge: Charge) -> None:
    (invoice,) = issue(office)
    office.session.commit()
    charge.booking.person.name = "Renamed"
    assert charge.agency is not None
    charge.agency.name = "Renamed too"
    office.session.flush()
    office.session.refresh(invoice)
    assert invoice.agency_name != "Renamed too"
    assert "Renamed" not in invoice.lines[0].text
    assert invoice.lines[0].text.endswith(charge.explanation)


def test_an_issued_invoice_cannot_be_changed(office: Office, charge: Charge) -> None:
    (invoice,) = issue(office)
    office.session.commit()
    invoice.total_pence = 1
    with pytest.raises(TypeError, match="cannot be changed"):
        office.session.flush()
    office.session.rollback()
    invoice.lines[0].pence = 1
    with pytest.raises(TypeError, match="cannot be changed"):
        office.session.flush()


def test_correcting_the_register_after_invoicing_issues_a_credit_note(office: Office, charge: Charge) -> None:
    (invoice,) = issue(office)
    booking = charge.booking
    booking.outcome = Outcome.ATTENDED
    office.session.flush()
    fact = OutcomeCorrected(booking.id, booking.event_id, booking.person_id, "did_not_attend", "attended", "on paper")
    office.work(now=APRIL + timedelta(days=5)).tell(fact)
    assert (charge.state, charge.credited_on) == (ChargeState.CREDITED, date(2026, 4, 6))
    note = office.session.scalars(sa.select(Invoice).where(Invoice.kind == InvoiceKind.CREDIT_NOTE)).one()
    assert (note.ref, note.total_pence, note.credits_id) == ("GT-CN-00001", 5000, invoice.id)
    assert note.lines[0].credits_id == invoice.lines[0].id
    assert note.lines[0].text.startswith("GT-INV-00001, line 1: ")
    office.session.refresh(invoice)
    assert invoice.owed_pence == 0
    with pytest.raises(Conflict, match="is credited"):
        credit_charge(office.work(now=APRIL), charge, "again")


def test_a_payment_has_its_own_date_and_is_the_whole_sum(office: Office, charge: Charge) -> None:
    (invoice,) = issue(office)
    work = office.work(now=datetime(2026, 4, 30, 9, 0, tzinfo=UTC))
    with pytest.raises(Invalid, match=r"£50.00 is owed") as refusal:
        record_payment(work, invoice, pence=4999, paid_on=date(2026, 4, 24))
    assert refusal.value.field == "amount"
    with pytest.raises(Invalid, match="before the invoice"):
        record_payment(work, invoice, pence=5000, paid_on=date(2026, 3, 31))
    with pytest.raises(Invalid, match="in the future"):
        record_payment(work, invoice, pence=5000, paid_on=date(2026, 5, 1))
    record_payment(work, invoice, pence=5000, paid_on=date(2026, 4, 24), reference="FIN-1")
    assert (charge.state, charge.invoiced_on, charge.paid_on) == (ChargeState.PAID, date(2026, 4, 1), date(2026, 4, 24))
    with pytest.raises(Conflict, match="has been paid"):
        record_payment(work, invoice, pence=5000, paid_on=date(2026, 4, 24))


def test_what_is_written_off_is_not_owed_and_stays_on_the_invoice(office: Office, charge: Charge) -> None:
    (invoice,) = issue(office)
    write_off_charge(office.work(now=APRIL), charge, "The setting has closed")
    office.session.refresh(invoice)
    assert (charge.state, invoice.owed_pence, invoice.total_pence) == (ChargeState.WRITTEN_OFF, 0, 5000)


def test_a_statement_tells_everything_in_order_and_what_is_owed(office: Office, charge: Charge) -> None:
    (invoice,) = issue(office)
    record_payment(office.work(now=AFTER + timedelta(days=60)), invoice, pence=5000, paid_on=date(2026, 4, 24))
    found = statement_of(office.session, charge.agency_id, office.work().actor)
    assert [(line.words, line.pence, line.balance) for line in found.lines] == [
        ("Invoice GT-INV-00001", 5000, 5000),
        ("Payment of GT-INV-00001", -5000, 0),
    ]


def test_the_pdfs_say_what_the_pages_say(office: Office, charge: Charge) -> None:
    (invoice,) = issue(office)
    text = " ".join(text_of(invoice_pdf(invoice, "Rowan Valley SCP")).split())
    assert "Invoice GT-INV-00001" in text
    assert f"To: {invoice.agency_name}" in text
    assert "Did not attend Tue 3 Mar 2026, 09:30 to 16:00" in text
    assert "Total: £50.00" in text
    statement = statement_of(office.session, charge.agency_id, office.work().actor)
    assert "Owed: £50.00" in text_of(statement_pdf(statement, "Rowan Valley SCP", "As at today"))


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_the_file_for_finance_is_safe_from_formulas_and_adds_up(office: Office, charge: Charge) -> None:
    charge.booking.person.name = "=HYPERLINK(1)"
    issue(office)
    credit_charge(office.work(now=APRIL), charge, "Not theirs")
    head, line, credit = finance_csv(invoices(office.session)).splitlines()
    assert head.startswith("document,kind,issued_on,month,agency_code")
    assert "'=HYPERLINK(1)" in line
    amounts = [plain_cell(each.split('",')[-1].split(",")[0]) for each in (line, credit)]
    assert amounts == ["50.00", "-50.00"]


def test_numbers_have_no_gap_even_when_two_issue_at_once(engine: Engine, office: Office) -> None:
    """Ten people issue ten months at the same moment; each month is invoiced once."""
    months = [date(2026, month, 1) for month in range(1, 6)]
    for month in months:
        approve(office, office.missed()).final_at = datetime(2026, month.month, 15, tzinfo=UTC)
    office.session.add(InvoiceNumber(kind=InvoiceKind.INVOICE, last=0))
    office.session.commit()
    barrier, refused = Barrier(10), []

    def run(month: date) -> None:
        own = make_engine(engine.url.render_as_string(hide_password=False))
        with Session(own) as session:
            barrier.wait()
            work = Work(session, program("test"), datetime(2026, 7, 1, tzinfo=UTC), NoSite())
            try:
                issue_invoices(work, month)
                session.commit()
            except Conflict:
                refused.append(month)
        own.dispose()

    threads = [Thread(target=run, args=(month,)) for month in months * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    office.session.expire_all()
    numbers = list(office.session.scalars(sa.select(Invoice.number).order_by(Invoice.number)))
    assert numbers == list(range(1, len(numbers) + 1))
    assert office.session.scalar(sa.select(sa.func.count(InvoiceLine.id))) == 5, "each charge once"
    assert list(checks.gaps_in_numbers(office.work())) == []


def test_the_checks_find_what_is_broken(office: Office, charge: Charge) -> None:
    (invoice,) = issue(office)
    work = office.work()
    assert [line for check in CHECKS for line in check(work)] == []
    session = office.session
    by_hand(session)
    session.execute(sa.update(Invoice).values(total_pence=4900, number=2))
    charge.booking.outcome = Outcome.ATTENDED
    session.flush()
    assert list(checks.wrong_sums(work)) == [f"{invoice.ref} says £49.00, its lines £50.00."]
    assert list(checks.gaps_in_numbers(work)) == [
        "No invoice has the number 1.",
        "The counter of invoices is behind its numbers.",
    ]
    assert list(checks.charges_of_attended(work)) == [f"Charge {charge.id}: the person attended."]
    session.execute(sa.delete(InvoiceLine))
    assert list(checks.uninvoiced_charges(work)) == [f"Charge {charge.id} was invoiced, but is on no invoice."]


CHECKS = (
    checks.unexplained_charges,
    checks.duplicate_charges,
    checks.charges_of_attended,
    checks.uninvoiced_charges,
    checks.wrong_sums,
    checks.gaps_in_numbers,
)


@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=60))
def test_lines_add_up_to_the_penny(lines: list[int]) -> None:
    check_total(lines, sum(lines))
    for wrong in (sum(lines) - 1, sum(lines) + 1):
        with pytest.raises(Invalid, match="The lines come to"):
            check_total(lines, wrong)
        with pytest.raises((Invalid, Conflict)):
            check_payment(wrong, sum(lines))
    assert sum(parse_pounds(exact_pounds(line)) for line in lines) == sum(lines)


@given(st.integers(0, 999_999_999))
def test_money_reads_as_it_was_written(pence: int) -> None:
    assert parse_pounds(said_pounds(pence)) == parse_pounds(exact_pounds(pence)) == pence


@pytest.mark.parametrize("typed", ["", "a lot", "35.5", "35,5", "-35", "1e3", "35.505", "£", "1,00", "٣٥", "35 pounds"])
def test_money_that_is_not_pounds_and_pence_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Invalid, match="pounds and pence") as refusal:
        parse_pounds(typed, field="amount")
    assert refusal.value.field == "amount"
