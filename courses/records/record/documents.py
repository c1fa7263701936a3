"""The training record as PDF."""

from collections.abc import Sequence
from datetime import datetime

from courses.records.record.queries import RecordRow
from lms.kit.documents import NOTE, Document, table, words
from lms.kit.words import count, duration, long_date, short_date, short_duration
from lms.people.models import Person

HEAD = ("Course", "Date", "Agency then", "Outcome", "CPD", "Refresh by", "Certificate")
WIDTHS = (40, 16, 28, 15, 10, 14, 18)
NOTES = "CPD is learning time, breaks excluded. Anyone can check the number of a certificate."


def record_pdf(person: Person, rows: Sequence[RecordRow], owner: str, now: datetime) -> bytes:
    """Everything a person attended here, whichever agency they were with."""
    as_at = f"As at {long_date(now)}"
    document = Document(f"Training record of {person.name}", owner, as_at=as_at, is_wide=True)
    attended = [row for row in rows if row.colour == "green"]
    minutes = sum(row.cpd_minutes for row in rows)
    document.add(words(f"{count(len(attended), 'event')} attended, {duration(minutes)} of CPD."))
    if rows:
        document.add(table(HEAD, [_cells(row) for row in rows], widths=WIDTHS))
    document.add(words(NOTES, NOTE))
    return document.data()


def _cells(row: RecordRow) -> tuple[str, ...]:
    cpd = short_duration(row.cpd_minutes) if row.cpd_minutes else ""
    return (row.title, short_date(row.on), row.agency, row.outcome, cpd, row.refresh, row.serial)
