"""The signed links by which somebody answers without an account. Nobody can guess one, and the database holds none."""

from lms.frame.links import SignedLink, row_number
from lms.frame.work import Work

NO_SUCH_LINK = "This link does not work or has expired. If you would like to tell us something, write to us."
INVITED = SignedLink("surveys.invitation", row_number, NO_SUCH_LINK)


def token_of(work: Work, invitation_id: int) -> str:
    """What makes a link open this one invitation."""
    return INVITED.sign(work.site.settings, invitation_id)


def read_token(work: Work, token: str) -> int:
    """The invitation of a link. Raises NotFound for one that we did not sign."""
    return INVITED.read(work.site.settings, token)
