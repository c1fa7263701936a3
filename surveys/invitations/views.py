"""Who is asked: all of them, those of an event, what came back. Nobody sees here what was answered."""

from flask import Blueprint, request

from courses.booking.bookings.queries import event_with_days
from courses.programme import words
from lms.frame.paging import number_asked, pages_of
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.frame.work import Work
from lms.kit.pages import PageOf
from lms.people.queries import person_of
from surveys.invitations.forms import WHICH_WORDS, InvitationFilters
from surveys.invitations.models import SurveyRefusal
from surveys.invitations.queries import chase_counts, invitation_of, invitation_rows, stage_counts
from surveys.invitations.rules import NOT_ASKED_WORDS, State
from surveys.invitations.services import accept_again, ask_on_paper, note_bounce, refuse
from surveys.permissions import MANAGE
from surveys.stages.rules import STAGE_WORDS

bp = Blueprint("invitations", __name__)
STATE_WORDS = {
    State.NOT_ASKED: "Not asked",
    State.WITHDRAWN: "Withdrawn",
    State.SCHEDULED: "To go",
    State.BOUNCED: "Came back",
    State.SENT: "Sent",
    State.COMPLETED: "Sent",
    State.EXPIRED: "Sent, closed",
}
"""An answer is not shown by name, so somebody who has answered reads like everybody who was asked."""


@bp.get("/surveys/invitations")
@requires(MANAGE)
def invitations() -> Answer:
    filters = InvitationFilters(request.args)
    number = number_asked()
    which = filters.which.data if filters.which.data in WHICH_WORDS else ""
    rows, total = invitation_rows(
        work().session, work().now, stage=filters.chosen_stage, which=which or "", page=number
    )
    found = PageOf(rows, total, number)
    return page(
        "surveys/invitations/invitations.html",
        filters=filters,
        found=found,
        pages=pages_of(found),
        **_words(),
    )


@bp.get("/events/<int:event_id>/surveys")
@requires(MANAGE)
def event(event_id: int) -> Answer:
    """Everybody of an event with what they are asked; and counts of who has answered."""
    found = event_with_days(work().session, event_id)
    rows, _ = invitation_rows(work().session, work().now, event_id=event_id)
    return page(
        "surveys/invitations/event.html",
        event=found,
        when=words.when(found),
        rows=rows,
        counts=stage_counts(work().session, event_id),
        has_paper=any(row.is_paper for row in rows),
        **_words(),
    )


@bp.post("/invitations/<int:invitation_id>/<any(bounced, paper):what>")
@requires(MANAGE)
def note(invitation_id: int, what: str) -> Answer:
    """A letter came back to the mailbox; or a printed sheet is given."""
    invitation = invitation_of(work().session, invitation_id)
    if what == "bounced":
        note_bounce(work(), invitation)
        say("Noted. We’ll ask them again when their address has been corrected.")
    else:
        ask_on_paper(work(), invitation)
        say("Print the sheet. You can enter it until the survey closes.")
    return back_to("invitations.event", event_id=invitation.event_id)


@bp.post("/people/<int:person_id>/surveys/<any(stop, again):what>")
@requires(MANAGE)
def asking(person_id: int, what: str) -> Answer:
    """Somebody told us that they do not want to be asked, or may be asked again."""
    person = person_of(work().session, work().actor, person_id)
    if what == "stop":
        refuse(work(), person.id)
        say(f"{person.name} will not be asked about training any more.")
    else:
        accept_again(work(), person.id)
        say(f"{person.name} will be asked again from the next event.")
    return back_to("people.person", person_id=person.id)


def _words() -> dict[str, object]:
    return {"stage_words": STAGE_WORDS, "state_words": STATE_WORDS, "not_asked_words": NOT_ASKED_WORDS}


def event_panel(work: Work, event_id: int) -> PanelContent | None:
    """On the coordinator's page of an event: how far its surveys have come."""
    counts = stage_counts(work.session, event_id) if work.actor.may(MANAGE) else []
    if not counts:
        return None
    context = {"event_id": event_id, "counts": counts, "stage_words": STAGE_WORDS}
    return PanelContent("surveys/invitations/event_panel.html", context)


def week_panel(work: Work, _nothing: int) -> PanelContent | None:
    """On the coordinator's week: letters that came back, and people without an address."""
    if not work.actor.may(MANAGE):
        return None
    bounced, nowhere = chase_counts(work.session, work.now)
    if not bounced and not nowhere:
        return None
    return PanelContent("surveys/invitations/week_panel.html", {"bounced": bounced, "nowhere": nowhere})


def person_panel(work: Work, person_id: int) -> PanelContent | None:
    """On a person's page: whether they may be asked."""
    if not work.actor.may(MANAGE):
        return None
    refusal = work.session.get(SurveyRefusal, person_id)
    return PanelContent("surveys/invitations/person_panel.html", {"person_id": person_id, "refusal": refusal})
