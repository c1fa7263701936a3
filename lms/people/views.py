"""People: the list, a person, and what the office says about them; and everybody's own details."""

from typing import Any

from flask import Blueprint, request

from lms.agencies.queries import agency_choices, role_groups
from lms.frame.access import ROLE_WORDS, Role
from lms.frame.paging import number_asked, pages_of
from lms.frame.web import Answer, back_to, page, requires, say, signed_in, work
from lms.people.forms import PersonDetailsForm, PersonForm, as_typed
from lms.people.models import Person
from lms.people.queries import duplicates_of, find_people, own_agencies, person_of
from lms.people.services import add_person, change_own_details

bp = Blueprint("people", __name__)


@bp.get("/people")
@requires("people.read_own_agency")
def people() -> Answer:
    chosen: dict[str, Any] = {
        "words": request.args.get("words", "").strip(),
        "agency": request.args.get("agency", type=int) or "",
        "role": _role(request.args.get("role", "")) or "",
        "state": request.args.get("state", "here"),
    }
    found = find_people(
        work().session,
        work().actor,
        words=chosen["words"],
        agency_id=chosen["agency"] or None,
        role=chosen["role"] or None,
        state=chosen["state"],
        number=number_asked(),
    )
    return page(
        "people/people.html",
        found=found,
        pages=pages_of(found),
        chosen=chosen,
        agencies=_agencies_seen(chosen["agency"] or None),
        roles=ROLE_WORDS,
        may_manage=work().actor.may("people.manage"),
    )


def _role(name: str) -> Role | None:
    return Role(name) if name in {each.value for each in Role} else None


def _agencies_seen(also: int | None) -> list[tuple[int, str]]:
    actor = work().actor
    choices = agency_choices(work().session, also=also)
    return choices if actor.may("people.read") else [each for each in choices if each[0] in actor.leads_agency_ids]


@bp.get("/people/<int:person_id>")
@requires("people.read_own_agency")
def person(person_id: int) -> Answer:
    found = _person(person_id)
    may_manage = work().actor.may("people.manage")
    return page(
        "people/person.html",
        found=found,
        may_manage=may_manage,
        role_words_of=ROLE_WORDS,
        duplicates=duplicates_of(work().session, found) if may_manage and found.merged_into_id is None else [],
    )


@bp.route("/people/add", methods=["GET", "POST"])
@requires("people.manage")
def add() -> Answer:
    form = PersonForm()
    form.offer(agency_choices(work().session), role_groups(work().session))
    if form.validate_on_submit():
        with form.refusals():
            details = form.details(email=form.email.data)
            ref = (form.ref.data).strip()
            added = add_person(work(), details, ref=ref, shares_address=form.shares_address.data)
            say(f"Added {added.name}, {added.ref}.")
            return back_to("people.person", person_id=added.id)
    return page("people/edit.html", form=form, found=None)


@bp.route("/my/details", methods=["GET", "POST"])
@signed_in
def my_details() -> Answer:
    me = _person(work().actor.person_id or 0)
    agencies = own_agencies(work().session, me)
    form = PersonDetailsForm(data=as_typed(me))
    form.offer(agencies, role_groups(work().session), without_agency=me.agency_id is None)
    if form.validate_on_submit():
        with form.refusals():
            change_own_details(work(), me, form.details(email=me.email))
            say("Saved your details.")
            return back_to("people.my_details")
    return page("people/my_details.html", form=form, me=me, can_move=len(agencies) > 1)


def _person(person_id: int) -> Person:
    return person_of(work().session, work().actor, person_id)
