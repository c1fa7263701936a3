"""The secret personal feed, and making its address."""

from flask import Blueprint, Response

from courses.booking.bookings.entries.documents import entries
from courses.booking.bookings.queries import person_asking
from courses.booking.diary.queries import confirmed_bookings, person_of_calendar
from courses.booking.diary.services import renew_calendar
from lms.frame.web import Answer, back_to, public, say, signed_in, work
from lms.kit.calendars import feed
from lms.limits.limiter import wrong_links

bp = Blueprint("diary", __name__)


@bp.get("/calendar/<secret>.ics")
@public
@wrong_links
def calendar(secret: str) -> Answer:
    """A person's bookings for their calendar program, which cannot sign in: the address itself is the key."""
    person = person_of_calendar(work().session, secret)
    bookings = confirmed_bookings(work().session, person.id)
    text = feed([entry for booking in bookings for entry in entries(work(), booking)], "My training")
    return Response(text, content_type="text/calendar; charset=utf-8")


@bp.post("/my/calendar")
@signed_in
def renew() -> Answer:
    """Make the address, or replace it by a new one."""
    renew_calendar(work(), person_asking(work().session, work().actor))
    say("Your calendar has a new address. An old one no longer works.")
    return back_to("learning.my", _anchor="calendar")
