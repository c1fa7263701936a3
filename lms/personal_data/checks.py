"""What must be true of people who were erased or have gone, for `lms check`."""

from collections.abc import Iterator
from functools import partial

import sqlalchemy as sa

from lms.frame.locks import lock_row
from lms.frame.plugins import Mend
from lms.frame.work import Work
from lms.kit.erased import ERASED_NAME
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.people.accounts.models import Account
from lms.people.models import Person, PersonAddress, RoleGrant
from lms.sessions.services import end_all_sessions

GONE_WITH_ACCOUNT = (
    sa.select(Person.id)
    .join(Account, Account.person_id == Person.id)
    .where(sa.or_(Person.left_on.is_not(None), Person.merged_into_id.is_not(None)), Account.active)
    .order_by(Person.id)
)


def erased_but_known(work: Work) -> Iterator[str]:
    """Nothing in the record of an erased person tells who it was, and no letter waits for them."""
    about = sa.or_(
        Person.email != "", Person.phone != "", Person.name != ERASED_NAME, Person.calendar_secret.is_not(None)
    )
    kept = [sa.exists().where(table.person_id == Person.id) for table in (Account, PersonAddress, RoleGrant)]
    waits = sa.exists().where(OutboxLetter.person_id == Person.id, OutboxLetter.state == LetterState.WAITING)
    rows = work.session.scalars(
        sa.select(Person.id).where(Person.erased_at.is_not(None), sa.or_(about, waits, *kept)).order_by(Person.id)
    )
    for person_id in rows:
        yield f"Person {person_id} was erased, and something still tells who it was. Erase again."


def gone_but_signing_in(work: Work) -> Iterator[str]:
    """Nobody who left, or whose record was merged into another, has an account that is open."""
    for person_id in work.session.scalars(GONE_WITH_ACCOUNT):
        yield f"Person {person_id} left or was merged, and the account is still open."


def mend_open_accounts(work: Work) -> Iterator[Mend]:
    """Accounts of who left or was merged are closed, and their sessions end."""
    return (partial(_close_account, person_id=each) for each in work.session.scalars(GONE_WITH_ACCOUNT).all())


def _close_account(work: Work, person_id: int) -> str:
    person = lock_row(work.session, Person, person_id)
    account = work.session.scalar(sa.select(Account).where(Account.person_id == person_id, Account.active))
    if person is None or account is None or person.is_here:
        return ""
    account.active = False
    end_all_sessions(work, person_id)
    work.record("account closed: left or merged", person)
    return f"Person {person_id}: the account is closed."
