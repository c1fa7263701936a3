"""The trainer's screen with its changing code, and the delegate's page to sign in by it."""

from flask import Blueprint, Response, jsonify, request

from courses.attendance.checkin import rules
from courses.attendance.checkin.documents import qr_svg
from courses.attendance.checkin.forms import CheckInCodeForm
from courses.attendance.checkin.models import CheckIn
from courses.attendance.checkin.services import sign_in, switch_off, switch_on
from courses.attendance.register.queries import event_and_day, seen_of
from courses.booking.delegates.queries import check_sees_delegates
from courses.programme.events.models import Event, EventDay
from lms.frame.web import Answer, back_to, page, say, signed_in, site, site_url, work
from lms.kit.errors import NotFound, Refused
from lms.limits.limiter import limiter

bp = Blueprint("checkin", __name__)


def _who_tries() -> str:
    return f"person {work().actor.person_id}"


wrong_codes = limiter.shared_limit(
    "10 per 10 minutes",
    scope="check-in",
    key_func=_who_tries,
    methods=["POST"],
    deduct_when=lambda response: response.status_code == 422,
)


@bp.get("/events/<int:event_id>/days/<int:number>/check-in-code")
@signed_in
def screen(event_id: int, number: int) -> Answer:
    """For the wall: the QR code and six digits of this minute."""
    event, day = _shown_to_trainer(event_id, number)
    check_in = work().session.get(CheckIn, event_id)
    code = rules.code_now(check_in.secret, day.id, work().now) if check_in else ""
    return page(
        "courses/checkin/screen.html",
        event=event,
        day=day,
        code=code,
        why_not=_why_not(event, day),
        address=_short_address(event_id, number),
    )


@bp.get("/events/<int:event_id>/days/<int:number>/check-in-code.json")
@signed_in
def code(event_id: int, number: int) -> Answer:
    """The digits of this minute, and for how many seconds they stand."""
    _, day = _shown_to_trainer(event_id, number)
    return jsonify(code=rules.code_now(_check_in(event_id).secret, day.id, work().now), seconds=60 - work().now.second)


@bp.get("/events/<int:event_id>/days/<int:number>/check-in-code.svg")
@signed_in
def picture(event_id: int, number: int) -> Answer:
    """The QR code of this minute."""
    _, day = _shown_to_trainer(event_id, number)
    now = rules.code_now(_check_in(event_id).secret, day.id, work().now)
    address = site().settings.base_url + site_url("checkin.here", event_id=event_id, number=number, code=now)
    return Response(qr_svg(address), mimetype="image/svg+xml")


@bp.post("/events/<int:event_id>/days/<int:number>/check-in-code/<any(on, off):wanted>")
@signed_in
def switch(event_id: int, number: int, wanted: str) -> Answer:
    """Let delegates sign in themselves at this event, or no longer."""
    if wanted == "on":
        switch_on(work(), event_id)
    else:
        switch_off(work(), event_id)
        say("Delegates no longer sign in themselves. Marks made so far stay.")
    return back_to("checkin.screen", event_id=event_id, number=number)


@bp.route("/check-in/<int:event_id>/<int:number>", methods=["GET", "POST"])
@signed_in
@wrong_codes
def here(event_id: int, number: int) -> Answer:
    """The delegate's page: scanning brings the code along, and one tap says "I am here"."""
    event, day = event_and_day(work().session, event_id, number)
    _check_in(event_id)
    form = CheckInCodeForm(code=request.args.get("code", ""))
    if form.validate_on_submit():
        with form.refusals():
            mark = seen_of(sign_in(work(), event_id, number, form.code.data))
            say(f"You are signed in: {mark.words.lower() if mark else 'present'}.")
            return back_to("learning.my")
    return page("courses/checkin/here.html", form=form, event=event, day=day, why_not=_why_not(event, day))


def _shown_to_trainer(event_id: int, number: int) -> tuple[Event, EventDay]:
    event, day = event_and_day(work().session, event_id, number)
    check_sees_delegates(event, work().actor)
    return event, day


def _check_in(event_id: int) -> CheckIn:
    check_in = work().session.get(CheckIn, event_id)
    if check_in is None:
        raise NotFound("Delegates do not sign in themselves at this event. The trainer marks the register.")
    return check_in


def _short_address(event_id: int, number: int) -> str:
    """As people type it: without https://."""
    return site().settings.base_url.partition("://")[2] + site_url("checkin.here", event_id=event_id, number=number)


def _why_not(event: Event, day: EventDay) -> str:
    try:
        rules.check_time(event.state, day.starts_at, day.ends_at, work().now)
    except Refused as refusal:
        return refusal.words
    return ""
