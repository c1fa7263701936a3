"""A trainer's own events, and one of them."""

from flask import Blueprint

from courses.attendance.register.rules import opens_at
from courses.attendance.trainers import queries
from courses.booking.bookings.clashing.queries import own_clashes
from courses.programme.events.queries import event_with_days
from lms.frame.web import Answer, page, requires, work

bp = Blueprint("trainers", __name__)


@bp.get("/my-events")
@requires("courses.see_own_events")
def events() -> Answer:
    rows = queries.coming_events_of(work(), work().actor.person_id or 0)
    clashes = own_clashes(work().session, work().actor.person_id or 0, work().now)
    return page("courses/trainers/events.html", rows=rows, clashes=clashes, now=work().now, opens_at=opens_at)


@bp.get("/my-events/<int:event_id>")
@requires("courses.see_own_events")
def event(event_id: int) -> Answer:
    row = queries.own_event(work(), event_id, work().actor.person_id or 0)
    found = event_with_days(work().session, event_id)
    clash = own_clashes(work().session, work().actor.person_id or 0, work().now).get(event_id, "")
    return page("courses/trainers/event.html", row=row, event=found, clash=clash, stage=row.stage(work().now))
