"""The two lists as pages: sectors and role groups."""

from dataclasses import dataclass

from flask import Blueprint

from lms.agencies.models import RoleGroup, Sector
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.groups.forms import GroupForm
from lms.groups.queries import group_of, groups_of
from lms.groups.services import add_group, move_up, remove_group, rename_group
from lms.kit.errors import NotFound

bp = Blueprint("groups", __name__)


@dataclass(frozen=True)
class Listing:
    """One of the two lists, and how its page says it."""

    name: str
    model: type[Sector] | type[RoleGroup]
    title: str
    one: str
    words: str


LISTINGS = {
    each.name: each
    for each in (
        Listing("sectors", Sector, "Sectors", "sector", "Reports count agencies by sector, in this order."),
        Listing("role-groups", RoleGroup, "Role groups", "role group", "Courses say which of these they are for."),
    )
}


def _listing(name: str) -> Listing:
    if name not in LISTINGS:
        raise NotFound("We cannot find that list.")
    return LISTINGS[name]


@bp.route("/lists/<name>", methods=["GET", "POST"])
@requires("agencies.manage")
def groups(name: str) -> Answer:
    listing = _listing(name)
    form = GroupForm()
    if form.validate_on_submit():
        with form.refusals():
            add_group(work(), listing.model, form.name.data)
            say(f"Added {form.name.data}.")
            return back_to("groups.groups", name=name)
    return page("groups/groups.html", form=form, listing=listing, groups=groups_of(work().session, listing.model))


@bp.route("/lists/<name>/<int:group_id>", methods=["GET", "POST"])
@requires("agencies.manage")
def group(name: str, group_id: int) -> Answer:
    listing = _listing(name)
    found = group_of(work().session, listing.model, group_id)
    form = GroupForm(data={"name": found.name})
    if form.validate_on_submit():
        with form.refusals():
            rename_group(work(), found, form.name.data)
            say(f"Renamed it to {form.name.data}.")
            return back_to("groups.groups", name=name)
    return page("groups/group.html", form=form, listing=listing, group=found)


@bp.post("/lists/<name>/<int:group_id>/up")
@requires("agencies.manage")
def up(name: str, group_id: int) -> Answer:
    move_up(work(), group_of(work().session, _listing(name).model, group_id))
    return back_to("groups.groups", name=name)


@bp.post("/lists/<name>/<int:group_id>/remove")
@requires("agencies.manage")
def remove(name: str, group_id: int) -> Answer:
    found = group_of(work().session, _listing(name).model, group_id)
    removed = found.name
    remove_group(work(), found)
    say(f"Removed {removed}.")
    return back_to("groups.groups", name=name)
