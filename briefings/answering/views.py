"""The page behind a lead's link, which needs no account; a lead's own list; and what delegates say of themselves."""

from flask import Blueprint, request

from briefings.answering.forms import AgencyChangeForm, CascadeAnswerForm, MarkForm
from briefings.cascade import services
from briefings.cascade.models import Cascade
from briefings.cascade.queries import LeadByLink, answers_of_agencies, asked_by_link, mark_of, stand_of
from briefings.cascade.rules import RAG_WORDS, answer_by, rag_of
from briefings.distribution.letters import NO_SUCH_LINK, answer_token, read_answer_token
from briefings.writing.queries import find_published
from briefings.writing.shapes.letters import letter_of
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, public, requires, say, signed_in, site, work
from lms.frame.work import Work
from lms.kit.errors import Invalid, NotFound
from lms.kit.working_days import london_date
from lms.limits.limiter import wrong_links

bp = Blueprint("answering", __name__)


@bp.route("/briefings/answer/<token>", methods=["GET", "POST"])
@public
@wrong_links
def by_link(token: str) -> Answer:
    """Received, discussed, changed: by a link from our letter. Looking at it answers nothing."""
    asked = _asked(token)
    agencies = [(each.agency_id, each.agency.name) for each in asked.cascades]
    form, change_form = CascadeAnswerForm().offer(agencies), AgencyChangeForm().offer(agencies)
    what = request.form.get("what", "")
    if what == "received":
        for cascade in asked.cascades:
            services.acknowledge(work(), cascade, asked.person)
        say("Thank you. It is noted that your agency has it.")
        return back_to("answering.by_link", token=token)
    used = change_form if what == "changed" else form
    if request.method == "POST" and used.validate_on_submit():
        with used.refusals():
            say(_tell_change(asked, change_form) if what == "changed" else _tell_discussion(asked, form))
            return back_to("answering.by_link", token=token)
    today = london_date(work().now)
    return page(
        "briefings/answering/by_link.html",
        form=used,
        answer_form=form,
        change_form=change_form,
        asked=asked,
        briefing=letter_of(work().session, asked.version.id, site().settings.base_url),
        rags=[(each, rag_of(stand_of(each), today), _by(each)) for each in asked.cascades],
        rag_words=RAG_WORDS,
        today=today,
    )


def _asked(token: str) -> LeadByLink:
    """Whose link it is. Wrong, closed and guessed are the same page."""
    asked = asked_by_link(work().session, *read_answer_token(work(), token))
    if asked is None:
        raise NotFound(NO_SUCH_LINK)
    return asked


def _by(cascade: Cascade) -> object:
    return answer_by(london_date(cascade.sent_at)) if cascade.sent_at else None


def _tell_discussion(asked: LeadByLink, form: CascadeAnswerForm) -> str:
    told = services.tell_discussion(
        work(),
        _cascade(asked, form.agency.data, "agency"),
        asked.version,
        asked.person,
        team=form.team.data,
        on=form.discussed_on.data,
        people=form.people.data,
        change=form.change.data,
    )
    return "Thank you. It is noted." if told else "You had told us of this discussion before. It is noted once."


def _tell_change(asked: LeadByLink, form: AgencyChangeForm) -> str:
    cascade = _cascade(asked, form.agency_changed.data, "agency_changed")
    services.tell_change(work(), cascade, asked.person, form.words.data)
    return "Thank you. What you changed is noted."


def _cascade(asked: LeadByLink, agency_id: int, field: str) -> Cascade:
    found = next((each for each in asked.cascades if each.agency_id == agency_id), None)
    if found is None:
        raise Invalid("Choose one of your agencies.", field=field)
    return found


@bp.get("/briefings/answers")
@requires("briefings.answer")
def mine() -> Answer:
    """What the agencies that I lead were asked."""
    actor = work().actor
    rows = answers_of_agencies(work().session, actor.leads_agency_ids, london_date(work().now))
    tokens = {row.briefing_id: answer_token(work(), row.briefing_id, actor.person_id or 0) for row in rows}
    return page("briefings/answering/mine.html", rows=rows, tokens=tokens, rag_words=RAG_WORDS)


@bp.route("/briefings/<int:briefing_id>/mark", methods=["GET", "POST"])
@signed_in
def mark(briefing_id: int) -> Answer:
    """Read, or discussed in my team: into my training record."""
    version = find_published(work().session, work().actor, briefing_id)
    form = MarkForm()
    if form.validate_on_submit():
        with form.refusals():
            if request.form.get("only") == "read":
                services.mark_read(work(), briefing_id)
                say("It is in your training record as read.")
            else:
                change = form.change.data
                services.mark_discussed(work(), briefing_id, people=form.people.data, change=change)
                say("It is in your training record as discussed.")
            return back_to("library.briefing", briefing_id=briefing_id)
    return page("briefings/answering/mark.html", form=form, version=version)


def briefing_panel(work: Work, briefing_id: int) -> PanelContent | None:
    """Beside a briefing: did your team discuss it? For who is signed in; others read how to."""
    person_id = work.actor.person_id
    known = mark_of(work.session, briefing_id, person_id) if person_id is not None else None
    return PanelContent("briefings/answering/panel.html", {"briefing_id": briefing_id, "mark": known})
