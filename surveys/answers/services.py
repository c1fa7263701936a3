"""Answering: saving as somebody goes, and finishing. Nothing here writes down who said what, nor when."""

from typing import Any

import sqlalchemy as sa

from courses.booking.bookings.models import Booking
from courses.records.certificates.services import evaluation_answered
from lms.frame.locks import lock_row
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotFound
from lms.kit.identifying import IdentifierKind, kinds_in
from lms.kit.working_days import london_date
from surveys.answers.models import Draft
from surveys.answers.sealing.rules import draft_id, draft_ids, seal, unseal
from surveys.concerns.services import raise_concern
from surveys.invitations.consent.queries import lacks_consent
from surveys.invitations.links.queries import NO_SUCH_LINK, read_token
from surveys.invitations.models import Answered, Invitation
from surveys.invitations.queries import facts_of, invitation_of, is_answered
from surveys.invitations.rules import Route, can_be_answered
from surveys.questions.models import SurveyVersion
from surveys.questions.queries import asks_of, version_of
from surveys.questions.rules import Answers, Ask, QuestionKind, asked_at, asked_pages, unanswered_page

RAISED = "_raised"
"""Where a draft remembers which words went to the safeguarding lead, so that they go once."""


ROUTE = "_route"
"""Where a draft says by which way somebody came who sent it."""


class Unanswered(Invalid):
    """Something that must be answered is not, on the page with this number, from 0."""

    def __init__(self, page: int) -> None:
        super().__init__("Some questions still need an answer.")
        self.page = page


def invitation_by_link(work: Work, token: str) -> Invitation:
    """The invitation of a link that can be answered now or was answered and is still open.

    Raises NotFound with the same words for every other: wrong, guessed, closed, withdrawn.
    """
    invitation = work.session.get(Invitation, read_token(work, token))
    if invitation is None or invitation.closes_at is None or work.now > invitation.closes_at:
        raise NotFound(NO_SUCH_LINK)
    if invitation.withdrawn_at is not None or invitation.version_id is None:
        raise NotFound(NO_SUCH_LINK)
    return invitation_of(work.session, invitation.id)


def asked_in(work: Work, invitation: Invitation) -> list[Ask]:
    """The questions of an invitation, with the outcomes of its event's course version."""
    return asked_at(invitation.stage, asks_of(version_in(work, invitation), invitation.event.version.outcomes))


def version_in(work: Work, invitation: Invitation) -> SurveyVersion:
    """The version that somebody was asked. Raises NotFound."""
    if invitation.version_id is None:
        raise NotFound(NO_SUCH_LINK)
    return version_of(work.session, invitation.version_id)


def answers_so_far(work: Work, invitation: Invitation) -> Answers:
    """What was saved; nothing once it was sent."""
    draft = work.session.scalar(_draft_of(work, invitation))
    if draft is None or draft.is_finished:
        return {}
    return unseal(work.site.settings.keys, draft.sealed) or {}


def save_answers(work: Work, invitation: Invitation, page: Answers) -> Answers:
    """Keep a page: a value, or None for what was taken back. Answers all that is kept. Raises Conflict when closed."""
    _check_open(work, invitation)
    keys = work.site.settings.keys
    draft = work.session.scalar(_draft_of(work, invitation).with_for_update(key_share=True))
    answers = (unseal(keys, draft.sealed) or {}) if draft else {}
    answers = {code: answer for code, answer in {**answers, **page}.items() if answer is not None}
    answers = _tell_the_lead(work, invitation, answers, page)
    if draft is None:
        if invitation.version_id is None:
            raise NotFound(NO_SUCH_LINK)
        draft = Draft(version_id=invitation.version_id)
        work.session.add(draft)
    draft.id, draft.sealed = draft_id(keys, invitation.id), seal(keys, answers)
    return answers


def finish(work: Work, invitation: Invitation, answers: Answers, route: Route = Route.LETTER) -> None:
    """Send the answers: from now on nobody can read or change them here. Raises Unanswered, Conflict.

    A certificate that waited for them is issued. The answers come into reports when the stage has closed; by which way
    they came is sealed with them, and counted then.
    """
    _check_open(work, invitation)
    pages = asked_pages(asked_in(work, invitation), answers)
    missing = unanswered_page(pages, answers)
    if missing is not None:
        raise Unanswered(missing)
    asked = {ask.code for page in pages for ask in page}
    kept = {code: answer for code, answer in answers.items() if code in asked}
    draft = work.session.scalar(_draft_of(work, invitation).with_for_update(key_share=True))
    if draft is None or not kept:
        raise Invalid("Answer at least one question.")
    keys = work.site.settings.keys
    draft.id, draft.is_finished = draft_id(keys, invitation.id), True
    draft.sealed = seal(keys, kept | {ROUTE: route.value})
    invitation.next_reminder_at = None
    work.session.add(Answered(invitation_id=invitation.id))
    work.session.flush()
    if invitation.stage.of.gates_certificate:
        evaluation_answered(work, invitation.booking_id)


def _check_open(work: Work, invitation: Invitation) -> None:
    if invitation.stage.of.gates_certificate:  # the answers may issue it, and a booking is locked before its invitation
        lock_row(work.session, Booking, invitation.booking_id)
    work.session.execute(sa.select(Invitation.id).where(Invitation.id == invitation.id).with_for_update(key_share=True))
    work.session.refresh(invitation, ["withdrawn_at", "sent_at", "closes_at"])
    done = is_answered(work.session, invitation.id)
    if lacks_consent(work.session, invitation):
        raise Conflict("This is only for people who said yes, using the link in their email.")
    if not can_be_answered(facts_of(invitation, is_answered=done), work.now):
        raise Conflict("These answers have already been sent." if done else NO_SUCH_LINK)


def _tell_the_lead(work: Work, invitation: Invitation, answers: Answers, page: Answers) -> Answers:
    """Words that suggest a child may be at risk go to the safeguarding lead when they are saved, once."""
    raised: list[str] = list(answers.get(RAISED, []))
    for ask in asked_in(work, invitation):
        words: Any = page.get(ask.code)
        if (
            ask.kind is QuestionKind.TEXT
            and words
            and words not in raised
            and IdentifierKind.DISCLOSURE in kinds_in(words)
        ):
            raise_concern(
                work,
                kind=invitation.stage.value,
                about=invitation.event.version.title,
                words=words,
                on=london_date(work.now),
            )
            raised.append(words)
    return {**answers, RAISED: raised} if raised else answers


def _draft_of(work: Work, invitation: Invitation) -> sa.Select[Draft]:
    """Kept under any of the keys; there is one."""
    ids = draft_ids(work.site.settings.keys, invitation.id)
    return sa.select(Draft).where(Draft.id.in_(ids)).execution_options(populate_existing=True)
