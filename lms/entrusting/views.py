"""The business managers' desk for what others ask them, and what of a person waits there."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint

from lms.entrusting.forms import AGREE, DecideRequestForm
from lms.entrusting.models import ChangeRequest
from lms.entrusting.queries import (
    change_of,
    concerned,
    decided_requests,
    deciders,
    is_entrusted,
    open_requests,
    request_of,
)
from lms.entrusting.rules import EntrustedKind
from lms.entrusting.services import agree, do_or_ask, refuse, withdraw
from lms.frame.access import Actor
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, public, requires, say, work
from lms.frame.work import Work
from lms.kit.words import listed
from lms.people.models import Person
from lms.people.rules import why_not_decide
from lms.signin.security import account_here

bp = Blueprint("entrusting", __name__)


@bp.get("/people/requests")
@requires("people.manage")
def requests() -> Answer:
    session = work().session
    return page("entrusting/requests.html", waiting=open_requests(session), decided=decided_requests(session))


@bp.route("/people/requests/<int:request_id>", methods=["GET", "POST"])
@requires("people.manage")
def request(request_id: int) -> Answer:
    found, form = request_of(work().session, request_id), DecideRequestForm()
    if form.validate_on_submit():
        with form.refusals():
            if form.answer.data == AGREE:
                agree(work(), request_id)
                say(f"Done. {found.asked_by.name} has been told.")
            else:
                refuse(work(), request_id, form.words.data)
                say(f"Nothing has changed. {found.asked_by.name} has been told.")
            return back_to("entrusting.requests")
    why_not = why_not_decide(work().actor, change_of(found).ids)
    return page("entrusting/request.html", form=form, found=found, why_not=why_not, deciders=_deciders(found))


@bp.post("/people/requests/<int:request_id>/withdraw")
@requires("people.manage")
def take_back(request_id: int) -> Answer:
    withdraw(work(), request_id)
    say("The request is taken back. Nothing was changed.")
    return back_to("entrusting.requests")


@bp.post("/account/second-factor/ask")
@public
def ask_for_invitation() -> Answer:
    """Somebody entrusted who gave the first factor and has no second one asks to be invited."""
    me = account_here()
    if me is None:
        return back_to("signin.sign_in")
    as_me = replace(work(), actor=Actor(me.person.name, person_id=me.person_id))
    asked = do_or_ask(as_me, EntrustedKind.INVITATION, me.person)
    if asked is not None:
        say_asked(asked)
    return back_to("account.set_up_second_factor")


def say_done_or_asked(asked: ChangeRequest | None, done: str) -> None:
    """Tell what was done; or that it waits, and for whom."""
    if asked is None:
        say(done)
    else:
        say_asked(asked)


def say_asked(asked: ChangeRequest) -> None:
    """Tell who decides what was asked for."""
    names = [person.name for person in _deciders(asked)]
    if names:
        say(f"A business manager decides this: {listed(names, 'or')} has been asked. Nothing is changed until then.")
    else:
        say(
            "A business manager decides this, and there is no one else. The person who runs the server can use "
            f"“lms person decide {asked.id}”. Nothing is changed until then."
        )


def person_panel(work: Work, person_id: int) -> PanelContent | None:
    """On the page of somebody entrusted: who decides, and what waits."""
    if not work.actor.may("people.manage"):
        return None
    waiting, entrusted = open_requests(work.session, of_person=person_id), is_entrusted(work.session, person_id)
    if not (waiting or entrusted):
        return None
    why_not = why_not_decide(work.actor, {person_id}) if entrusted else ""
    return PanelContent("entrusting/person_panel.html", {"waiting": waiting, "why_not": why_not})


def _deciders(asked: ChangeRequest) -> Sequence[Person]:
    session = work().session
    return deciders(session, concerned(session, change_of(asked))) if asked.decided_at is None else ()
