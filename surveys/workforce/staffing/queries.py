"""The signed link by which an agency says how many people a round is for. The database holds none."""

from lms.frame.links import SignedLink, row_number
from lms.frame.work import Work
from lms.kit.errors import NotFound
from surveys.workforce.models import RoundLink
from surveys.workforce.queries import link_of

NO_SUCH_LINK = "This link does not work or has expired. If you would like to tell us something, write to us."
STAFF = SignedLink("surveys.workforce.staff", row_number, NO_SUCH_LINK)


def link_by_token(work: Work, token: str) -> RoundLink:
    """The agency and round of a signed link, until the results are out. Raises NotFound for every other."""
    found = link_of(work.session, STAFF.read(work.site.settings, token))
    if found is None or found.round.let_out_at is not None:
        raise NotFound(NO_SUCH_LINK)
    return found
