"""The chain of the audit: what is changed by hand is found, and erasing, which takes words away, breaks nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.audit.chain import services
from lms.audit.chain.checks import broken_seals
from lms.audit.chain.jobs import seal_what_was_written
from lms.audit.chain.models import AuditSeal
from lms.audit.chain.services import seal_lines
from lms.audit.models import AuditEntry
from lms.frame.db import make_engine, writing
from lms.frame.doors import door
from lms.frame.keeping import FORGET
from lms.frame.locks import for_update
from lms.frame.plugins import Job
from lms.frame.work import Work
from lms.jobs.models import JobState
from lms.jobs.services import carry_out, meet_jobs, run_due
from lms.people.models import Person
from lms.personal_data.services import erase_person
from tests.databases import NoSite, by_hand
from tests.make import Make
from tests.moments import NOW

SEAL = Job("audit.seal", "Seal the audit's lines", seal_what_was_written, every=timedelta(minutes=10))


@pytest.fixture
def person(work: Work, make: Make) -> Person:
    """Somebody of whom the audit has three lines, which are sealed."""
    found = make.person("Zelda Quillfeather-Brook")
    for number in range(3):
        work.record("telephone changed", found, to=f"01632 96000{number}", number=number)
    seal_lines(work)
    return found


def number_of(session: Session, what: type[AuditEntry] | type[AuditSeal]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(what)) or 0


def last_line(session: Session) -> int:
    return session.scalar(sa.select(sa.func.max(AuditEntry.id))) or 0


def test_every_line_is_sealed_once_in_order_a_portion_at_a_time(
    work: Work, person: Person, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "AT_A_TIME", 2)
    for _ in range(5):
        work.record("looked at", person)
    carry_out(work, seal_what_was_written)
    seals = session.scalars(sa.select(AuditSeal).order_by(AuditSeal.number)).all()
    assert [seal.number for seal in seals] == list(range(1, number_of(session, AuditEntry) + 1))
    assert [seal.entry_id for seal in seals] == sorted(seal.entry_id for seal in seals)
    assert len({seal.salt for seal in seals}) == len(seals)
    assert list(broken_seals(work)) == []
    assert seal_lines(work) == 0, "and nothing twice"


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("UPDATE audit_entry SET event = 'looked at' WHERE id = :id", "it was changed"),
        ("UPDATE audit_entry SET person_id = NULL WHERE id = :id", "it was changed"),
        ("UPDATE audit_entry SET actor_name = 'Someone else' WHERE id = :id", "its words were changed"),
        ("UPDATE audit_entry SET details = '{\"number\": 8}' WHERE id = :id", "its words were changed"),
        ("DELETE FROM audit_entry WHERE id = :id", "it was deleted before its time"),
        ("UPDATE audit_seal SET facts_digest = words_digest WHERE entry_id = :id", "its seal was changed"),
        (
            "UPDATE audit_seal SET salt = NULL, words_gone_at = '2026-03-01 09:00:00.000000' WHERE entry_id = :id",
            "no one was erased at that moment",
        ),
    ],
)
def test_a_line_changed_by_hand_is_named(work: Work, session: Session, how: str, words: str) -> None:
    """By somebody who took the triggers away first: with them, the database refuses each of these."""
    line = last_line(session) - 1
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.execute(sa.text(how), {"id": line})
    by_hand(session)
    session.execute(sa.text(how), {"id": line})
    session.expire_all()
    (found,) = broken_seals(work)
    assert f"Line {line} of the audit" in found
    assert words in found


@pytest.mark.usefixtures("person")
def test_a_seal_taken_out_of_the_chain_is_missed(work: Work, session: Session) -> None:
    by_hand(session)
    middle = session.scalar(sa.select(sa.func.max(AuditSeal.number))) or 0
    session.execute(sa.text("DELETE FROM audit_seal WHERE number = :number"), {"number": middle - 1})
    assert f"lacks the seals from {middle - 1} to {middle - 1}" in " ".join(broken_seals(work))


def test_erasing_takes_words_and_salt_and_the_chain_holds(work: Work, make: Make, person: Person) -> None:
    eraser = replace(work, actor=replace(work.actor, permissions=work.actor.permissions | {"personal_data.erase"}))
    eraser.site = _with_audit()
    kept = work.session.scalar(sa.select(AuditSeal.hash).order_by(AuditSeal.number.desc()).limit(1))
    erase_person(eraser, person, reason="They asked")
    seal_lines(work)
    work.session.expire_all()
    about = sa.select(AuditSeal).join(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
    seals = work.session.scalars(about.where(AuditEntry.event == "telephone changed")).all()
    assert {(seal.salt, seal.words_gone_at) for seal in seals} == {(None, NOW)}
    assert kept in {seal.hash for seal in seals}
    assert "01632" not in str(work.session.scalars(sa.select(AuditEntry.details)).all())
    assert list(broken_seals(work)) == []


def _with_audit() -> NoSite:
    from lms.audit.personal_data import PERSONAL_DATA  # noqa: PLC0415  (of the one plugin that this is about)

    site = NoSite()
    site.personal_data = (PERSONAL_DATA,)  # type: ignore[assignment]
    return site


def test_lines_past_their_time_go_and_the_chain_holds(work: Work, person: Person, session: Session) -> None:
    long_ago = replace(work, now=NOW - timedelta(days=3000))
    long_ago.record("long ago", person)
    seal_lines(work)
    with door(session, FORGET, now=NOW):
        session.execute(sa.delete(AuditEntry).where(AuditEntry.event == "long ago"))
    assert list(broken_seals(work)) == []


def test_a_line_that_came_in_late_is_sealed_after_the_others(work: Work, person: Person, session: Session) -> None:
    """Its transaction took a number and ended after lines of higher numbers were sealed."""
    line = session.get_one(AuditEntry, last_line(session))
    names = [column.name for column in sa.inspect(AuditEntry).columns if column.name != "id"]
    values = {name: getattr(line, name) for name in names}
    session.add(AuditEntry(id=line.id + 10, **values))
    session.flush()
    assert seal_lines(work) == 1
    session.add(AuditEntry(id=line.id + 5, **values))
    session.flush()
    assert seal_lines(work) == 1
    assert list(broken_seals(work)) == []


def test_of_two_workers_one_seals(database_url: str, work: Work, person: Person, make: Make) -> None:
    """While one has the job's row, the other leaves it; and two seals of one number never stand."""
    work.record("looked at", person)
    make.commit()
    one, other = make_engine(database_url), make_engine(database_url)
    meet_jobs(one, [SEAL], NOW - timedelta(hours=1))
    if one.dialect.name == "postgresql":  # SQLite has one writer at a time
        with Session(one) as holding:
            holding.scalars(for_update(sa.select(JobState).where(JobState.name == SEAL.name))).one()
            assert run_due(other, NoSite(), [SEAL], NOW) == []
    assert [run.error for run in run_due(one, NoSite(), [SEAL], NOW)] == [""]
    assert run_due(other, NoSite(), [SEAL], NOW) == []
    with writing(one) as session:
        assert number_of(session, AuditSeal) == number_of(session, AuditEntry)
        twice = session.scalars(sa.select(AuditSeal)).first()
        assert twice is not None
        copy = sa.insert(AuditSeal).from_select(
            ["number", "entry_id", "at", "facts_digest", "words_digest", "salt", "hash"],
            sa.select(
                AuditSeal.number,
                AuditSeal.entry_id + 10_000,
                AuditSeal.at,
                AuditSeal.facts_digest,
                AuditSeal.words_digest,
                AuditSeal.salt,
                AuditSeal.hash,
            ).where(AuditSeal.number == twice.number),
        )
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            session.execute(copy)
    one.dispose()
    other.dispose()


def test_booking_writes_no_seal(work: Work, session: Session, make: Make) -> None:
    """A line is sealed by the job alone: recording is one INSERT."""
    before = number_of(session, AuditSeal)
    work.record("looked at", make.person())
    session.flush()
    assert number_of(session, AuditSeal) == before
