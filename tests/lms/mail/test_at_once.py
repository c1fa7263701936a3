"""Letters put into the outbox, taken back and sent at the same moment, on two connections."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.audit.models import AuditEntry
from lms.frame.work import Work
from lms.mail.claiming import LetterClaim, claim_next
from lms.mail.letters import Letter
from lms.mail.models import OutboxLetter
from lms.mail.outbox import withdraw_letters
from lms.mail.rules import LetterState
from tests.at_once import AtOnce
from tests.make import Make
from tests.moments import NOW

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
SENT = {"state": LetterState.SENT, "sent_at": NOW}


def letter(key: str = "x.y:1:1", **values: Any) -> Letter:
    return Letter("x.y", key, {"words": "Hello"}, to_name="Bo", to_address="bo@ashgrove.example", **values)


@pytest.mark.parametrize("many", [False, True], ids=["one", "many"])
def test_a_letter_whose_key_is_there_never_undoes_the_work_beside_it(
    at_once: AtOnce, make: Make, session: Session, many: bool
) -> None:
    people = [make.person(), make.person("Other")]
    make.commit()

    def do(place: int) -> Callable[[Work], Any]:
        def step(work: Work) -> Any:
            work.record("something done", people[place])
            return work.send_all([letter()]) if many else work.send(letter())

        return step

    first, second = at_once.meet(do(0), do(1))
    assert first
    assert second == (first if many else []), "one that was there already is not answered again"
    done = session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "something done"))
    assert done == 2
    assert session.scalar(sa.select(sa.func.count(OutboxLetter.id))) == 1


def test_a_letter_that_is_just_being_taken_back_is_not_claimed(at_once: AtOnce, make: Make) -> None:
    """The worker goes on to the next, and finds nothing more once that is saved."""
    with Session(at_once.engine) as other:
        at_once.work_in(other).send(letter("x.y:1:1", booking_id=7), letter("x.y:1:2"))
        other.commit()

    def take_back(work: Work) -> int:
        return len(withdraw_letters(work.session, OutboxLetter.booking_id == 7, why="Given up."))

    def claim(work: Work) -> LetterClaim | None:
        return claim_next(at_once.engine, NOW, "me")

    taken_back, claimed = at_once.meet(take_back, claim)
    assert (taken_back, getattr(claimed, "key", None)) == (1, "x.y:1:2")
    assert claim_next(at_once.engine, NOW, "me") is None


def test_a_letter_that_is_sent_just_now_is_not_withdrawn_and_nothing_else_is_undone(
    at_once: AtOnce, make: Make, session: Session
) -> None:
    """It had been read as waiting, and the database let nobody say so of a letter that has gone."""
    person = make.person()
    make.commit()
    with Session(at_once.engine) as other:
        work = at_once.work_in(other)
        work.send(letter("x.y:1:1", booking_id=7))
        work.send(letter("x.y:1:2", booking_id=7))
        other.commit()

    def send(work: Work) -> None:
        work.session.execute(sa.update(OutboxLetter).where(OutboxLetter.key == "x.y:1:1").values(SENT))

    def take_back(work: Work) -> list[str]:
        work.record("place given up", person)
        return [each.key for each in withdraw_letters(work.session, OutboxLetter.booking_id == 7, why="Given up.")]

    _, taken_back = at_once.meet(send, take_back)
    assert taken_back == ["x.y:1:2"]
    states = session.execute(sa.select(OutboxLetter.key, OutboxLetter.state).order_by(OutboxLetter.key))
    assert [tuple(row) for row in states] == [("x.y:1:1", LetterState.SENT), ("x.y:1:2", LetterState.WITHDRAWN)]
    assert session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "place given up")) == 1
