"""Tables of charges to download."""

from collections.abc import Iterator, Mapping

from charges.invoices.documents import COLUMNS, finance_rows
from charges.invoices.queries import invoices
from lms.frame.plugins import Export
from lms.frame.work import Work
from lms.kit.figures import Cell


def invoice_rows(work: Work) -> Iterator[Mapping[str, Cell]]:
    """A row for each line of each invoice and credit note."""
    return iter(finance_rows(invoices(work.session)))


EXPORTS = (
    Export("invoices", "Invoices and credit notes, line by line", "charges.manage_invoices", COLUMNS, invoice_rows),
)
