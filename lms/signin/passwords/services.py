"""Proving who one is by a password, and setting one.

Wrong passwords are counted apart from codes: for a network, which has to wait longer and longer, and for an account,
whose password is switched off after a hundred of them. A code by mail always works.
"""

import uuid
from datetime import timedelta

import sqlalchemy as sa

from lms.attempts.rules import What
from lms.attempts.services import note_attempt
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.passwords import is_guessable
from lms.limits.services import count, hit, hold_off, seconds_left
from lms.partnership.queries import the_partnership
from lms.people.accounts.models import Account
from lms.people.accounts.queries import account_of
from lms.signin import letters, rules
from lms.signin.locks import Locks
from lms.signin.queries import people_meant
from lms.signin.services import open_account

WRONG, WAIT = "wrong passwords", "wait after wrong passwords"


def sign_in_by_password(work: Work, locks: Locks, typed: str, password: str) -> Account | None:
    """The account that an identifier and a password belong to. Works as long for a stranger as for anybody.

    Raises Invalid where this network has to wait, whoever is meant and whatever is typed.
    """
    seconds = seconds_left(work, WAIT, work.network)
    if seconds > 0:
        raise Invalid(rules.wait_words(seconds), field="password")
    people = people_meant(work.session, rules.plain_identifier(typed))
    person = people[0] if len(people) == 1 else None
    account = account_of(work.session, person.id) if person else None
    kept = account.password if account is not None and account.active else None
    if locks.is_password(password, kept) and person is not None:
        return open_account(work, person, by="password")
    _count_for_network(work)
    note_attempt(work, What.WRONG_PASSWORD, person_id=person.id if person else None)
    if account is not None and kept is not None:
        _count_for_account(work, account)
    return None


def check_password(work: Work, account: Account, password: str) -> None:
    """Refuse what others would guess. Raises Invalid."""
    person, partnership = account.person, the_partnership(work.session)
    about = [person.name, person.ref, person.email, *(each.address for each in person.addresses)]
    about += [person.agency.name if person.agency else "", partnership.name, partnership.team_name]
    if is_guessable(password, about):
        raise Invalid(rules.GUESSABLE, field="password")


def _count_for_network(work: Work) -> None:
    hit(work, WRONG, work.network, most=rules.WRONG_PASSWORDS_AT_ONCE, per=rules.WRONG_PASSWORDS_WITHIN)
    seconds = rules.password_wait(count(work, WRONG, work.network))
    if seconds:
        hold_off(work, WAIT, work.network, per=timedelta(seconds=seconds))


def _count_for_account(work: Work, account: Account) -> None:
    """Also where two count at once: the row counts for itself."""
    counted = sa.update(Account).where(Account.id == account.id, Account.password.is_not(None))
    wrong = work.session.scalar(
        counted.values(wrong_passwords=Account.wrong_passwords + 1).returning(Account.wrong_passwords)
    )
    if wrong is not None and wrong >= rules.PASSWORD_OFF_AFTER:
        account.password = None
        work.record("password switched off", account, person_id=account.person_id, wrong=wrong)
        note_attempt(work, What.PASSWORD_OFF, person_id=account.person_id)
        work.send(letters.password_off(account, occurrence=uuid.uuid4().hex))
