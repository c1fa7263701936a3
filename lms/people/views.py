"""People: the list, a person, and what the office says about them; and everybody's own details."""

from typing import Any

from flask import Blueprint, request

from lms.agencies.queries import agency_choices, role_groups
from lms.entrusting.rules import EntrustedKind
from lms.entrusting.services import change_or_ask, do_or_ask
from lms.entrusting.views import say_done_or_asked
from lms.frame.access import ROLE_WORDS, Role
from lms.frame.paging import number_asked, pages_of
from lms.frame.web import Answer, back_to, page, requires, say, signed_in, work
from lms.kit.addresses import clean_address
from lms.kit.working_days import london_date
from lms.merging.queries import merges_into
from lms.people.forms import AddressForm, LeftForm, PersonDetailsForm, PersonForm, RoleForm
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
        merges=merges_into(work().session, found) if may_manage else [],
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


@bp.route("/people/<int:person_id>/change", methods=["GET", "POST"])
@requires("people.manage")
def change(person_id: int) -> Answer:
    found = _person(person_id)
    form = PersonForm(data=_as_typed(found))
    del form.ref
    form.offer(agency_choices(work().session, also=found.agency_id), role_groups(work().session))
    if form.validate_on_submit():
        with form.refusals():
            details = form.details(email=form.email.data)
            asked = change_or_ask(work(), found, details, shares_address=form.shares_address.data)
            say_done_or_asked(asked, f"Changed {found.name}.")
            return back_to("people.person", person_id=person_id)
    return page("people/edit.html", form=form, found=found)


@bp.route("/people/<int:person_id>/addresses", methods=["GET", "POST"])
@requires("people.manage")
def addresses(person_id: int) -> Answer:
    found = _person(person_id)
    form = AddressForm()
    if form.validate_on_submit():
        with form.refusals():
            address = clean_address(form.address.data, field="address")
            asked = do_or_ask(work(), EntrustedKind.FURTHER_ADDRESS, found, {"address": address})
            say_done_or_asked(asked, "Added the address.")
            return back_to("people.addresses", person_id=person_id)
    return page("people/addresses.html", form=form, found=found)


@bp.post("/people/<int:person_id>/addresses/<int:address_id>/remove")
@requires("people.manage")
def drop_address(person_id: int, address_id: int) -> Answer:
    found = _person(person_id)
    address = next((each.address for each in found.addresses if each.id == address_id), "")
    asked = do_or_ask(work(), EntrustedKind.ADDRESS_AWAY, found, {"address_id": address_id, "address": address})
    say_done_or_asked(asked, "Removed the address.")
    return back_to("people.addresses", person_id=person_id)


@bp.route("/people/<int:person_id>/left", methods=["GET", "POST"])
@requires("people.manage")
def left(person_id: int) -> Answer:
    found = _person(person_id)
    form = LeftForm(data={"left_on": london_date(work().now)})
    if form.validate_on_submit():
        with form.refusals():
            left_on = form.left_on.data or london_date(work().now)
            asked = do_or_ask(work(), EntrustedKind.LEAVING, found, {"on": left_on.isoformat()})
            say_done_or_asked(asked, f"{found.name} has left. They cannot sign in, and their record stays.")
            return back_to("people.person", person_id=person_id)
    return page("people/left.html", form=form, found=found)


@bp.post("/people/<int:person_id>/back")
@requires("people.manage")
def back(person_id: int) -> Answer:
    found = _person(person_id)
    asked = do_or_ask(work(), EntrustedKind.COMING_BACK, found)
    say_done_or_asked(asked, f"{found.name} is back, with the roles they had.")
    return back_to("people.person", person_id=person_id)


@bp.route("/people/<int:person_id>/roles", methods=["GET", "POST"])
@requires("people.manage")
def roles(person_id: int) -> Answer:
    found = _person(person_id)
    form = RoleForm(data={"agency": 0}).offer(agency_choices(work().session))
    if form.validate_on_submit():
        with form.refusals():
            asked = do_or_ask(work(), EntrustedKind.ROLE, found, form.wanted)
            say_done_or_asked(asked, f"{found.name} has a new role.")
            return back_to("people.roles", person_id=person_id)
    return page("people/roles.html", form=form, found=found, role_words_of=ROLE_WORDS)


@bp.post("/people/<int:person_id>/roles/<int:grant_id>/revoke")
@requires("people.manage")
def revoke(person_id: int, grant_id: int) -> Answer:
    found = _person(person_id)
    grant = next((each for each in found.roles if each.id == grant_id), None)
    words = grant.words if grant else ""
    asked = do_or_ask(work(), EntrustedKind.ROLE_AWAY, found, {"grant_id": grant_id, "role_words": words})
    say_done_or_asked(asked, f"Took the role away from {found.name}.")
    return back_to("people.roles", person_id=person_id)


@bp.route("/my/details", methods=["GET", "POST"])
@signed_in
def my_details() -> Answer:
    me = _person(work().actor.person_id or 0)
    agencies = own_agencies(work().session, me)
    form = PersonDetailsForm(data=_as_typed(me))
    form.offer(agencies, role_groups(work().session), without_agency=me.agency_id is None)
    if form.validate_on_submit():
        with form.refusals():
            change_own_details(work(), me, form.details(email=me.email))
            say("Saved your details.")
            return back_to("people.my_details")
    return page("people/my_details.html", form=form, me=me, can_move=len(agencies) > 1)


def _person(person_id: int) -> Person:
    return person_of(work().session, work().actor, person_id)


def _as_typed(found: Person) -> dict[str, Any]:
    plain = ("name", "email", "phone", "job_title", "manager_name", "manager_email")
    typed = {name: getattr(found, name) for name in plain}
    return {**typed, "agency": found.agency_id or 0, "role_group": found.role_group_id or 0}
