"""An offer of a place: by its link without an account, or signed in. A GET only shows it."""

from flask import Blueprint

from courses.booking.bookings.queries import booking_for
from courses.booking.links.services import as_oneself
from courses.booking.offers.forms import ACCEPT, AnswerOfferForm
from courses.booking.offers.queries import OfferShown, offer_ended, offer_of_link, open_offer, open_offer_of
from courses.booking.offers.services import accept_offer, decline_offer
from lms.frame.web import Answer, back_to, page, public, say, signed_in, work
from lms.frame.work import Work
from lms.limits.limiter import wrong_links

bp = Blueprint("offers", __name__)


@bp.route("/offers/<token>", methods=["GET", "POST"])
@public
@wrong_links
def by_link(token: str) -> Answer:
    """Answer by the link of our letter. One that is over says what became of it; one that is none says nothing."""
    offer = offer_of_link(work(), token)
    ended = offer_ended(work().session, offer.id, work().now)
    if ended is not None:
        return page("courses/offers/ended.html", ended=ended)
    by = as_oneself(work(), offer.booking)
    return _answered(by, open_offer(work().session, offer.id, work().now), "offers.answered")


@bp.get("/offers/answered")
@public
def answered() -> Answer:
    """Where an answer by link ends: what was said stands above, and nothing else."""
    return page("courses/offers/answered.html")


@bp.route("/bookings/<int:booking_id>/offer", methods=["GET", "POST"])
@signed_in
def mine(booking_id: int) -> Answer:
    """The same signed in; and by the coordinator for somebody who telephoned."""
    booking = booking_for(work().session, booking_id, work().actor)
    own = booking.person_id == work().actor.person_id
    shown = open_offer_of(work().session, booking, work().now)
    if own:
        return _answered(work(), shown, "learning.my")
    return _answered(work(), shown, "delegates.event_bookings", event_id=booking.event_id)


def _answered(by: Work, shown: OfferShown, then: str, **values: int) -> Answer:
    form = AnswerOfferForm()
    if form.validate_on_submit():
        with form.refusals():
            title = shown.event.version.title
            if form.answer.data == ACCEPT:
                accept_offer(by, shown.offer.id)
                say(f"The place is booked: {title}, {shown.when}. A confirmation is on its way.")
            else:
                decline_offer(by, shown.offer.id)
                say(f"The place on {title} is free for someone else. Thank you for saying so.")
            work().has_letters = True
            return back_to(then, **values)
    return page("courses/offers/offer.html", form=form, shown=shown)
