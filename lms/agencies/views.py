"""Agencies: the list, and what becomes of each."""

from flask import Blueprint, request

from lms.agencies.forms import AgencyForm, CloseForm, MergeAgencyForm
from lms.agencies.models import Agency, Sector
from lms.agencies.queries import agency_choices, agency_of, find_agencies, sectors
from lms.agencies.questions import LeadsOf, PeopleHere
from lms.agencies.rules import domain_warning
from lms.agencies.services import (
    AgencyDetails,
    add_agency,
    change_agency,
    close_agency,
    merge_agency,
    reopen_agency,
    today,
)
from lms.frame.paging import number_asked, pages_of
from lms.frame.web import Answer, back_to, page, requires, say, site, work
from lms.kit.words import count

bp = Blueprint("agencies", __name__)


@bp.get("/agencies")
@requires("agencies.manage")
def agencies() -> Answer:
    chosen = {
        "words": request.args.get("words", "").strip(),
        "sector": request.args.get("sector", type=int) or "",
        "state": request.args.get("state", "open"),
    }
    found = find_agencies(
        work().session,
        words=str(chosen["words"]),
        sector_id=int(chosen["sector"] or 0),
        state=str(chosen["state"]),
        number=number_asked(),
    )
    return page(
        "agencies/agencies.html",
        found=found,
        people=work().ask(PeopleHere(tuple(row.id for row in found.rows))),
        pages=pages_of(found),
        chosen=chosen,
        sectors=sectors(work().session),
    )


@bp.route("/agencies/add", methods=["GET", "POST"])
@requires("agencies.manage")
def add() -> Answer:
    form = _offered(AgencyForm(), is_new=True)
    if form.validate_on_submit():
        with form.refusals():
            agency = add_agency(work(), form.code.data, _details(form))
            say(f"Added {agency.name}.")
            return back_to("agencies.agency", agency_id=agency.id)
    return page("agencies/edit.html", form=form, agency=None)


@bp.get("/agencies/<int:agency_id>")
@requires("agencies.manage")
def agency(agency_id: int) -> Answer:
    found = agency_of(work().session, agency_id)
    return page(
        "agencies/agency.html",
        agency=found,
        warnings=_warnings(found),
        leads=work().ask(LeadsOf(agency_id)),
        people=_people_here(agency_id),
    )


@bp.route("/agencies/<int:agency_id>/change", methods=["GET", "POST"])
@requires("agencies.manage")
def change(agency_id: int) -> Answer:
    found = agency_of(work().session, agency_id)
    form = _offered(AgencyForm(data=_as_typed(found)), is_new=False)
    if form.validate_on_submit():
        with form.refusals():
            change_agency(work(), found, _details(form, found), renamed_on=form.renamed_on.data)
            say(f"Changed {found.name}.")
            return back_to("agencies.agency", agency_id=agency_id)
    return page("agencies/edit.html", form=form, agency=found)


@bp.route("/agencies/<int:agency_id>/close", methods=["GET", "POST"])
@requires("agencies.manage")
def close(agency_id: int) -> Answer:
    found = agency_of(work().session, agency_id)
    form = CloseForm(data={"closed_on": today(work())})
    if form.validate_on_submit():
        with form.refusals():
            close_agency(work(), found, on=form.closed_on.data or today(work()))
            say(f"{found.name} has closed. Its people are still there. Move them, or record that they have left.")
            return back_to("agencies.agency", agency_id=agency_id)
    return page("agencies/close.html", form=form, agency=found)


@bp.post("/agencies/<int:agency_id>/reopen")
@requires("agencies.manage")
def reopen(agency_id: int) -> Answer:
    found = agency_of(work().session, agency_id)
    reopen_agency(work(), found)
    say(f"{found.name} is open.")
    return back_to("agencies.agency", agency_id=agency_id)


@bp.route("/agencies/<int:agency_id>/merge", methods=["GET", "POST"])
@requires("agencies.manage")
def merge(agency_id: int) -> Answer:
    found = agency_of(work().session, agency_id)
    others = [each for each in agency_choices(work().session) if each[0] != agency_id]
    form = MergeAgencyForm(data={"closed_on": today(work()), "move_people": True}).offer(others)
    if form.validate_on_submit():
        with form.refusals():
            successor = agency_of(work().session, form.successor.data)
            on = form.closed_on.data or today(work())
            moved = _people_here(agency_id) if form.move_people.data else 0
            merge_agency(work(), found, successor, on=on, move_people=form.move_people.data)
            say(f"{found.name} is now part of {successor.name}. {count(moved, 'person', 'people')} moved.")
            return back_to("agencies.agency", agency_id=agency_id)
    return page("agencies/merge.html", form=form, agency=found, people=_people_here(agency_id))


def _people_here(agency_id: int) -> int:
    return work().ask(PeopleHere((agency_id,)))[agency_id]


def _offered(form: AgencyForm, *, is_new: bool) -> AgencyForm:
    return form.offer(sectors(work().session), is_new=is_new, with_charges=site().hosts("charges"))


def _details(form: AgencyForm, found: Agency | None = None) -> AgencyDetails:
    """What was typed; what nobody was asked stays as it was."""
    return AgencyDetails(
        name=form.name.data,
        sector=_sector(form.sector.data),
        domains=tuple((form.domains.data).replace(";", "\n").replace(",", "\n").splitlines()),
        charge_email=form.charge_email.data if "charge_email" in form else found.charge_email if found else "",
        is_exempt=form.is_exempt.data if "is_exempt" in form else bool(found and found.is_exempt),
        opened_on=form.opened_on.data,
    )


def _sector(sector_id: int) -> Sector:
    return next(each for each in sectors(work().session) if each.id == sector_id)


def _as_typed(found: Agency) -> dict[str, object]:
    return {
        "name": found.name,
        "sector": found.sector_id,
        "domains": "\n".join(each.domain for each in found.domains),
        "charge_email": found.charge_email,
        "is_exempt": found.is_exempt,
        "opened_on": found.opened_on,
    }


def _warnings(found: Agency) -> list[str]:
    return [words for each in found.domains if (words := domain_warning(each.domain))]
