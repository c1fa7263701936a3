"""Yes or no by the link of a letter, without an account; and which courses' waiting lists are asked."""

from flask import Blueprint

from courses.programme import words
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, public, requires, say, work
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.limits.limiter import wrong_links
from surveys.answers.services import version_in
from surveys.comparison.forms import YES, ConsentForm
from surveys.comparison.queries import compared_since, so_far
from surveys.comparison.services import compare_course, compare_no_more, invitation_of_waiting, say_consent
from surveys.invitations.consent.queries import lacks_consent
from surveys.invitations.queries import is_answered
from surveys.invitations.rules import cut_on
from surveys.permissions import MANAGE
from surveys.questions.queries import minutes_of

bp = Blueprint("comparison", __name__)


@bp.route("/answer/<token>/waiting", methods=["GET", "POST"])
@public
@wrong_links
def consent(token: str) -> Answer:
    """What is asked and why, and yes or no. A GET changes nothing."""
    try:
        invitation = invitation_of_waiting(work(), token)
    except NotFound:
        html = page("surveys/answers/closed.html")
        return (html, 404) if isinstance(html, str) else html
    form = ConsentForm()
    if form.validate_on_submit():
        with form.refusals():
            say_consent(work(), invitation, is_given=form.answer.data == YES)
            if form.answer.data == YES:
                return back_to("answers.open_link", token=token)
            return page("surveys/comparison/said_no.html")
    version = version_in(work(), invitation)
    return page(
        "surveys/comparison/consent.html",
        form=form,
        token=token,
        has_agreed=not lacks_consent(work().session, invitation),
        is_answered=is_answered(work().session, invitation.id),
        course=invitation.event.version.title,
        when=words.when(invitation.event),
        minutes=minutes_of(version, invitation.stage),
        cut_on=cut_on(invitation.event.ends_at),
    )


@bp.post("/surveys/courses/<int:course_id>/waiting/<any(ask, stop):what>")
@requires(MANAGE)
def course(course_id: int, what: str) -> Answer:
    """Whether the waiting list of a course is asked."""
    if what == "ask":
        code = compare_course(work(), course_id).code
        say("People waiting for this course will be asked whether they agree, starting within 15 minutes.")
    else:
        code = compare_no_more(work(), course_id).code
        say("No one new will be asked. People who agreed will be asked the second time.")
    return back_to("catalogue.course", code=code)


def waiting_panel(work: Work, course_id: int) -> PanelContent | None:
    """On a course's page, for the training team: whether its waiting list is asked, and how far that has come."""
    if not work.actor.may(MANAGE):
        return None
    context = {"course_id": course_id, "since": compared_since(work.session, course_id)}
    return PanelContent("surveys/comparison/course_panel.html", {**context, "so_far": so_far(work.session, course_id)})
