"""Work: the audit, and the letters of one unit of work."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.audit.models import AuditEntry
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.mail.letters import Letter
from tests.make import Make
from tests.moments import NOW


def entry(session: Session) -> AuditEntry:
    session.flush()
    return session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first() or AuditEntry()


def test_the_audit_says_who_did_what_to_which_record_and_whom_it_concerns(work: Work, make: Make) -> None:
    person, by = make.person(), make.coordinator()
    asking = replace(work, actor=Actor(by.name, person_id=by.id))
    asking.record("person changed", person, columns=["email"])
    kept = entry(work.session)
    assert (kept.at, kept.actor_id, kept.actor_name) == (NOW, by.id, "Priyanka Hallowdale")
    assert (kept.event, kept.record_type, kept.record_id) == ("person changed", "Person", str(person.id))
    assert kept.person_id == person.id
    assert kept.details == {"columns": ["email"]}


def test_a_record_that_was_just_made_has_its_id_in_the_audit(work: Work, make: Make) -> None:
    agency = make.agency()
    work.record("agency added", agency)
    assert entry(work.session).record_id == str(agency.id)
    assert entry(work.session).person_id is None


def test_the_audit_keeps_plain_values_alone(work: Work, make: Make) -> None:
    agency = make.agency()
    work.record("agency closed", agency, on=date(2026, 3, 16))
    assert entry(work.session).details == {"on": "2026-03-16"}
    with pytest.raises(TypeError):
        work.record("agency closed", agency, by={agency})


def test_a_fact_that_nobody_listens_to_is_told_to_nobody(work: Work) -> None:
    work.tell("a fact")


def test_several_letters_are_sent_together_and_those_that_were_there_are_left(work: Work) -> None:
    first, second = (Letter("x.y", key, {}, to_address="a@rvch.example") for key in ("one", "two"))
    assert [row.key for row in work.send(first)] == ["one"]
    assert [row.key for row in work.send(first, second)] == ["two"]
    assert work.send() == []
