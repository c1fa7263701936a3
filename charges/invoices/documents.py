"""Invoices, credit notes and statements as PDF, and the file for the host authority's finance system."""

from collections.abc import Iterable, Mapping

from charges.invoices.models import Invoice
from charges.invoices.queries import Statement
from charges.invoices.rules import InvoiceKind, month_words
from lms.kit.documents import BODY, HEADING, NOTE, Document, gap, table, words
from lms.kit.money import exact_pounds, said_pounds
from lms.kit.words import long_date, short_date
from lms.kit.working_days import london_date
from lms.tables.rules import write_csv

COLUMNS = (
    "document",
    "kind",
    "issued_on",
    "month",
    "agency_code",
    "agency_name",
    "line",
    "charge",
    "text",
    "amount",
    "credits",
    "paid_on",
)
KIND_WORDS = {InvoiceKind.INVOICE: "Invoice", InvoiceKind.CREDIT_NOTE: "Credit note"}


def invoice_pdf(invoice: Invoice, owner: str) -> bytes:
    """An invoice or credit note as it was issued, with what became of it since under it."""
    issued = f"Issued {long_date(invoice.issued_at)}"
    document = Document(f"{KIND_WORDS[invoice.kind]} {invoice.ref}", owner, as_at=issued)
    document.add(
        words(f"To: {invoice.agency_name} ({invoice.agency_code})", HEADING),
        words(f"From: {invoice.host_authority}"),
        words(_about(invoice)),
        table(
            ["Line", "What for", "Amount"],
            [[str(line.position), line.text, exact_pounds(line.pence)] for line in invoice.lines],
            widths=[1, 13, 2],
        ),
        gap(),
        words(f"Total: {exact_pounds(invoice.total_pence)}", HEADING),
    )
    if invoice.why:
        document.add(words(f"Why: {invoice.why}", BODY))
    document.add(words("Agencies are charged for places that were not used, never people. No VAT is shown.", NOTE))
    return document.data()


def statement_pdf(statement: Statement, owner: str, as_at: str) -> bytes:
    """What was invoiced, credited and paid, with the balance after each."""
    document = Document(f"Statement: {statement.agency.name}", owner, as_at=as_at)
    rows = [
        [short_date(line.on), line.words, exact_pounds(line.pence), exact_pounds(line.balance)]
        for line in statement.lines
    ]
    document.add(table(["Date", "What", "Amount", "Owed after"], rows, widths=[3, 8, 2, 2]), gap())
    document.add(words(f"Owed: {exact_pounds(statement.owed)}", HEADING))
    return document.data()


def finance_csv(issued: Iterable[Invoice]) -> str:
    """The rows as a CSV file, safe from spreadsheet formulas."""
    return write_csv(COLUMNS, finance_rows(issued))


def finance_rows(issued: Iterable[Invoice]) -> Iterable[Mapping[str, str]]:
    """A row for each line of each document, oldest first; credits are negative."""
    ordered = sorted(issued, key=lambda invoice: (invoice.issued_at, invoice.id))
    return (row for invoice in ordered for row in _rows(invoice))


def _about(invoice: Invoice) -> str:
    if invoice.credits is not None:
        return f"Takes back what {invoice.credits.ref} charged."
    return f"Charges for places not used, {month_words(invoice.month)}."


def _rows(invoice: Invoice) -> Iterable[Mapping[str, str]]:
    is_credit = invoice.kind is InvoiceKind.CREDIT_NOTE
    for line in invoice.lines:
        yield {
            "document": invoice.ref,
            "kind": invoice.kind.value,
            "issued_on": london_date(invoice.issued_at).isoformat(),
            "month": f"{invoice.month:%Y-%m}",
            "agency_code": invoice.agency_code,
            "agency_name": invoice.agency_name,
            "line": str(line.position),
            "charge": str(line.charge_id),
            "text": line.text,
            "amount": f"{'-' if is_credit else ''}{said_pounds(line.pence)}",
            "credits": invoice.credits.ref if invoice.credits else "",
            "paid_on": invoice.payment.paid_on.isoformat() if invoice.payment else "",
        }
