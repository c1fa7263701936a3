"""Changing one's own ways to sign in. Every other session than the one `here` ends by it, and a letter says so."""

import uuid

from lms.frame.locks import lock_row
from lms.frame.work import Work
from lms.kit.errors import Invalid, NotAllowed, NotFound
from lms.people.accounts.models import Account
from lms.people.invitations.services import use_invitation
from lms.people.models import Person
from lms.sessions.services import end_all_sessions, end_session
from lms.signin import letters, rules
from lms.signin.locks import Locks
from lms.signin.passwords.services import check_password


def set_password(work: Work, locks: Locks, account: Account, password: str, *, here: int | None) -> None:
    """Set or change the password. Raises Invalid for one that others would guess."""
    check_password(work, account, password)
    account.password, account.wrong_passwords = locks.hash_password(password), 0
    _changed(work, account, "password set", "Your password was set.", here)


def remove_password(work: Work, account: Account, *, here: int | None) -> None:
    """Back to codes by mail."""
    account.password = None
    words = "Your password was removed. You now sign in with codes that we email you."
    _changed(work, account, "password removed", words, here)


def set_up_second_factor(work: Work, locks: Locks, account: Account, *, secret: str, typed: str) -> list[str]:
    """Take an authenticator app once it shows the right code. Answers new recovery codes, to be shown once.

    Every session ends, also this one: it was begun with less. Raises NotAllowed for the entrusted whose first one it
    is, unless a business manager invited them.
    """
    lock_row(work.session, Person, account.person_id)  # first in the order: what it proves may be linked to them
    use_invitation(work, account.person)
    step = locks.authenticator.step_of(rules.plain_code(typed), secret, last_step=None, now=work.now)
    if step is None:
        raise Invalid("That is not what the app should show now. Wait for its next code and type that.", field="code")
    account.tf_totp_secret, account.tf_last_counter = secret, step
    codes = _new_codes(locks, account)
    _changed(work, account, "second factor set up", "An authenticator app was set up as your second factor.", here=None)
    return codes


def remove_second_factor(work: Work, account: Account, *, here: int | None) -> None:
    """Do without it. Raises NotAllowed for those who hold too much for that."""
    if rules.needs_second_factor(frozenset(grant.role for grant in account.person.roles), has_one=False):
        raise NotAllowed("Your role needs a second factor. You can set it up again, but not remove it.")
    account.tf_totp_secret = account.tf_last_counter = account.mf_recovery_codes = None
    _changed(work, account, "second factor removed", "Your second factor was removed.", here)


def renew_recovery_codes(work: Work, locks: Locks, account: Account, *, here: int | None) -> list[str]:
    """New recovery codes, to be shown once; those of before stop working."""
    if account.tf_totp_secret is None:
        raise NotAllowed("Recovery codes go with a second factor. Set that up first.")
    codes = _new_codes(locks, account)
    words = "New recovery codes were made; the old ones stopped working."
    _changed(work, account, "recovery codes renewed", words, here)
    return codes


def _new_codes(locks: Locks, account: Account) -> list[str]:
    codes = locks.new_recovery_codes(rules.RECOVERY_CODES)
    account.mf_recovery_codes = locks.lock_recovery_codes(codes)
    return codes


def end_one_session(work: Work, account: Account, session_id: int) -> None:
    """Sign out one's other browser. Raises NotFound for a session that is not theirs, or has ended."""
    if not end_session(work, account.person_id, session_id):
        raise NotFound("That session has ended already.")
    work.record("session ended", account, person_id=account.person_id)


def _changed(work: Work, account: Account, event: str, words: str, here: int | None) -> None:
    end_all_sessions(work, account.person_id, besides=here)
    work.record(event, account, person_id=account.person_id)
    work.send(letters.account_changed(account, words, occurrence=uuid.uuid4().hex))
