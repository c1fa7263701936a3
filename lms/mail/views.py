"""The office's view of the outbox; and, in demonstration mode, the mailbox where letters end."""

from dataclasses import dataclass

from flask import Blueprint, current_app, make_response, request
from werkzeug.wrappers import Response

from lms.frame.paging import number_asked, pages_of
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, public, requires, say, site, work
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.pages import PageOf
from lms.kit.words import moment
from lms.mail.forms import DID_NOT_GO, OutboxFilters, in_words, kind_words, state_words
from lms.mail.holding.queries import hold_here
from lms.mail.life import ENDED_BADLY
from lms.mail.mailbox import FiledLetter, filed_letter, newest_letters
from lms.mail.previews import preview, subject_of
from lms.mail.queries import LetterRow, counts, kinds, letter_row, letters, not_gone_lately
from lms.mail.rendering import Renderer, renderer_for
from lms.mail.rules import LetterState
from lms.mail.services import leave_letter, retry_letter, retry_letters
from lms.mail.transport import mailbox_folder
from lms.partnership.queries import is_demonstration

bp = Blueprint("mail", __name__)

LETTER_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""A letter brings its own style and may do nothing else."""
COLOURS = {
    LetterState.SENT: "green",
    LetterState.REFUSED: "red",
    LetterState.UNDELIVERABLE: "red",
    LetterState.GIVEN_UP: "red",
    LetterState.WITHDRAWN: "grey",
}


@dataclass(frozen=True)
class ShownLetter:
    """A letter as the pages show it."""

    row: LetterRow
    kind: str
    subject: str
    state: str
    colour: str
    may_retry: bool
    is_unclear: bool


@bp.get("/letters")
@requires("mail.read")
def outbox() -> Answer:
    filters = OutboxFilters(request.args)
    filters.offer_kinds(kinds(work().session))
    chosen = {"state": filters.state.data, "kind": filters.kind.data, "words": filters.words.data}
    number = number_asked()
    rows, total = letters(
        work().session, states=filters.states(), kind=chosen["kind"], words=chosen["words"], page=number
    )
    found = PageOf(rows, total, number)
    may_retry = work().actor.may("mail.retry") and filters.state.data in {DID_NOT_GO, *ENDED_BADLY}
    renderer = _renderer()
    return page(
        "mail/letters.html",
        hold=hold_here(work().session),
        filters=filters,
        counts=counts(work().session, work().now),
        found=found,
        shown=[_shown(renderer, row) for row in rows],
        pages=pages_of(found),
        is_filtered=any(chosen.values()),
        retry_all=chosen if may_retry and total > 1 else None,
    )


@bp.get("/letters/<int:letter_id>")
@requires("mail.read")
def letter(letter_id: int) -> Answer:
    row = letter_row(work().session, letter_id)
    if row is None:
        raise NotFound("We cannot find that email.")
    renderer = _renderer()
    return page("mail/letter.html", shown=_shown(renderer, row), row=row, preview=preview(renderer, row))


@bp.post("/letters/<int:letter_id>/retry")
@requires("mail.retry")
def retry(letter_id: int) -> Answer:
    retry_letter(work(), letter_id)
    say("The email will be tried again within a minute.")
    return back_to("mail.letter", letter_id=letter_id)


@bp.post("/letters/retry")
@requires("mail.retry")
def retry_all() -> Answer:
    filters = OutboxFilters(request.form)
    filters.offer_kinds(kinds(work().session))
    done = retry_letters(work(), filters.states(), kind=filters.kind.data, words=filters.words.data)
    say(in_words(done))
    return back_to("mail.outbox")


@bp.post("/letters/<int:letter_id>/leave")
@requires("mail.retry")
def leave(letter_id: int) -> Answer:
    leave_letter(work(), letter_id)
    say("The email counts as sent.")
    return back_to("mail.letter", letter_id=letter_id)


def person_panel(work: Work, person_id: int) -> PanelContent | None:
    """On a person's page: which letters to them did not go lately."""
    if not work.actor.may("mail.read"):
        return None
    found = not_gone_lately(work.session, work.now, person_id)
    named = [(each.id, kind_words(each.kind), state_words(each.state, each.may_have_gone_at)) for each in found]
    return PanelContent("mail/person_panel.html", {"not_gone": named}) if found else None


@bp.get("/mailbox")
@public
def mailbox() -> Answer:
    url = _demonstration_mail_url()
    is_here = url.startswith("file:")
    return page("mail/mailbox.html", is_here=is_here, letters=newest_letters(mailbox_folder(url)) if is_here else [])


@bp.get("/mailbox/<name>")
@public
def filed(name: str) -> Answer:
    return page("mail/filed.html", letter=_filed(name))


@bp.get("/mailbox/<name>/html")
@public
def filed_html(name: str) -> Response:
    response = make_response(_filed(name).html)
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response


def _demonstration_mail_url() -> str:
    """Where demonstration letters go. Outside demonstration mode there is no such page."""
    settings = site().settings
    if not is_demonstration(work().session, settings):
        raise NotFound("Page not found. Check the address, or start from the home page.")
    return settings.mail_url


def _filed(name: str) -> FiledLetter:
    url = _demonstration_mail_url()
    found = filed_letter(mailbox_folder(url), name) if url.startswith("file:") else None
    if found is None:
        raise NotFound("We cannot find that email in the mailbox.")
    return found


def _renderer() -> Renderer:
    return renderer_for(current_app._get_current_object(), work().session)  # type: ignore[attr-defined]


def _shown(renderer: Renderer, row: LetterRow) -> ShownLetter:
    is_failing = row.state is LetterState.WAITING and row.retry_at is not None
    is_early = row.state is LetterState.WAITING and row.due_at > work().now
    said = state_words(row.state, row.may_have_gone_at)
    waits = f"Failed, again {moment(row.retry_at)}" if row.retry_at and is_failing else said
    return ShownLetter(
        row=row,
        kind=kind_words(row.kind),
        subject=subject_of(renderer, row),
        state="Not due yet" if is_early else waits,
        colour="orange" if is_failing else COLOURS.get(row.state, ""),
        may_retry=(is_failing or row.state in ENDED_BADLY) and not (row.is_secret and not row.context),
        is_unclear=row.state is LetterState.GIVEN_UP and row.may_have_gone_at is not None,
    )
