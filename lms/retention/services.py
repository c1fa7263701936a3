"""Holding, letting go, and removing what is past its time."""

from collections.abc import Sequence
from datetime import date

from lms.frame.again import met_others
from lms.frame.apart import Fault, apart
from lms.frame.doors import door
from lms.frame.keeping import FORGET
from lms.frame.plugins import Retention
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.kit.working_days import london_date
from lms.people.models import Person
from lms.retention.models import Hold, RetentionRun
from lms.retention.queries import RemovedLine


def set_hold(work: Work, *, person: Person | None, kept: str = "", reason: str, look_again_on: date) -> Hold:
    """Stop anything that this covers from being removed. Raises Invalid without a reason or a day to look again."""
    if not reason.strip():
        raise Invalid("Explain why this must be kept.", field="reason")
    if look_again_on <= london_date(work.now):
        raise Invalid("Choose a future date to check whether it is still needed.", field="look_again_on")
    if person is None and not kept:
        raise Invalid("Enter the person's reference, or choose what to keep for everyone.", field="ref")
    if person is not None and person.erased_at is not None:
        raise Conflict("This record was erased. There is nothing left to hold.")
    hold = Hold(
        person_id=person.id if person else None,
        kept=kept,
        reason=reason.strip(),
        look_again_on=look_again_on,
        set_at=work.now,
        set_by_id=work.actor.person_id,
    )
    work.session.add(hold)
    work.record("hold set", hold, kept=kept or "everything", until=look_again_on)
    return hold


def lift_hold(work: Work, hold: Hold, *, reason: str) -> Hold:
    """Let what was held go its way again. Raises Invalid without a reason, Conflict when it was lifted meanwhile."""
    if not reason.strip():
        raise Invalid("Explain why it no longer needs to be kept.", field="reason")
    work.session.refresh(hold, with_for_update={"key_share": True})
    if hold.lifted_at is not None:
        raise Conflict("Someone else lifted this hold just now.")
    hold.lifted_at, hold.lifted_by_id, hold.lifted_reason = work.now, work.actor.person_id, reason.strip()
    work.record("hold lifted", hold, kept=hold.kept or "everything")
    return hold


def remove_what_is_past(work: Work, retention: Sequence[Retention]) -> RetentionRun:
    """Run every retention, each by itself: one that fails is undone, told in the report, and stops no other."""
    run = begin_run(work)
    for each in retention:
        remove_by(work, each, run_id=run.id)
    return run


def begin_run(work: Work) -> RetentionRun:
    """The report of a round, empty yet."""
    run = RetentionRun(at=work.now, by=work.actor.name, removed=0, lines=[])
    work.session.add(run)
    work.session.flush()
    return run


def remove_by(work: Work, retention: Retention, *, run_id: int) -> None:
    """Run one retention of a round, and write its line into the report."""
    line, run = _remove(work, retention), work.session.get_one(RetentionRun, run_id)
    run.removed += line.removed
    run.lines = [*run.lines, [line.name, line.words, line.removed, line.error]]
    work.session.flush()


def _remove(work: Work, retention: Retention) -> RemovedLine:
    try:
        with apart(work.session, f"the retention {retention.name}"), door(work.session, FORGET, now=work.now):
            removed = retention.run(work)
    except Fault as fault:
        if fault.__cause__ is not None and met_others(fault.__cause__):
            raise fault.__cause__ from None  # whoever runs this runs it again
        why = type(fault.__cause__).__name__
        return RemovedLine(retention.name, retention.words, 0, f"It failed ({why}) and removed nothing.")
    return RemovedLine(retention.name, retention.words, removed, "")
