"""One's own booking by the links of a letter, without a code. Looking changes nothing: scanners open every link."""

from collections.abc import Callable

from flask import Blueprint, request

from courses.booking.acting.forms import NeedsByLinkForm
from courses.booking.acting.letters import ChangedByLink, changed_by_link
from courses.booking.acting.queries import OwnBooking, own_booking
from courses.booking.acting.services import write_needs
from courses.booking.bookings.about.queries import event_to_book
from courses.booking.bookings.views import WayIn, cancelling
from courses.booking.diary.views import booking_file
from courses.booking.links.services import as_oneself
from courses.booking.naming.views import naming
from courses.booking.substitutions.forms import ColleagueByAddressForm
from courses.booking.substitutions.views import giving
from courses.booking.transfers.views import moving
from lms.frame.web import SAFE_METHODS, Answer, back_to, page, public, say, work
from lms.limits.limiter import wrong_links

bp = Blueprint("acting", __name__, url_prefix="/your-booking/<token>")


@bp.get("")
@public
@wrong_links
def booking(token: str) -> Answer:
    """The booking, and what can be done about it by the same link."""
    own = own_booking(work(), token)
    if own.ended is not None:
        return _ended(own)
    about = event_to_book(work().session, own.booking.event_id, work().now)
    return page("courses/acting/booking.html", own=own, about=about)


@bp.route("/cancel", methods=["GET", "POST"])
@public
@wrong_links
def cancel(token: str) -> Answer:
    """As signed in: it says what it costs, and then it is done."""
    return _acted(token, cancelling)


@bp.route("/move", methods=["GET", "POST"])
@public
@wrong_links
def move(token: str) -> Answer:
    """To another date, as signed in."""
    return _acted(token, moving)


@bp.route("/give", methods=["GET", "POST"])
@public
@wrong_links
def give(token: str) -> Answer:
    """To a colleague by their address, as signed in."""
    return _acted(token, lambda way: giving(way, ColleagueByAddressForm()))


@bp.route("/needs", methods=["GET", "POST"])
@public
@wrong_links
def needs(token: str) -> Answer:
    """Written, and never read: what they told us before is not shown."""
    return _acted(token, _writing_needs)


@bp.route("/manager", methods=["GET", "POST"])
@public
@wrong_links
def manager(token: str) -> Answer:
    """Another line manager, as signed in; and they read that it was done."""
    return _acted(token, _naming)


@bp.get("/join")
@public
@wrong_links
def join(token: str) -> Answer:
    """How to join as it is now, until the event is over."""
    own = own_booking(work(), token)
    if not own.can_join:
        return _ended(own) if own.ended is not None else back_to("acting.booking", token=token)
    about = event_to_book(work().session, own.booking.event_id, work().now)
    return page("courses/acting/join.html", own=own, about=about)


@bp.get("/calendar.ics")
@public
@wrong_links
def calendar(token: str) -> Answer:
    """The booking for one's own calendar."""
    own = own_booking(work(), token)
    if own.ended is not None:
        return _ended(own)
    return booking_file(own.booking)


def _acted(token: str, act: Callable[[WayIn], Answer]) -> Answer:
    own = own_booking(work(), token)
    if own.ended is not None:
        return _ended(own)
    return act(WayIn(as_oneself(work(), own.booking), own.booking, token))


def _writing_needs(way: WayIn) -> Answer:
    form = NeedsByLinkForm()
    if form.validate_on_submit():
        with form.refusals():
            needs_now, food, phone = (field.data.strip() for field in (form.needs, form.food, form.phone_on_day))
            is_emptied = bool(form.is_emptied.data)
            write_needs(way.work, way.booking, needs=needs_now, food=food, phone_on_day=phone, is_emptied=is_emptied)
            say("We have written down what you need on the day.")
            return way.on("bookings.booking", booking_id=way.booking.id)
    about = event_to_book(work().session, way.booking.event_id, work().now)
    return page("courses/acting/needs.html", form=form, way=way, about=about)


def _naming(way: WayIn) -> Answer:
    before = way.booking.manager_name, way.booking.manager_email
    answer = naming(way)
    if (way.booking.manager_name, way.booking.manager_email) != before:
        way.work.send(changed_by_link(way.work, way.booking, ChangedByLink.MANAGER))
    return answer


def _ended(own: OwnBooking) -> Answer:
    """What happened, and what to do now. Nothing is done by a link that is over."""
    html = page("courses/acting/ended.html", own=own, ended=own.ended)
    return html if request.method in SAFE_METHODS or not isinstance(html, str) else (html, 409)
