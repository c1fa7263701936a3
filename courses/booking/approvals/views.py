"""A manager agrees or not: by the link of our letter, or through the coordinator whom they told."""

from flask import Blueprint

from courses.booking.approvals.forms import AGREE, ApprovalForm
from courses.booking.approvals.queries import Request, booking_of_link, open_request, request_ended
from courses.booking.approvals.services import agree_booking, as_manager, refuse_booking
from courses.booking.bookings.queries import booking_for, domains_of, is_outside
from lms.frame.web import Answer, back_to, page, public, requires, say, work
from lms.limits.limiter import wrong_links

bp = Blueprint("approvals", __name__)


@bp.route("/approvals/<token>", methods=["GET", "POST"])
@public
@wrong_links
def by_link(token: str) -> Answer:
    """Answer without an account. Looking at it agrees to nothing; what is over says what became of it."""
    booking_id = booking_of_link(work(), token)
    ended = request_ended(work().session, booking_id, work().now)
    if ended is not None:
        return page("courses/offers/ended.html", ended=ended)
    return _answered(open_request(work().session, booking_id, work().now), "offers.answered")


@bp.route("/bookings/<int:booking_id>/approval", methods=["GET", "POST"])
@requires("courses.manage_bookings")
def for_manager(booking_id: int) -> Answer:
    """The manager said so by telephone or letter: the coordinator writes it down."""
    booking = booking_for(work().session, booking_id, work().actor)
    request = open_request(work().session, booking.id, work().now)
    return _answered(request, "delegates.event_bookings", event_id=booking.event_id)


def _answered(request: Request, then: str, **values: int) -> Answer:
    form, booking = ApprovalForm(), request.booking
    if form.validate_on_submit():
        with form.refusals():
            if form.answer.data == AGREE:
                agree_booking(as_manager(work(), booking), booking.id)
                say(f"Thank you. {booking.person.name} has been told.")
            else:
                refuse_booking(as_manager(work(), booking), booking.id, form.reason.data)
                say(f"Thank you. {booking.person.name} has been told that you do not agree.")
            return back_to(then, **values)
    is_office = bool(values)
    outside = is_office and is_outside(booking, domains_of(work().session, [booking.agency_id]))
    return page("courses/approvals/approval.html", form=form, request_=request, is_office=is_office, is_outside=outside)
