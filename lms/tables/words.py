"""How a table reads as a file."""

from lms.frame.work import Work
from lms.tables.queries import Download, download_csv

BYTE_ORDER_MARK = "\ufeff"
"""By which Excel knows that a file is UTF-8. The import takes it away again."""


def csv_file(work: Work, table: Download) -> str:
    """A table as a CSV file that spreadsheets open rightly."""
    return BYTE_ORDER_MARK + download_csv(work, table)
