"""Sentences about a round that page, PDF and workbook share."""

from surveys.workforce.results.figures import QuestionResult
from surveys.workforce.results.response.figures import LineName

LINES_NOTE = (
    "An agency has a line of its own where ten people or more work there and not 1 to 4 of them did or did not answer; "
    "what its people said is told from ten answers on. Others are told together with agencies of their sector. How "
    "many it was for is what each agency said."
)
NEEDS_NOTE = (
    "Needed: places that were asked for in this survey. Places, and those left: of events planned or published in the "
    "next 12 months. Short by: needed less left."
)


def line_words(name: LineName) -> str:
    """Rowan Police; 3 other agencies of this sector (Health)"""
    return f"{name.name} ({name.sector_words})" if name.is_several and name.sector_words else name.name


def nothing_words(question: QuestionResult) -> str:
    """Why nothing stands under a question."""
    if question.table or question.summary or question.comments:
        return ""
    return "Nothing of it is told: no one answered it, or too few did."
