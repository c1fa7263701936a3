"""A new kind of letter has to be decided: at once, or in office hours."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from lms.frame.work import Work
from lms.mail.letters import Copy, ForMany, Letter
from lms.mail.models import OutboxLetter
from tests.hours import AT_ONCE, MAY_WAIT, names
from tests.letters import kinds

SATURDAY, MONDAY = datetime(2026, 3, 14, 10, tzinfo=UTC), datetime(2026, 3, 16, 8, tzinfo=UTC)


def test_every_kind_of_letter_is_decided() -> None:
    at_once, may_wait = names(AT_ONCE), names(MAY_WAIT)
    assert at_once & may_wait == set()
    assert at_once | may_wait == kinds()


@pytest.mark.parametrize(
    ("kind", "can_wait"), [("briefings.recalled", True), ("surveys.concern", True), ("reviews.action_due", False)]
)
def test_whatever_is_sent_otherwise_than_decided_is_found(work: Work, kind: str, can_wait: bool) -> None:
    with pytest.raises(AssertionError, match=kind):
        work.send(Letter(kind, kind, {}, to_address="bo@rvch.example", can_wait=can_wait))
    with pytest.raises(AssertionError, match=kind):
        work.send_to_many(ForMany(kind, kind, {}, can_wait=can_wait), [])


@pytest.mark.parametrize(("can_wait", "leaves"), [(True, MONDAY), (False, SATURDAY)])
def test_copies_and_letters_with_a_time_of_their_own_keep_to_it_too(
    work: Work, can_wait: bool, leaves: datetime
) -> None:
    before = replace(work, now=datetime(2026, 3, 13, 10, tzinfo=UTC))
    many = ForMany("test.many", "test.many", {}, can_wait=can_wait)
    address = "bo@rvch.example"
    planned = Copy("test.many:1", to_address=address, due_at=SATURDAY)
    assert before.send_to_many(many, [planned, Copy("test.many:2", to_address=address)]) == 2
    before.send(Letter("test.one", "test.one:1", {}, to_address=address, due_at=SATURDAY, can_wait=can_wait))
    replace(work, now=SATURDAY).send_to_many(many, [Copy("test.many:3", to_address=address)])
    due = {row.key: row.due_at for row in work.session.scalars(sa.select(OutboxLetter))}
    assert due == {
        "test.many:1": leaves,
        "test.many:2": before.now,
        "test.one:1": leaves,
        "test.many:3": leaves,
    }
