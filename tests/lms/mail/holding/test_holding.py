"""Mail that is held: nothing leaves but codes asked for since, and it is let go or withdrawn kind by kind."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from lms.frame.db import writing
from lms.frame.work import Work
from lms.kit.errors import Conflict
from lms.mail.claiming import claim_next
from lms.mail.holding.queries import HeldKind, held_kinds, hold_here
from lms.mail.holding.services import WITHDRAWN, end_hold, hold_mail, release_kinds, withdraw_kinds
from lms.mail.models import OutboxLetter
from lms.mail.plugin import PLUGIN
from lms.mail.rules import LetterState
from tests.make import Make
from tests.moments import NOW

MINUTE = timedelta(minutes=1)


def put(make: Make, key: str, kind: str = "test.hello", **given: object) -> None:
    values = {"due_at": NOW - MINUTE, "created_at": NOW - MINUTE, "context": {}, **given}
    make.session.add(OutboxLetter(key=key, kind=kind, to_address="nia@rvch.example", **values))


def leaving(engine: Engine) -> list[str]:
    """The keys of all that leaves now, in turn."""
    keys = []
    while claim := claim_next(engine, NOW, "me"):
        keys.append(claim.key)
    return keys


def test_while_mail_is_held_codes_asked_for_since_leave_and_nothing_else(
    work: Work, make: Make, engine: Engine
) -> None:
    put(make, "code of before", is_secret=True)
    put(make, "hello")
    assert hold_mail(work, "Restored from Sunday’s backup").why == "Restored from Sunday’s backup"
    put(make, "code", is_secret=True, created_at=NOW)
    put(make, "of today", created_at=NOW)
    make.commit()
    assert leaving(engine) == ["code"]
    with writing(engine) as session:
        end_hold(Work(session, work.actor, NOW, work.site))
    assert leaving(engine) == ["code of before", "hello", "of today"]


def test_held_again_it_stays_as_it_was(work: Work) -> None:
    first = hold_mail(work, "The first").since
    again = Work(work.session, work.actor, NOW + MINUTE, work.site)
    assert (hold_mail(again, "The second").since, hold_mail(again, "").why) == (first, "The first")


def test_what_is_due_is_let_go_or_withdrawn_by_kind_and_the_hold_stays(work: Work, make: Make, engine: Engine) -> None:
    put(make, "offer", "courses.place_found", due_at=NOW - 3 * MINUTE)
    put(make, "another", "courses.place_found")
    put(make, "later", "courses.place_found", due_at=NOW + MINUTE)
    put(make, "charge", "charges.told")
    put(make, "hello")
    hold_mail(work, "")
    assert held_kinds(work.session, NOW) == [
        HeldKind("charges.told", 1, NOW - MINUTE),
        HeldKind("courses.place_found", 2, NOW - 3 * MINUTE),
        HeldKind("test.hello", 1, NOW - MINUTE),
    ]
    assert release_kinds(work, ["courses.place_found"]) == 2
    assert withdraw_kinds(work, ["charges.told"]) == 1
    make.commit()
    assert leaving(engine) == ["offer", "another"]
    with writing(engine) as session:
        [charge] = session.query(OutboxLetter).filter_by(key="charge")
        assert (charge.state, charge.last_error) == (LetterState.WITHDRAWN, WITHDRAWN)
        assert [each.kind for each in held_kinds(session, NOW)] == ["test.hello"]
        assert hold_here(session) is not None


def test_a_later_hold_holds_what_an_earlier_one_let_go(work: Work, make: Make, engine: Engine) -> None:
    put(make, "hello")
    hold_mail(work, "")
    release_kinds(work, ["test.hello"])
    end_hold(work)
    hold_mail(Work(work.session, work.actor, NOW + MINUTE, work.site), "")
    make.commit()
    assert leaving(engine) == []


def test_the_check_says_since_when_and_how_much_waits(work: Work, make: Make) -> None:
    [check] = [each for each in PLUGIN.checks if each.name == "mail.held"]
    assert list(check.find(work)) == []
    put(make, "hello")
    hold_mail(work, "Restored from Sunday’s backup.")
    assert list(check.find(work)) == [
        "Email is held since Mon 16 Mar 2026 09:52, with 1 letter due. Restored from Sunday’s backup."
    ]


def test_without_a_hold_there_is_nothing_to_decide(work: Work) -> None:
    for do in (end_hold, lambda work: release_kinds(work, ["a"]), lambda work: withdraw_kinds(work, ["a"])):
        with pytest.raises(Conflict, match="not held"):
            do(work)


def test_the_office_sees_what_is_held_and_sends_or_withdraws_it(
    app: Flask, sign_in: Callable[..., FlaskClient], make: Make, work: Work, engine: Engine
) -> None:
    put(make, "hello")
    put(make, "offer", "courses.place_found")
    hold_mail(work, "Restored from Sunday’s backup")
    office = sign_in(make.coordinator())
    make.commit()
    assert "Email is held since" in office.get("/letters").text
    shown = office.get("/letters/held").text
    assert "Reason: Restored from Sunday’s backup" in shown
    assert office.post("/letters/held/withdraw", data={"kind": "courses.place_found"}).status_code == 303
    assert office.post("/letters/held/end").status_code == 303
    assert leaving(engine) == ["hello"]
    assert "Email is not held" in office.get("/letters/held").text
