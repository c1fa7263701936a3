"""Booking on one page, signed in or not, and the page where the code books."""

from flask import Blueprint, request

from courses.booking.bookings.about.queries import EventToBook, event_to_book_by
from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import person_asking
from courses.booking.bookings.rules import BookingState
from courses.booking.needs.queries import kept_needs
from courses.booking.wishes import queries, services
from courses.booking.wishes.forms import PlaceForm, StrangersForm
from courses.booking.wishes.rules import WORDS, Asks, what_is_asked
from courses.programme import words
from courses.programme.events.queries import EventRow
from lms.frame.web import Answer, back_to, page, public, say, site, site_url, turn_away, work
from lms.kit.addresses import clean_address
from lms.kit.errors import Invalid, NotFound
from lms.limits.limiter import many_posts
from lms.people.models import Person
from lms.signin.forms import MailedCodeForm
from lms.signin.queries import code_by_token
from lms.signin.rules import WRONG_CODE
from lms.signin.security import NEWCOMER, begin_session, identity_here, providers
from lms.signin.services import code_works
from lms.signin.views import after_first_factor, link_newcomer, refuse, spent_page
from lms.unsent import browser as unsent

bp = Blueprint("wishes", __name__)

GONE = "This page was for a code that has expired. Book again from the course’s page."
NOT_KNOWN = "We cannot tell from this address where you work. Enter it below: your organisation, school or service."
MEANWHILE = {
    "taken": "The last place went while you were looking for the code. You are signed in, and your answers are here.",
    "look": "You are signed in, and nothing is booked yet. Check your answers, as we have a question.",
}


@bp.route("/events/<int:event_id>/book", methods=["GET", "POST"])
@public
@many_posts
def book(event_id: int) -> Answer:
    """All questions on one page. Signed in it books; signed out a code goes to the address, and that books."""
    if request.method == "POST" and "is_known" in request.form and not work().actor.is_signed_in:
        return turn_away()
    person = person_asking(work().session, work().actor) if work().actor.is_signed_in else None
    about = event_to_book_by(work().session, event_id, work().now, work().actor, person)
    closed = queries.why_not_now(work(), about.event, person)
    others = queries.other_dates(work(), about.event, person)
    if closed is not None:
        html = page("courses/wishes/not_now.html", about=about, closed=closed, others=others)
        return (html, 409) if request.method == "POST" and isinstance(html, str) else html
    asks = what_is_asked(needs_approval=about.event.course.needs_approval, left=about.left)
    form = _form(person, asks)
    if request.form.get("to"):
        return _to_another(others, person)
    cautions = _cautions(about, person, form)
    if form.is_submitted() and form.is_answered(cautions, form.validate()):
        with form.refusals():
            return _booked(event_id, person, form)
    if form.errors:
        unsent.keep_refused(request.path, person_id=person.id if person else None)
    meanwhile = MEANWHILE.get(request.args.get("meanwhile", ""), "")
    if meanwhile and asks is not Asks.LIST and request.args["meanwhile"] == "taken":
        meanwhile = ""
    return page(
        "courses/wishes/book.html",
        form=form,
        about=about,
        asks=asks.value,
        words=WORDS[asks],
        person_booking=person,
        cautions=cautions,
        others=others,
        meanwhile=meanwhile,
        agency=queries.agency_by_domain(work(), _address(form)),
        providers=providers().all if person is None else (),
        proved=_proved_address() if person is None else "",
    )


@bp.route("/events/<int:event_id>/book/code/<token>", methods=["GET", "POST"])
@public
def code(event_id: int, token: str) -> Answer:
    """The code proves the address and books. The link in the email leads here, too. Reading it does nothing."""
    row, wish = code_by_token(work().session, token), queries.wish_of_code(work().session, token)
    if row is None or wish is None or wish.event_id != event_id:
        raise NotFound(GONE)
    form = MailedCodeForm()
    if form.validate_on_submit():
        with form.refusals():
            proved = services.book_by_code(work(), token, form.code.data)
            if proved is not None:
                return _went_on(event_id, proved)
            refuse(form, "code", WRONG_CODE)
    if not code_works(row, work().now):
        return spent_page("wishes.book", event_id=event_id)
    about = event_to_book_by(work().session, event_id, work().now, work().actor)
    asks = what_is_asked(needs_approval=about.event.course.needs_approval, left=about.left)
    is_here = unsent.has_typed(_path(event_id))  # another browser sees nothing of what was typed
    said = wish.said if is_here else None
    agency = queries.agency_by_domain(work(), wish.email) if is_here else None
    return page(
        "courses/wishes/code.html",
        form=form, about=about, wish=wish, said=said, agency=agency, row=row, asks=asks.value, words=WORDS[asks],
        providers=providers().for_address(wish.email) if is_here else (),
    )  # fmt: skip


@bp.post("/events/<int:event_id>/book/code/<token>/again")
@public
@many_posts
def again(event_id: int, token: str) -> Answer:
    """Another code for the same answers."""
    wish = queries.wish_of_code(work().session, token)
    if wish is None or wish.event_id != event_id:
        raise NotFound(GONE)
    row = services.ask_again(work(), wish)
    say("Another email is on its way.")
    return back_to("wishes.code", event_id=event_id, token=row.token)


def _form(person: Person | None, asks: Asks) -> PlaceForm:
    """What is asked, filled in with what somebody said last time; of somebody signed out we know nothing."""
    with_charges = site().hosts("charges")
    if person is None:
        groups = queries.groups_to_choose(work().session)
        known = identity_here(NEWCOMER)
        said = {"name": known.name, "email": known.address} if known else {}
        return StrangersForm(**said).offer(groups).ask(asks, last=None, with_charges=with_charges)
    last, kept = queries.last_time(work().session, person), kept_needs(work().session, person.id)
    form = PlaceForm(
        phone_on_day=last.phone,
        needs=kept.needs if kept else "",
        food=kept.food if kept else "",
        keep_needs=kept is not None,
    )
    return form.ask(asks, last=last, with_charges=with_charges)


def _cautions(about: EventToBook, person: Person | None, form: PlaceForm) -> list[str]:
    """What is said before they book; of somebody signed out only what follows from what they typed."""
    if person is not None:
        return queries.cautions(work(), about.event, person)
    group = form["role_group_id"].data if "role_group_id" in form else None
    named = dict(queries.groups_to_choose(work().session)).get(group or 0, "")
    return queries.other_work(about.event, group, named) if named else []


def _booked(event_id: int, person: Person | None, form: PlaceForm) -> Answer:
    if person is not None:
        booking = services.book_for_oneself(work(), event_id, person, form.wanted())
        say(_words(booking))
        return back_to("bookings.booking", booking_id=booking.id)
    if not isinstance(form, StrangersForm):
        raise NotFound(GONE)
    if not form.agency_words.data and queries.agency_by_domain(work(), clean_address(form.email.data)) is None:
        raise Invalid(NOT_KNOWN, field="agency_words")
    if clean_address(form.email.data) == _proved_address():
        proved = services.book_by_proof(work(), event_id, form.newcomer, form.wanted())
        if proved.account is not None:
            link_newcomer(proved.account)
        return _went_on(event_id, proved)
    row = services.ask_for_place(work(), event_id, form.newcomer, form.wanted())
    unsent.keep_typed(request.path, person_id=None)
    return back_to("wishes.code", event_id=event_id, token=row.token)


def _to_another(others: list[EventRow], person: Person | None) -> Answer:
    """Another date of the course was chosen: what was typed goes along."""
    chosen = next((each.id for each in others if str(each.id) == request.form["to"]), None)
    if chosen is None:
        raise NotFound("That date cannot be booked now. Go back and choose another.")
    unsent.keep_typed(_path(chosen), person_id=person.id if person else None)
    return back_to("wishes.book", event_id=chosen)


def _went_on(event_id: int, proved: services.Proved) -> Answer:
    """In, and to what was booked, or back to the page with all that was typed and why."""
    if proved.account is None:
        unsent.forget_typed(_path(event_id))
        return page("courses/wishes/waits.html", registration=proved.registration)
    person_id = proved.account.person_id
    if proved.booking is None:
        unsent.give_to(person_id, _path(event_id))
    else:
        unsent.forget_typed(_path(event_id))
    begin_session(proved.account, second_factor=False)
    if proved.booking is None:
        return after_first_factor(
            proved.account, site_url("wishes.book", event_id=event_id, meanwhile=proved.meanwhile or None)
        )
    say(_words(proved.booking))
    return back_to("bookings.booking", booking_id=proved.booking.id)


def _words(booking: Booking) -> str:
    title = booking.event.version.title
    if booking.state is BookingState.CONFIRMED:
        return f"Your place is booked: {title}, {words.when(booking.event)}. A confirmation is on its way."
    if booking.state is BookingState.AWAITING_MANAGER:
        with_whom = booking.manager_name or (
            "your line manager" if booking.manager_email else "your agency’s lead, or us"
        )
        return f"Your request is with {with_whom}. We’ll email you when there is an answer."
    return f"You are on the waiting list for {title}. We’ll email you when there is a place."


def _proved_address() -> str:
    """The address of somebody new, which their provider has proved: no code has to go there."""
    identity = identity_here(NEWCOMER)
    return identity.address if identity else ""


def _path(event_id: int) -> str:
    return site_url("wishes.book", event_id=event_id)


def _address(form: PlaceForm) -> str:
    typed = form["email"].data if "email" in form else ""
    return (typed or "").strip().lower()
