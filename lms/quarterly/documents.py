"""The quarter on one sheet of A4."""

from lms.kit.documents import HEADING, NOTE, Document, table, words
from lms.quarterly.queries import OnePage
from lms.quarterly.rules import quarter_title
from lms.reports.documents import as_at_of

HEAD = ("Measure", "Figure", "Of", "A year before", "Change")


def one_page_pdf(one: OnePage, owner: str) -> bytes:
    """Each question with its figures; the definitions are in the annual report and on the page of figures."""
    title = f"Training, {quarter_title(one.period)}" + (f": {one.agency}" if one.agency else "")
    document = Document(title, owner, as_at=as_at_of(one.report))
    for part in one.parts:
        document.add(words(part.title, HEADING))
        lines = [
            (each.figure.title, each.figure.shown, each.of, each.before, each.change)
            for section in part.sections
            for each in section.figures
        ]
        document.add(table(HEAD, lines, widths=(6, 2.4, 3, 2.4, 2.6)))
    document.add(
        words("Numbers of 1 to 4 people are not shown to the sub-group.", NOTE) if not one.agency else words("")
    )
    return document.data()
