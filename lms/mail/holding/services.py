"""Hold mail, and let it go or withdraw it: all of it, or kind by kind."""

from collections.abc import Collection

import sqlalchemy as sa

from lms.frame.db import insert_new
from lms.frame.work import Work
from lms.kit.errors import Conflict
from lms.mail.holding.queries import hold_here, is_held
from lms.mail.models import MailHold, OutboxLetter
from lms.mail.outbox import withdraw_letters

NOT_HELD = "Email is not held, so there is nothing to let go or to withdraw."
WITHDRAWN = "Withdrawn while email was held."


def hold_mail(work: Work, why: str) -> MailHold:
    """From now on nothing leaves but sign-in codes that are asked for from now on. Held already, it stays as it is."""
    if (here := hold_here(work.session)) is not None:
        return here
    insert_new(work.session, MailHold, [{"id": 1, "since": work.now, "why": why.strip()}], unique="id")
    hold = work.session.scalars(sa.select(MailHold)).one()
    work.record("email held", hold, why=hold.why)
    return hold


def release_kinds(work: Work, kinds: Collection[str]) -> int:
    """Let letters of these kinds go that are due; the hold stays. Answers how many. Without a hold, Conflict."""
    hold = _hold(work)
    update = sa.update(OutboxLetter).where(*is_held(work.now), OutboxLetter.kind.in_(kinds))
    let_go = work.session.execute(update.values(released_at=work.now).returning(OutboxLetter.id)).all()
    work.has_letters = True
    work.record("held email released", hold, kinds=sorted(kinds), number=len(let_go))
    return len(let_go)


def withdraw_kinds(work: Work, kinds: Collection[str]) -> int:
    """Withdraw letters of these kinds that are due; the hold stays. Answers how many. Without a hold, Conflict."""
    hold = _hold(work)
    withdrawn = withdraw_letters(work.session, *is_held(work.now), OutboxLetter.kind.in_(kinds), why=WITHDRAWN)
    work.record("held email withdrawn", hold, kinds=sorted(kinds), number=len(withdrawn))
    return len(withdrawn)


def end_hold(work: Work) -> None:
    """Everything goes again, also what has waited. Raises Conflict without a hold."""
    hold = _hold(work)
    work.record("email no longer held", hold, since=hold.since.isoformat())
    work.session.delete(hold)
    work.session.flush()
    work.has_letters = True


def _hold(work: Work) -> MailHold:
    hold = work.session.scalar(sa.select(MailHold).with_for_update(key_share=True))
    if hold is None:
        raise Conflict(NOT_HELD)
    return hold
