"""What stands around the words of a briefing’s file."""

from briefings.writing.shapes.drawing.documents import Surround
from lms.frame.web import site, site_url, work
from lms.partnership.queries import the_partnership


def sheet_of(briefing_id: int) -> Surround:
    """What stands around the words of a file: whose it is, and where a phone finds the page."""
    base = site().settings.base_url.rstrip("/")
    address = base + site_url("library.short", briefing_id=briefing_id)
    return Surround(the_partnership(work().session).name, address, base)
