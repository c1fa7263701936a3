"""My learning, in one page."""

from flask import Blueprint

from courses.booking.diary.forms import AlarmsForm
from courses.records.learning.queries import after_event, my_learning, my_record
from courses.records.record.documents import record_pdf
from lms.frame.files import file_to_show
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, page, signed_in, work
from lms.frame.work import Work
from lms.partnership.queries import the_partnership

bp = Blueprint("learning", __name__)


@bp.get("/my")
@signed_in
def my() -> Answer:
    """What is booked, what waits for me, what I attended; and the address of my own calendar."""
    learning = my_learning(work())
    alarms = AlarmsForm(alarms=learning.person.calendar_alarms)
    return page("courses/learning/my.html", learning=learning, alarms=alarms)


@bp.get("/my/record.pdf")
@signed_in
def record() -> Answer:
    """My training record, to take along or to print."""
    person, rows = my_record(work())
    data = record_pdf(person, rows, the_partnership(work().session).name, work().now)
    return file_to_show(data, "training-record.pdf")


def after_the_event(work: Work, booking_id: int) -> PanelContent | None:
    """On the page of a booking whose event is over: the certificate, the slides, and by when to come again."""
    after = after_event(work, booking_id)
    return None if after is None else PanelContent("courses/learning/after.html", {"after": after})
