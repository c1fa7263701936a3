"""My learning, in one page."""

from flask import Blueprint

from courses.learning.queries import my_learning
from lms.web import Answer, page, signed_in, work

bp = Blueprint("learning", __name__)


@bp.get("/my")
@signed_in
def my() -> Answer:
    """What is booked, what waits for me, what I attended; and the address of my own calendar."""
    return page("courses/learning/my.html", learning=my_learning(work().session, work().actor, work().now))
