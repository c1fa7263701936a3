"""Merging as pages: likely duplicates, choose two, look at what moves, merge; and undo."""

from flask import Blueprint

from lms.entrusting.merging.forms import ChooseForm
from lms.entrusting.queries import WantedChange, why_not
from lms.entrusting.rules import ChangeDetails, EntrustedKind
from lms.entrusting.services import do_or_ask
from lms.entrusting.views import say_done_or_asked
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, requires, work
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed
from lms.merging.queries import merge_of, merges_into, roles_left_behind, what_moves
from lms.merging.services import blocking_or_staying, check_can_merge
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
            other = person_by_ref(work().session, form.ref.data)
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
        why_not=why_not(
            work().session, work().actor, WantedChange(ChangeDetails(EntrustedKind.MERGE, {}), kept, duplicate)
        ),
    )


@bp.post("/people/<int:kept_id>/merge/<int:duplicate_id>")
@requires("people.manage")
def merge(kept_id: int, duplicate_id: int) -> Answer:
    kept, duplicate = _person(kept_id), _person(duplicate_id)
    asked = do_or_ask(work(), EntrustedKind.MERGE, kept, other=duplicate)
    say_done_or_asked(asked, f"{duplicate.ref} is now part of {kept.name}, {kept.ref}.")
    return back_to("people.person", person_id=kept_id)


@bp.post("/people/merges/<int:merge_id>/undo")
@requires("people.manage")
def undo(merge_id: int) -> Answer:
    found = merge_of(work().session, merge_id)
    kept, duplicate = _person(found.kept_id), _person(found.duplicate_id)
    asked = do_or_ask(work(), EntrustedKind.UNMERGE, kept, {"merge_id": merge_id}, other=duplicate)
    say_done_or_asked(asked, f"{duplicate.name}, {duplicate.ref}, is a record of its own again.")
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


def person_panel(work: Work, person_id: int) -> PanelContent | None:
    """On the page of a person into who others were merged."""
    if not work.actor.may("people.manage"):
        return None
    merges = merges_into(work.session, person_id)
    return PanelContent("merging/person_panel.html", {"merges": merges}) if merges else None
