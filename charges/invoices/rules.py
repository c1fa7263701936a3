"""What the partnership says about invoices: their numbers, months, sums and what may be credited or paid. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, time
from enum import StrEnum

from lms.kit.errors import Conflict, Invalid
from lms.kit.money import exact_pounds
from lms.kit.words import MONTHS
from lms.kit.working_days import london_date, wall_time


class InvoiceKind(StrEnum):
    """What the agency pays, and what it does not have to after all."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


def invoice_ref(prefix: str, number: int) -> str:
    """RV-INV-00012"""
    return f"{prefix}-INV-{number:05}"


def credit_note_ref(prefix: str, number: int) -> str:
    """RV-CN-00003"""
    return f"{prefix}-CN-{number:05}"


def month_words(month: date) -> str:
    """March 2026"""
    return f"{MONTHS[month.month - 1]} {month.year}"


def end_of_month(month: date) -> datetime:
    """The first moment in London after the month."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return wall_time(following, time(0, 0))


def read_month(text: str) -> date:
    """The month that an address names: 2026-03. Raises Invalid."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Invalid("Choose a month.", field="month") from None


def check_month_is_over(month: date, now: datetime) -> None:
    """A month's invoices are issued once it is over."""
    if now < end_of_month(month):
        raise Conflict(
            f"{month_words(month)} is not over. Its invoices can be issued from the first of the next month."
        )


def check_total(lines: Sequence[int], total: int) -> None:
    """The lines of an invoice add up to it, to the penny."""
    if sum(lines) != total or not lines or min(lines) <= 0:
        raise Invalid(f"The lines come to {exact_pounds(sum(lines))}, not {exact_pounds(total)}.")


def check_payment(pence: int, owed: int) -> None:
    """What is owed is paid as a whole: this records that an invoice was paid, it is no ledger."""
    if owed <= 0:
        raise Conflict("Nothing is owed on this invoice any more.")
    if pence != owed:
        raise Invalid(
            f"{exact_pounds(owed)} is owed. Record the payment once all of it has come, or credit what is not owed.",
            field="amount",
        )


def check_paid_on(paid_on: date, issued_at: datetime, now: datetime) -> None:
    """Money comes after the invoice, and not tomorrow."""
    if paid_on < london_date(issued_at):
        raise Invalid("That is before the invoice was issued. Check the date.", field="paid_on")
    if paid_on > london_date(now):
        raise Invalid("That date is in the future. Record the payment when it arrives.", field="paid_on")


def line_words(person: str, course: str, explanation: str) -> str:
    """A line of an invoice: who, what, and why, as the charge explains itself."""
    return f"{person}, {course}. {explanation}"
