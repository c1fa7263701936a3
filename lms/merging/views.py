"""Merging as pages: likely duplicates, choose two, look at what moves, merge; and undo."""

from flask import Blueprint

from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.errors import Conflict, Invalid, NotAllowed
from lms.merging.forms import ChooseForm
from lms.merging.queries import merge_of, roles_left_behind, what_moves
from lms.merging.services import blocking_or_staying, check_can_merge, merge_people, unmerge_people
from lms.people.models import Person
from lms.people.queries import all_duplicates, person_by_ref, person_of

bp = Blueprint("merging", __name__)


@bp.get("/people/duplicates")
@requires("people.manage")
def duplicates() -> Answer:
    return page("merging/duplicates.html", groups=all_duplicates(work().session))


@bp.route("/people/<int:kept_id>/merge", methods=["GET", "POST"])
@requires("people.manage")
def choose(kept_id: int) -> Answer:
    kept = _person(kept_id)
    form = ChooseForm()
    if form.validate_on_submit():
        with form.refusals():
            other = person_by_ref(work().session, form.ref.data or "")
            return back_to("merging.preview", kept_id=kept_id, duplicate_id=other.id)
    return page("merging/choose.html", form=form, kept=kept)


@bp.get("/people/<int:kept_id>/merge/<int:duplicate_id>")
@requires("people.manage")
def preview(kept_id: int, duplicate_id: int) -> Answer:
    kept, duplicate = _person(kept_id), _person(duplicate_id)
    return page(
        "merging/preview.html",
        kept=kept,
        duplicate=duplicate,
        moving=what_moves(work().session, duplicate_id),
        roles=roles_left_behind(kept, duplicate),
        refusal=_refusal(kept, duplicate),
    )


@bp.post("/people/<int:kept_id>/merge/<int:duplicate_id>")
@requires("people.manage")
def merge(kept_id: int, duplicate_id: int) -> Answer:
    kept, duplicate = _person(kept_id), _person(duplicate_id)
    merge_people(work(), kept, duplicate)
    say(f"{duplicate.ref} is now part of {kept.name}, {kept.ref}.")
    return back_to("people.person", person_id=kept_id)


@bp.post("/people/merges/<int:merge_id>/undo")
@requires("people.manage")
def undo(merge_id: int) -> Answer:
    found = merge_of(work().session, merge_id)
    duplicate = unmerge_people(work(), found)
    say(f"{duplicate.name}, {duplicate.ref}, is a record of its own again.")
    return back_to("people.person", person_id=found.kept_id)


def _person(person_id: int) -> Person:
    return person_of(work().session, work().actor, person_id)


def _refusal(kept: Person, duplicate: Person) -> str | None:
    """Why these two cannot be merged now, so that the page says so before anybody tries."""
    try:
        check_can_merge(work(), kept, duplicate)
        blocking_or_staying(work(), kept, duplicate)
    except (Conflict, Invalid, NotAllowed) as refusal:
        return refusal.words
    return None
