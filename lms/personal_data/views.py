"""A copy of what is held about somebody, for themselves and for the office; and erasing somebody."""

from flask import Blueprint, render_template

from lms.frame.files import file_to_keep
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, requires, say, signed_in, work
from lms.frame.work import Work
from lms.kit.errors import Invalid, NotFound
from lms.people.models import Person
from lms.people.queries import person_of
from lms.personal_data.documents import as_json, as_page
from lms.personal_data.forms import EraseForm
from lms.personal_data.mentions.rules import Needles, gathered
from lms.personal_data.queries import Mentions, mentions_of
from lms.personal_data.services import erase_person, export_person, what_prevents
from lms.retention.queries import holds_on

bp = Blueprint("personal_data", __name__)
MOST_PLACES = 50
NOTHING_ELSEWHERE = Mentions((), (), Needles())


@bp.get("/my/data")
@signed_in
def mine() -> Answer:
    return page("personal_data/mine.html", me=_person(work().actor.person_id or 0))


@bp.post("/my/data/copy.<form>")
@signed_in
def my_copy(form: str) -> Answer:
    return _copy(_person(work().actor.person_id or 0), form)


@bp.get("/people/<int:person_id>/data")
@requires("personal_data.export")
def of_person(person_id: int) -> Answer:
    found = _person(person_id)
    held = holds_on(work().session, [found.id])
    may_erase = work().actor.may("personal_data.erase")
    return page("personal_data/of_person.html", found=found, held=held, may_erase=may_erase)


@bp.post("/people/<int:person_id>/data/copy.<form>")
@requires("personal_data.export")
def copy(person_id: int, form: str) -> Answer:
    return _copy(_person(person_id), form)


@bp.route("/people/<int:person_id>/erase", methods=["GET", "POST"])
@requires("personal_data.erase")
def erase(person_id: int) -> Answer:
    found, hindrances = _person(person_id), what_prevents(work(), _person(person_id))
    mentions = NOTHING_ELSEWHERE if hindrances else mentions_of(work(), person_id)
    form = EraseForm().offer(mentions)
    if form.validate_on_submit():
        with form.refusals():
            if (form.ref.data).strip() != found.ref:
                raise Invalid("This is not the person’s reference. It is at the top of this page.", field="ref")
            reason = form.reason.data
            done = erase_person(work(), found, reason=reason, texts_seen=form.number_seen, leave=form.left)
            say("Erased. No figures have changed." + _shared(done.left))
            return back_to("people.person", person_id=person_id)
    form.shown.data = str(len(mentions.texts))
    return page(
        "personal_data/erase.html",
        form=form,
        found=found,
        hindrances=hindrances,
        number=len(mentions.texts),
        texts=gathered(mentions.texts),
        places=gathered(mentions.places)[:MOST_PLACES],
        more=max(0, len(gathered(mentions.places)) - MOST_PLACES),
    )


def person_panel(work: Work, person_id: int) -> PanelContent | None:
    """On a person's page, for those who may."""
    if not work.actor.may("personal_data.export"):
        return None
    person = work.session.get(Person, person_id)
    if person is None or person.merged_into_id is not None or person.erased_at is not None:
        return None
    held = holds_on(work.session, [person_id])
    return PanelContent("personal_data/person_panel.html", {"data_of": person, "held": held})


def _copy(person: Person, form: str) -> Answer:
    """The copy as a file: JSON for a program, a page for the person."""
    if form not in ("json", "html"):
        raise NotFound("There is no copy of that kind. Choose JSON or a page.")
    data = export_person(work(), person)
    text = as_json(data) if form == "json" else as_page(data, render_template)
    return file_to_keep(text, f"personal-data-{person.id}.{form}")


def _shared(left: tuple[str, ...]) -> str:
    if not left:
        return ""
    return (
        f" {len(left)} of the names and addresses also belong to someone else, so texts about other people kept them."
    )


def _person(person_id: int) -> Person:
    return person_of(work().session, work().actor, person_id)
