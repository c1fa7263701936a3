"""Taking somebody's second factor away, and inviting the entrusted to set up theirs."""

import uuid

from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed
from lms.people.accounts.models import Account
from lms.people.accounts.queries import account_of
from lms.people.invitations.models import FactorInvitation
from lms.people.invitations.services import invite_if_needed
from lms.people.models import Person
from lms.people.services import check_may_change, lock_record
from lms.sessions.services import end_all_sessions
from lms.signin import letters


def reset_second_factor(work: Work, person: Person, *, reason: str) -> Account:
    """Take away the second factor of somebody who lost it; they set up another when they next sign in.

    Every session of theirs ends, a letter tells them, and the audit says who did it and how they knew. Raises
    NotAllowed for one's own, and for the entrusted unless a business manager does it.
    """
    if not reason.strip():
        raise Invalid("Explain how you know that it is really them.", field="reason")
    lock_record(work, person)
    check_may_change(work, person)
    if work.actor.person_id == person.id:
        raise NotAllowed("You cannot reset your own second factor. Ask a colleague to do it.")
    account = account_of(work.session, person.id)
    if account is None or account.tf_totp_secret is None:
        raise Conflict("This person has no second factor. There is nothing to reset.")
    account.tf_totp_secret = account.tf_last_counter = account.mf_recovery_codes = None
    end_all_sessions(work, person.id)
    work.record("second factor reset by the office", account, person_id=person.id, reason=reason.strip())
    by = "the training team" if work.actor.is_program else work.actor.name
    words = f"Your second factor was reset by {by}. If you did not ask for this, call us at once."
    work.send(letters.account_changed(account, words, occurrence=uuid.uuid4().hex))
    invite_if_needed(work, person)
    return account


def invite(work: Work, person: Person) -> FactorInvitation:
    """Invite somebody entrusted to set up their first second factor, or invite them again. Raises Conflict."""
    lock_record(work, person)
    check_may_change(work, person)
    invitation = invite_if_needed(work, person)
    if invitation is None:
        raise Conflict("This person needs no invitation: they have a second factor, need none, or have no address.")
    return invitation
