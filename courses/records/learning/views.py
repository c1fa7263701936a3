"""My learning, in one page."""

from flask import Blueprint

from courses.records.learning.queries import my_learning, my_record
from courses.records.record.documents import record_pdf
from lms.frame.files import file_to_show
from lms.frame.web import Answer, page, signed_in, work
from lms.partnership.queries import the_partnership

bp = Blueprint("learning", __name__)


@bp.get("/my")
@signed_in
def my() -> Answer:
    """What is booked, what waits for me, what I attended; and the address of my own calendar."""
    return page("courses/learning/my.html", learning=my_learning(work()))


@bp.get("/my/record.pdf")
@signed_in
def record() -> Answer:
    """My training record, to take along or to print."""
    person, rows = my_record(work())
    data = record_pdf(person, rows, the_partnership(work().session).name, work().now)
    return file_to_show(data, "training-record.pdf")
