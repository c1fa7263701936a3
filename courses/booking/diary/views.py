"""The secret personal feed, and making its address."""

from flask import Blueprint

from courses.booking.bookings.entries.documents import entries
from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import booking_for, person_asking
from courses.booking.bookings.rules import BookingState
from courses.booking.diary.forms import AlarmsForm
from courses.booking.diary.queries import IN_CALENDARS, confirmed_bookings, person_of_calendar
from courses.booking.diary.rules import Alarms, alarms_before
from courses.booking.diary.services import choose_alarms, renew_calendar
from lms.frame.files import calendar_to_follow, file_to_keep
from lms.frame.web import Answer, back_to, public, say, signed_in, work
from lms.kit.calendars import feed
from lms.kit.errors import NotFound
from lms.limits.limiter import wrong_links

bp = Blueprint("diary", __name__)


@bp.get("/calendar/<secret>.ics")
@public
@wrong_links
def calendar(secret: str) -> Answer:
    """A person's bookings for their calendar program, which cannot sign in: the address itself is the key."""
    person = person_of_calendar(work().session, secret)
    bookings, alarms = confirmed_bookings(work().session, person.id), alarms_before(person.calendar_alarms)
    shown = [entry for booking in bookings for entry in entries(work(), booking, alarms)]
    return calendar_to_follow(feed(shown, "My training"))


@bp.get("/bookings/<int:booking_id>/calendar.ics")
@signed_in
def add(booking_id: int) -> Answer:
    """One booking for one's own calendar, where the letter with the invitation is not at hand."""
    return booking_file(booking_for(work().session, booking_id, work().actor))


def booking_file(booking: Booking) -> Answer:
    """The days of a booking that holds a place. The same entries as in letters, so that nothing stands there twice."""
    if booking.state is not BookingState.CONFIRMED or booking.event.state not in IN_CALENDARS:
        raise NotFound("There is nothing to add: this booking holds no place on a date.")
    alarms = alarms_before(booking.person.calendar_alarms)
    text = feed(entries(work(), booking, alarms), booking.event.version.title)
    return file_to_keep(text, f"booking-{booking.id}.ics")


@bp.post("/my/calendar/reminders")
@signed_in
def remind() -> Answer:
    """Choose how long before an event one's calendar reminds one."""
    form = AlarmsForm()
    if form.validate_on_submit():
        choose_alarms(work(), person_asking(work().session, work().actor), Alarms(form.alarms.data))
        say("Your calendar takes over the reminders when it next reads the address.")
    return back_to("learning.my", _anchor="calendar")


@bp.post("/my/calendar")
@signed_in
def renew() -> Answer:
    """Make the address, or replace it by a new one."""
    renew_calendar(work(), person_asking(work().session, work().actor))
    say("Your calendar has a new address. An old one no longer works.")
    return back_to("learning.my", _anchor="calendar")
