"""Whether the certificate that a letter brings is still valid when it is about to go."""

import sqlalchemy as sa

from courses.records.certificates.models import Certificate
from courses.records.certificates.rules import CertificateState
from lms.frame.plugins import StillTrue
from lms.frame.work import Work
from lms.mail.models import OutboxLetter


def why_not(work: Work, letter: OutboxLetter) -> str:
    """A certificate that was withdrawn or replaced meanwhile has a letter of its own."""
    named = sa.select(Certificate.state).where(Certificate.serial == letter.context.get("serial", ""))
    state = work.session.scalar(named)
    is_over = state is not None and state is not CertificateState.VALID
    return f"Not sent: the certificate is {state} now." if is_over else ""


STILL_TRUE = StillTrue(frozenset({"courses.certificate_issued"}), why_not)
