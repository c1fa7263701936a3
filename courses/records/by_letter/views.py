"""The PDF of a certificate by the link of its letter, without a code."""

from flask import Blueprint

from courses.records.certificates.queries import certificate_of_letter
from courses.records.certificates.views import sheet_of
from lms.frame.web import Answer, public, work
from lms.limits.limiter import wrong_links

bp = Blueprint("by_letter", __name__)


@bp.get("/certificates/from-email/<token>.pdf")
@public
@wrong_links
def pdf(token: str) -> Answer:
    """For whoever it is of, at the address that we wrote to, while it is valid."""
    return sheet_of(certificate_of_letter(work(), token))
