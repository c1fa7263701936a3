"""My letters, and leaving a list by a link. Mail scanners open every link, so looking at it changes nothing."""

from flask import Blueprint, request
from flask.blueprints import BlueprintSetupState

from lms.frame.web import Answer, back_to, page, public, say, signed_in, site, work
from lms.limits.limiter import wrong_links
from lms.lists import services
from lms.lists.forms import choices_form, chosen
from lms.lists.queries import choice_of, has_own_copy, shares_address, wishes_of_person
from lms.lists.rules import Wish

bp = Blueprint("lists", __name__)


@bp.route("/account/letters", methods=["GET", "POST"])
@signed_in
def choices() -> Answer:
    """Which letters I want. Those about my own bookings always come."""
    session, person_id = work().session, work().actor.person_id or 0
    lists = site().mailing_lists
    form = choices_form(lists, wishes_of_person(session, person_id), own_copy=has_own_copy(session, person_id))
    shares = shares_address(session, person_id) or bool(form["own_copy"].data)
    if form.validate_on_submit():
        with form.refusals():
            services.choose_letters(work(), person_id, chosen(form, lists), own_copy=bool(form["own_copy"].data))
            say("Your choice is kept.")
            return back_to("lists.choices")
    return page("lists/choices.html", form=form, lists=lists, shares=shares)


@bp.route("/letters/leave/<token>", methods=["GET", "POST"])
@public
@wrong_links
def leave(token: str) -> Answer:
    """One list, left by one click or by the button here; and back again."""
    if request.method == "POST":
        leaver = services.come_back(work(), token) if "again" in request.form else services.leave_list(work(), token)
    else:
        leaver = services.leaver_of(work(), token)
    choice = choice_of(work().session, leaver)
    of_list = next((each for each in site().mailing_lists if each.name == leaver.list_name), None)
    return page(
        "lists/leave.html",
        title=of_list.title if of_list else "These emails",
        has_left=choice is not None and choice.wish is Wish.NONE,
        is_shared=leaver.person_id is None,
        address=leaver.address,
        was_posted=request.method == "POST",
    )


@bp.record_once
def _needs_no_token(state: BlueprintSetupState) -> None:
    """A mail program that posts for its reader (RFC 8058) has no token of ours. The signed link is what allows it."""
    state.app.extensions["csrf"].exempt(leave)
