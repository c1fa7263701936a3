"""Proving who one is: codes by mail, a password, and the second factor. Every try is counted."""

import hmac
import secrets
import uuid

import sqlalchemy as sa

from lms.frame.locks import lock_row
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.people.models import Person
from lms.sessions.services import end_all_sessions
from lms.signin import letters, rules
from lms.signin.locks import Locks
from lms.signin.models import Account, SignInCode, SignInTry
from lms.signin.personas.queries import is_shut_out
from lms.signin.queries import account_of, code_by_token, count_tries, people_meant
from lms.signin.rules import Try


def ask_for_code(work: Work, typed: str) -> SignInCode:
    """Mail a code to whom an address or a reference stands for.

    The same work and the same answer for one that we do not know. Raises Invalid after several in a short while.
    """
    identifier = rules.plain_identifier(typed)
    people = people_meant(work.session, identifier)
    person = people[0] if len(people) == 1 else None
    row, code = new_code(
        work, _counted_as(person, identifier), field="identifier", person_id=person.id if person else None
    )
    if person is not None:
        address = identifier if "@" in identifier else person.email
        work.send(letters.sign_in_code(row, person, code=code, address=address))
    elif people and "@" in identifier:
        work.send(letters.shared_mailbox(row, people, address=identifier))
    work.has_letters = True  # whoever delivers is woken for strangers too
    return row


def new_code(
    work: Work, counted_as: str, *, field: str, person_id: int | None = None, registration_id: int | None = None
) -> tuple[SignInCode, str]:
    """A fresh code and the row that knows it. Raises Invalid after several in a short while."""
    if person_id is not None:
        lock_row(work.session, Person, person_id)
    asked = count_tries(work.session, counted_as, Try.ASKED, within=rules.CODES_ASKED_WITHIN, now=work.now)
    if asked >= rules.CODES_ASKED:
        raise Invalid(rules.TOO_MANY_ASKED, field=field)
    token, code = secrets.token_urlsafe(24), f"{secrets.randbelow(1_000_000):06d}"
    row = SignInCode(
        token=token,
        digest=rules.digest(token, code),
        counted_as=counted_as,
        person_id=person_id,
        registration_id=registration_id,
        made_at=work.now,
    )
    work.session.add_all([row, SignInTry(counted_as=counted_as, what=Try.ASKED, at=work.now)])
    work.session.flush()
    return row, code


def check_code(work: Work, token: str, typed: str) -> SignInCode | None:
    """The row of a code that is right, which is used up by this. None when it is not: the try is counted.

    Raises Invalid after too many wrong tries.
    """
    row = code_by_token(work.session, token, lock=True)
    if row is None:
        return None
    check_tries(work, row.counted_as, field="code")
    is_right = hmac.compare_digest(row.digest, rules.digest(token, rules.plain_code(typed)))
    works = rules.code_works(made_at=row.made_at, wrong_tries=row.wrong_tries, used_at=row.used_at, now=work.now)
    is_for_somebody = row.registration_id is not None or (row.person is not None and row.person.is_here)
    if not (is_right and works and is_for_somebody):
        row.wrong_tries += 1
        count_wrong(work, row.counted_as)
        return None
    row.used_at = work.now
    forget_wrong(work, row.counted_as)
    return row


def sign_in_by_code(work: Work, token: str, typed: str) -> Account | None:
    """The account of whoever types the code that was mailed; made now, if it is the first time."""
    row = check_code(work, token, typed)
    if row is None or row.person is None:
        return None
    return open_account(work, row.person, by="code")


def sign_in_by_password(work: Work, locks: Locks, typed: str, password: str) -> Account | None:
    """The account that an identifier and a password belong to. Works as long for a stranger as for anybody."""
    identifier = rules.plain_identifier(typed)
    people = people_meant(work.session, identifier)
    person = people[0] if len(people) == 1 else None
    counted_as = _counted_as(person, identifier)
    if person is not None:
        lock_row(work.session, Person, person.id)
    check_tries(work, counted_as, field="password")
    account = account_of(work.session, person.id) if person else None
    if not locks.is_password(password, account.password if account else None) or person is None:
        count_wrong(work, counted_as)
        return None
    forget_wrong(work, counted_as)
    return open_account(work, person, by="password")


def check_second_factor(work: Work, locks: Locks, account: Account, typed: str) -> bool:
    """Whether it is what the app shows now, not seen before, or a recovery code, which is used up by this."""
    counted_as = f"second factor:{account.person_id}"
    lock_row(work.session, Account, account.id)
    check_tries(work, counted_as, field="code")
    if not (_takes_app_code(work, locks, account, typed) or _takes_recovery_code(work, locks, account, typed)):
        count_wrong(work, counted_as)
        return False
    forget_wrong(work, counted_as)
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
    return account


def sign_out_everywhere(work: Work, account: Account) -> None:
    """End every session of this account."""
    ended = end_all_sessions(work, account.person_id)
    work.record("signed out everywhere", account, person_id=account.person_id, sessions=ended)


def check_tries(work: Work, counted_as: str, *, field: str) -> None:
    """Raises Invalid after too many wrong tries, whatever is typed now."""
    wrong = count_tries(work.session, counted_as, Try.WRONG, within=rules.WRONG_TRIES_WITHIN, now=work.now)
    if wrong >= rules.WRONG_TRIES:
        raise Invalid(rules.TOO_MANY_WRONG, field=field)


def count_wrong(work: Work, counted_as: str) -> None:
    """Remember a wrong try."""
    work.session.add(SignInTry(counted_as=counted_as, what=Try.WRONG, at=work.now))
    work.session.flush()


def forget_wrong(work: Work, counted_as: str) -> None:
    """Whoever got in starts counting afresh."""
    counted = (SignInTry.counted_as == counted_as, SignInTry.what == Try.WRONG)
    work.session.execute(sa.delete(SignInTry).where(*counted))


def _counted_as(person: Person | None, identifier: str) -> str:
    return f"person:{person.id}" if person else f"typed:{rules.digest(identifier)}"


def _takes_app_code(work: Work, locks: Locks, account: Account, typed: str) -> bool:
    if account.tf_totp_secret is None:
        return False
    step = locks.authenticator.step_of(
        rules.plain_code(typed), account.tf_totp_secret, last_step=account.tf_last_counter, now=work.now
    )
    account.tf_last_counter = step or account.tf_last_counter
    return step is not None


def _takes_recovery_code(work: Work, locks: Locks, account: Account, typed: str) -> bool:
    kept = account.mf_recovery_codes or []
    found = locks.find_recovery_code(rules.plain_code(typed), kept)
    if found is None:
        return False
    account.mf_recovery_codes = [each for position, each in enumerate(kept) if position != found]
    work.record("recovery code used", account, person_id=account.person_id, left=len(account.mf_recovery_codes))
    return True
