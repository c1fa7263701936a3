"""Proving who one is: codes by mail and the second factor. Every try is counted."""

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from lms.attempts.rules import What
from lms.attempts.services import note_attempt
from lms.frame.locks import lock_row
from lms.frame.work import Work
from lms.kit.addresses import is_mailbox
from lms.kit.errors import Invalid
from lms.limits.services import forget, hit, is_spent
from lms.people.accounts.models import Account
from lms.people.accounts.queries import account_of
from lms.people.models import Person
from lms.sessions.services import end_all_sessions
from lms.signin import letters, rules
from lms.signin.locks import Locks
from lms.signin.models import SignInCode
from lms.signin.personas.queries import is_shut_out
from lms.signin.queries import code_by_token, newest_long_code, people_meant
from lms.signin.rules import CodeAsked

CODE = "sign-in code"
"""The purpose of the key by which codes are kept."""


def ask_for_code(work: Work, typed: str) -> SignInCode:
    """Mail a code to who an address or a reference stands for.

    The same work and the same answer for one that we do not know, who hears so by a letter. Nobody is ever refused a
    code because others asked for many. Codes get longer instead, and letters fewer: one under way does for further
    pages.
    """
    identifier = rules.plain_identifier(typed)
    people = people_meant(work.session, identifier)
    person = people[0] if len(people) == 1 else None
    address = identifier if person is None or "@" in identifier else person.email
    row, code = code_for(work, person, identifier, address)
    if code and person is not None:
        work.send(letters.sign_in_code(row, person, code=code, address=address))
    elif person is None and "@" in identifier:
        tell_mailbox(work, row, people, address)
    work.has_letters = True  # whoever delivers is woken for strangers too
    return row


def code_for(work: Work, person: Person | None, identifier: str, address: str) -> tuple[SignInCode, str]:
    """A page for a code, and the code as it is shown; "" where that of a letter under way works there too."""
    asked = CodeAsked(_counted_as(work, person, identifier), person.id if person else None, address if person else "")
    if person is not None:
        lock_row(work.session, Person, person.id)
    are_many = not hit(work, "sign-in codes", asked.counted_as, most=rules.SHORT_CODES_A_DAY, per=timedelta(days=1))
    letter = newest_long_code(work.session, asked, since=work.now - rules.LETTERS_APART) if are_many else None
    row, code = new_code(work, asked, is_long=are_many, letter=letter)
    return row, "" if letter is not None else rules.shown_code(code)


def new_code(
    work: Work, asked: CodeAsked, *, is_long: bool = False, letter: SignInCode | None = None
) -> tuple[SignInCode, str]:
    """A fresh code and the row that knows it. With a `letter`, the code that it carries works here instead."""
    digits = rules.LONG_DIGITS if is_long else rules.SHORT_DIGITS
    token, code = secrets.token_urlsafe(24), f"{secrets.randbelow(10**digits):0{digits}d}"
    row = SignInCode(
        token=token,
        digest=work.site.settings.keys.mark(CODE, token, code),
        counted_as=asked.counted_as,
        sent_to=asked.sent_to,
        person_id=asked.person_id,
        registration_id=asked.registration_id,
        made_at=work.now,
        is_long=is_long,
        letter=letter,
    )
    work.session.add(row)
    work.session.flush()
    return row, code


def check_code(work: Work, token: str, typed: str) -> SignInCode | None:
    """The row of a code that is right, which is used up by this. None when it is not: the try is counted.

    Whatever happened on other pages, a right code works on its own: only tries on this one count. A try is counted
    before it is judged, so that two at once are two; the person is locked before.
    """
    row = code_by_token(work.session, token)
    if row is None:
        return None
    if row.person_id is not None:
        lock_row(work.session, Person, row.person_id)
    if not _count_try(work, row):
        return None
    mailed = row.letter or row
    is_right = work.site.settings.keys.is_mark(mailed.digest, CODE, mailed.token, rules.plain_code(typed))
    if not is_right or not _is_for_somebody(row):
        note_attempt(work, What.WRONG_CODE, person_id=row.person_id)
        return None
    row.wrong_tries -= 1
    row.used_at = mailed.used_at = work.now
    return row


def _count_try(work: Work, row: SignInCode) -> bool:
    """Count a try as a wrong one, for as long as the page takes a code. The row is ours from here on."""
    this = sa.update(SignInCode).where(SignInCode.id == row.id, SignInCode.used_at.is_(None))
    counted = this.where(SignInCode.wrong_tries < rules.WRONG_TRIES_A_CODE)
    tried = counted.values(wrong_tries=SignInCode.wrong_tries + 1).returning(SignInCode.id)
    if not code_works(row, work.now) or work.session.execute(tried).first() is None:
        return False
    work.session.refresh(row)
    return True


def code_works(row: SignInCode, now: datetime) -> bool:
    """Whether its page still takes a code."""
    mailed = row.letter or row
    used_at = row.used_at or mailed.used_at
    return rules.code_works(made_at=mailed.made_at, wrong_tries=row.wrong_tries, used_at=used_at, now=now)


def sign_in_by_code(work: Work, token: str, typed: str) -> Account | None:
    """The account of whoever types the code that was mailed; made now, if it is the first time."""
    row = check_code(work, token, typed)
    if row is None or row.person is None:
        return None
    return open_account(work, row.person, by="code")


def needs_second_factor(account: Account) -> bool:
    """Whether a code is not enough for whoever this is."""
    roles = frozenset(grant.role for grant in account.person.roles)
    return rules.needs_second_factor(roles, has_one=account.tf_totp_secret is not None)


FACTOR = "wrong second factors"


def check_second_factor(work: Work, locks: Locks, account: Account, typed: str) -> bool:
    """Whether it is what the app shows now, not seen before, or a recovery code, which is used up by this."""
    lock_row(work.session, Person, account.person_id)  # first in the order: what it proves may be linked to them
    lock_row(work.session, Account, account.id)
    if is_spent(work, FACTOR, account.person_id, most=rules.WRONG_FACTORS):
        raise Invalid(rules.TOO_MANY_WRONG, field="code")
    if not (_takes_app_code(work, locks, account, typed) or _takes_recovery_code(work, locks, account, typed)):
        _count_wrong_factor(work, account)
        return False
    forget(work, FACTOR, account.person_id)
    return True


def open_account(work: Work, person: Person, *, by: str) -> Account | None:
    """The account of somebody who has just proved who they are. `by` is said in the audit.

    None for a record that was erased, merged or left at the same moment, and for a persona outside demonstration mode.
    """
    lock_row(work.session, Person, person.id)
    if not person.is_here or is_shut_out(work.session, person, work.site.settings):
        return None
    account = account_of(work.session, person.id)
    if account is None:
        account = Account(
            person=person, email=person.email, username=person.ref, created_at=work.now, fs_uniquifier=uuid.uuid4().hex
        )
        work.session.add(account)
    account.email = person.email
    work.record("signed in", account, person_id=person.id, by=by)
    note_attempt(work, What.SIGNED_IN, person_id=person.id)
    return account


def sign_out_everywhere(work: Work, account: Account) -> None:
    """End every session of this account."""
    ended = end_all_sessions(work, account.person_id)
    work.record("signed out everywhere", account, person_id=account.person_id, sessions=ended)


def _counted_as(work: Work, person: Person | None, identifier: str) -> str:
    return f"person:{person.id}" if person else f"typed:{work.site.settings.keys.mark(CODE, identifier)}"


def tell_mailbox(work: Work, row: SignInCode, people: Sequence[Person], address: str) -> None:
    """A mailbox of several people is told whose it is; one of nobody that we do not know it, once a day."""
    hour = timedelta(hours=1)
    if people:
        if hit(work, "told a shared mailbox", address, most=rules.SHARED_MAILBOX_TOLD_AN_HOUR, per=hour):
            work.send(letters.shared_mailbox(row, people, address=address))
    elif (
        is_mailbox(address)
        and hit(work, "told an unknown address", address, most=1, per=rules.UNKNOWN_TOLD_AGAIN_AFTER)
        and hit(work, "told unknown addresses", work.network, most=rules.UNKNOWN_TOLD_AN_HOUR, per=hour)
        and hit(work, "told unknown addresses", "all", most=rules.UNKNOWN_TOLD_A_DAY, per=timedelta(days=1))
    ):
        work.send(letters.unknown_address(row, address=address))


def _is_for_somebody(row: SignInCode) -> bool:
    """Somebody who is still here, and whose mailbox it still is."""
    if row.person is None:
        return row.registration_id is not None
    return row.person.is_here and row.sent_to in {row.person.email, *(each.address for each in row.person.addresses)}


def _count_wrong_factor(work: Work, account: Account) -> None:
    """After ten, the second factor waits for an hour, and a letter tells: whoever it is knows the first."""
    note_attempt(work, What.WRONG_FACTOR, person_id=account.person_id)
    hit(work, FACTOR, account.person_id, most=rules.WRONG_FACTORS, per=rules.WRONG_FACTORS_WITHIN)
    if is_spent(work, FACTOR, account.person_id, most=rules.WRONG_FACTORS):
        note_attempt(work, What.FACTOR_WAITS, person_id=account.person_id)
        work.record("second factor waits after wrong codes", account, person_id=account.person_id)
        work.send(letters.second_factor_refused(account, occurrence=uuid.uuid4().hex))


def _takes_app_code(work: Work, locks: Locks, account: Account, typed: str) -> bool:
    if account.tf_totp_secret is None:
        return False
    step = locks.authenticator.step_of(
        rules.plain_code(typed), account.tf_totp_secret, last_step=account.tf_last_counter, now=work.now
    )
    if step is None:
        return False
    account.tf_last_counter = step
    if not locks.authenticator.is_under_newest(account.tf_totp_secret):
        account.tf_totp_secret = locks.authenticator.renewed(account.tf_totp_secret)  # its key was the right one
    return True


def _takes_recovery_code(work: Work, locks: Locks, account: Account, typed: str) -> bool:
    kept = account.mf_recovery_codes or []
    found = locks.find_recovery_code(rules.plain_code(typed), kept)
    if found is None:
        return False
    account.mf_recovery_codes = [each for position, each in enumerate(kept) if position != found]
    work.record("recovery code used", account, person_id=account.person_id, left=len(account.mf_recovery_codes))
    return True
