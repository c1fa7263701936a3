"""Changing somebody's record: at once, or laid before a business manager."""

from flask import Blueprint

from lms.agencies.queries import agency_choices, role_groups
from lms.entrusting.changes.forms import AddressForm, RoleForm
from lms.entrusting.rules import EntrustedKind
from lms.entrusting.services import change_or_ask, do_or_ask
from lms.entrusting.views import say_done_or_asked
from lms.frame.access import ROLE_WORDS
from lms.frame.web import Answer, back_to, page, requires, work
from lms.kit.addresses import clean_address
from lms.people.forms import PersonForm, as_typed
from lms.people.models import Person
from lms.people.queries import person_of

bp = Blueprint("changes", __name__)


@bp.route("/people/<int:person_id>/change", methods=["GET", "POST"])
@requires("people.manage")
def change(person_id: int) -> Answer:
    found = _person(person_id)
    form = PersonForm(data=as_typed(found))
    del form.ref
    form.offer(agency_choices(work().session, also=found.agency_id), role_groups(work().session))
    if form.validate_on_submit():
        with form.refusals():
            details = form.details(email=form.email.data)
            asked = change_or_ask(work(), found, details, shares_address=form.shares_address.data)
            say_done_or_asked(asked, f"Changed {found.name}.")
            return back_to("people.person", person_id=person_id)
    return page("changes/change.html", form=form, found=found)


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
            return back_to("changes.addresses", person_id=person_id)
    return page("changes/addresses.html", form=form, found=found)


@bp.post("/people/<int:person_id>/addresses/<int:address_id>/remove")
@requires("people.manage")
def drop_address(person_id: int, address_id: int) -> Answer:
    found = _person(person_id)
    address = next((each.address for each in found.addresses if each.id == address_id), "")
    asked = do_or_ask(work(), EntrustedKind.ADDRESS_AWAY, found, {"address_id": address_id, "address": address})
    say_done_or_asked(asked, "Removed the address.")
    return back_to("changes.addresses", person_id=person_id)


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
            return back_to("changes.roles", person_id=person_id)
    return page("changes/roles.html", form=form, found=found, role_words_of=ROLE_WORDS)


@bp.post("/people/<int:person_id>/roles/<int:grant_id>/revoke")
@requires("people.manage")
def revoke(person_id: int, grant_id: int) -> Answer:
    found = _person(person_id)
    grant = next((each for each in found.roles if each.id == grant_id), None)
    words = grant.words if grant else ""
    asked = do_or_ask(work(), EntrustedKind.ROLE_AWAY, found, {"grant_id": grant_id, "role_words": words})
    say_done_or_asked(asked, f"Removed the role from {found.name}.")
    return back_to("changes.roles", person_id=person_id)


def _person(person_id: int) -> Person:
    return person_of(work().session, work().actor, person_id)
