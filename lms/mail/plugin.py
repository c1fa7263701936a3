"""What mail adds to the site."""

from collections.abc import Iterator

from lms.frame.access import Role
from lms.frame.plugins import Check, MenuGroup, MenuItem, Panel, Permission, Plugin, Waiting, WaitingLine
from lms.frame.work import Work
from lms.kit.words import count, moment
from lms.mail.forms import state_words
from lms.mail.holding.queries import held_kinds, hold_here
from lms.mail.holding.views import bp as holding
from lms.mail.personal_data import PERSONAL_DATA
from lms.mail.queries import counts, not_gone_lately, stuck_letters
from lms.mail.views import bp, person_panel

OFFICE = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER})


def _find_stuck(work: Work) -> Iterator[str]:
    for letter in stuck_letters(work.session, work.now):
        words = f"{letter.kind} to {letter.to_address or f'person {letter.person_id}'}, due {moment(letter.due_at)}"
        yield f"email {letter.id}: {words}, {letter.state}, {letter.tries} tries. {letter.last_error}".rstrip()


def _find_not_gone(work: Work) -> Iterator[str]:
    for letter in not_gone_lately(work.session, work.now):
        words = f"{letter.kind} to {letter.sent_to or letter.to_address or f'person {letter.person_id}'}"
        yield f"email {letter.id}: {words}, {state_words(letter.state, letter.may_have_gone_at).lower()}. " + (
            letter.last_error
        )


def _find_hold(work: Work) -> Iterator[str]:
    if (hold := hold_here(work.session)) is not None:
        number = sum(each.number for each in held_kinds(work.session, work.now))
        yield f"Email is held since {moment(hold.since)}, with {count(number, 'letter')} due. {hold.why}".rstrip()


def _find_waiting(work: Work) -> Iterator[WaitingLine]:
    """For the page "Today"."""
    found = counts(work.session, work.now)
    if hold_here(work.session) is not None:
        yield WaitingLine(
            sum(each.number for each in held_kinds(work.session, work.now)),
            "email that is held",
            "emails that are held",
            "/letters/held",
            "nothing is sent but sign-in codes, until someone lets it go",
            is_urgent=True,
        )
    yield WaitingLine(
        found.ended_badly + found.unclear,
        "email that was not sent, or may not have been",
        "emails that were not sent, or may not have been",
        "/letters?state=did_not_go",
        "wrong addresses, and emails the mail server never confirmed",
        is_urgent=True,
    )
    yield WaitingLine(
        found.stuck,
        "email that is stuck",
        "emails that are stuck",
        "/letters?state=waiting",
        "is the worker running?",
    )


PLUGIN = Plugin(
    name="mail",
    title="Mail",
    blueprints=(bp, holding),
    permissions=(
        Permission("mail.read", "see which emails went, wait or were refused", OFFICE),
        Permission("mail.retry", "have an email tried again", OFFICE),
    ),
    menu=(MenuItem("Emails", "mail.outbox", "mail.read", 70, group=MenuGroup.OFFICE),),
    checks=(
        Check("mail.stuck", "no email is stuck: due a day ago, or being sent for an hour", _find_stuck),
        Check("mail.held", "email is not held", _find_hold),
        Check("mail.not_gone", "every email of the last 30 days arrived, as far as can be told", _find_not_gone),
    ),
    waiting=(Waiting("mail.not_gone", "mail.retry", 45, _find_waiting),),
    panels=(Panel("people.person", person_panel),),
    personal_data=PERSONAL_DATA,
)
