"""What must be true of people who were erased or have gone, for `lms check`."""

from collections.abc import Iterator

import sqlalchemy as sa

from lms.frame.work import Work
from lms.kit.erased import ERASED_NAME
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.people.models import Person, PersonAddress, RoleGrant
from lms.signin.models import Account


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
    gone = sa.or_(Person.left_on.is_not(None), Person.merged_into_id.is_not(None))
    rows = work.session.scalars(
        sa.select(Person.id)
        .join(Account, Account.person_id == Person.id)
        .where(gone, Account.active)
        .order_by(Person.id)
    )
    for person_id in rows:
        yield f"Person {person_id} left or was merged, and the account is still open."
