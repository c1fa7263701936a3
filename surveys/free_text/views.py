"""The safeguarding lead's queue, and naming the lead."""

from flask import Blueprint, request

from lms.frame.web import Answer, back_to, page, requires, say, signed_in, work
from lms.kit.errors import NotFound
from lms.kit.identifying import KIND_WORDS as FOUND_WORDS
from lms.kit.identifying import IdentifierKind, blacked_out
from lms.people.queries import person_by_ref
from surveys.concerns.queries import lead_now
from surveys.concerns.rules import CONCERN_WORDS, ConcernState
from surveys.free_text.forms import ConcernForm, HeldForm, LeadForm
from surveys.free_text.queries import (
    check_reads_queue,
    concern_of,
    concerns,
    held_texts,
    last_steps,
    text_row,
)
from surveys.free_text.rules import TextState
from surveys.free_text.services import (
    decide_concern,
    keep_text_back,
    let_text_out,
    name_lead,
)
from surveys.permissions import NAME_LEAD
from surveys.questions.rules import KIND_WORDS

bp = Blueprint("free_text", __name__)


@bp.get("/safeguarding-queue")
@signed_in
def queue() -> Answer:
    """What may tell of a child at risk, what may name somebody, and the log."""
    check_reads_queue(work().session, work().actor)
    return page(
        "surveys/free_text/queue.html",
        concerns=concerns(work().session),
        held=held_texts(work().session),
        steps=last_steps(work().session),
        concern_words=CONCERN_WORDS,
        kind_words=KIND_WORDS,
        found_words={kind.value: words for kind, words in FOUND_WORDS.items()},
    )


@bp.route("/safeguarding-queue/concerns/<int:concern_id>", methods=["GET", "POST"])
@signed_in
def concern(concern_id: int) -> Answer:
    check_reads_queue(work().session, work().actor)
    found, form = concern_of(work().session, concern_id), ConcernForm()
    if form.validate_on_submit():
        with form.refusals():
            decide_concern(work(), concern_id, ConcernState(form.state.data), form.note.data)
            say("Noted in the log.")
            return back_to("free_text.queue")
    return page(
        "surveys/free_text/concern.html", form=form, concern=found, kind_words=KIND_WORDS, concern_words=CONCERN_WORDS
    )


@bp.route("/safeguarding-queue/texts/<text_id>", methods=["GET", "POST"])
@signed_in
def held(text_id: str) -> Answer:
    """A text that may name somebody: let it out, covered where needed, or keep it back."""
    check_reads_queue(work().session, work().actor)
    row = text_row(work().session, text_id)
    if row.state is not TextState.HELD:
        raise NotFound("Someone has already decided on this text. The queue shows what is left.")
    form = HeldForm(data={"words": blacked_out(row.words)})
    if form.validate_on_submit():
        with form.refusals():
            if request.form.get("do") == "keep":
                keep_text_back(work(), text_id)
                say("It will not be in reports.")
            else:
                let_text_out(work(), text_id, form.words.data)
                say("Reports can show it.")
            return back_to("free_text.queue")
    found = [FOUND_WORDS[IdentifierKind(each)] for each in row.found]
    return page("surveys/free_text/held.html", form=form, row=row, found=found, kind_words=KIND_WORDS)


@bp.route("/surveys/safeguarding-lead", methods=["GET", "POST"])
@requires(NAME_LEAD)
def lead() -> Answer:
    """Who reads what may tell of a child at risk."""
    form = LeadForm()
    if form.validate_on_submit():
        with form.refusals():
            person = person_by_ref(work().session, (form.ref.data).strip())
            name_lead(work(), person)
            say(f"{person.name} is the safeguarding lead from now on.")
            return back_to("free_text.lead")
    return page("surveys/free_text/lead.html", form=form, lead=lead_now(work().session))
