"""Importing agencies and people: a dry run first, all of it or nothing, and the same again changes nothing."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.agencies.models import Agency, AgencyDomain, FormerAgencyName, RoleGroup, Sector
from lms.agencies.tables import IMPORT as AGENCIES
from lms.audit.models import AuditEntry
from lms.frame.plugins import Import
from lms.frame.work import Work
from lms.people.accounts.models import Account
from lms.people.models import Person
from lms.people.tables import IMPORT as PEOPLE
from lms.tables.queries import export_table
from lms.tables.services import Imported, import_file
from tests.make import Make

AGENCY_FILE = """\
code,name,sector,email_domains,charge_email,exempt,opened_on,closed_on,successor_code
OLD,Larkham Primary Care,Health,,,no,2010-04-01,2025-03-31,NEW
NEW,Rowan Valley Health,Health,rvh.example; rvch.example,Finance@rvh.example,no,,,
VOL,Thornmere Families,Voluntary,,,yes,,,
"""
PEOPLE_FILE = """\
ref,name,email,agency_code,role_group,manager_name,manager_email
P1,Amara Fenwick-Osei,AMARA@rvh.example,NEW,Midwifery,D Marrowby,d.m@rvh.example
P2,Idris Vance,,VOL,,,
"""


def load(work: Work, kind: Import, text: str, *, save: bool = True) -> Imported:
    return import_file(work, kind, text.encode(), save=save)


def words_of(done: Imported) -> list[str]:
    return [str(each) for each in done.problems]


def count_of(session: Session, model: type[object]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_dry_run_says_what_would_be_and_leaves_no_trace(work: Work, session: Session) -> None:
    before = count_of(session, AuditEntry)
    done = load(work, AGENCIES, AGENCY_FILE, save=False)
    assert (done.added, done.changed, done.unchanged, done.rejected, done.is_saved) == (3, 0, 0, 0, False)
    for model in (Agency, Sector, AgencyDomain):
        assert count_of(session, model) == 0
    assert count_of(session, AuditEntry) == before


def test_agencies_come_in_with_sectors_domains_and_successors_that_come_later(work: Work, session: Session) -> None:
    assert load(work, AGENCIES, AGENCY_FILE).is_saved
    old = session.scalars(sa.select(Agency).where(Agency.code == "OLD")).one()
    assert old.successor is not None
    assert (old.successor.code, old.sector.name) == ("NEW", "Health")
    assert old.successor.charge_email == "finance@rvh.example"
    assert {each.domain for each in old.successor.domains} == {"rvh.example", "rvch.example"}


def test_the_same_file_again_changes_nothing_and_so_does_what_was_exported(work: Work, session: Session) -> None:
    for kind, text in ((AGENCIES, AGENCY_FILE), (PEOPLE, PEOPLE_FILE)):
        first = load(work, kind, text)
        again = load(work, kind, text)
        out = load(work, kind, export_table(work, kind))
        assert (again.added, again.changed, again.unchanged) == (0, 0, first.added)
        assert (out.added, out.changed, out.unchanged) == (0, 0, first.added)
    assert count_of(session, RoleGroup) == 1


def test_one_bad_row_keeps_the_whole_file_out(work: Work, session: Session) -> None:
    load(work, AGENCIES, AGENCY_FILE)
    bad = PEOPLE_FILE + "P3,,x@y.example,NEW,,,\nP4,Zed,not an address,NEW,,,\nP5,Zed,,NOPE,,,\nP2,Twice,,,,,\n"
    done = load(work, PEOPLE, bad)
    assert words_of(done) == [
        "row 4, column name: Enter a value.",
        "row 5, column email: Enter an email address like name@example.org.",
        "row 6, column agency_code: There is no agency NOPE. Check the spelling, or import it first.",
        "row 7, column ref: P2 is already in row 3. Keep one of them.",
    ]
    assert done.rejected == 4
    assert not done.is_saved
    assert count_of(session, Person) == 0


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("A B,Name,Health,,,,,,", "column code"),
        ("X,Name,Health,rvh.example,,,,,", "rvh.example belongs to Rowan Valley Health"),
        ("X,Name,Health,,,maybe,,,", "yes or no"),
        ("X,Name,Health,,,,2026-01-01,2025-01-01,", "cannot close before it opened"),
        ("X,Name,Health,,,,,,NEW", "column closed_on"),
        ("X,Name,Health,,,,,2025-01-01,GONE", "There is no agency GONE"),
        ("NEW,Rowan Valley Health,Health,,,,,2025-01-01,OLD", "in a circle"),
    ],
)
def test_agencies_that_cannot_be_are_refused_at_their_column(work: Work, row: str, words: str) -> None:
    load(work, AGENCIES, AGENCY_FILE)
    done = load(work, AGENCIES, AGENCY_FILE.splitlines()[0] + "\n" + row + "\n")
    assert words in words_of(done)[0]


def test_a_renamed_agency_keeps_its_former_name(work: Work, session: Session) -> None:
    load(work, AGENCIES, AGENCY_FILE)
    done = load(work, AGENCIES, AGENCY_FILE.replace("Thornmere Families", "Thornmere Together"))
    assert (done.changed, done.unchanged) == (1, 2)
    assert session.scalars(sa.select(FormerAgencyName.name)).all() == ["Thornmere Families"]


def test_a_domain_moves_between_agencies_in_one_file(work: Work, session: Session) -> None:
    load(work, AGENCIES, AGENCY_FILE)
    moved = AGENCY_FILE.replace("rvh.example; rvch.example", "rvh.example").replace(
        "Voluntary,,", "Voluntary,rvch.example,"
    )
    assert load(work, AGENCIES, moved).is_saved
    owner = sa.select(Agency.code).join(AgencyDomain).where(AgencyDomain.domain == "rvch.example")
    assert session.scalars(owner).all() == ["VOL"]


def test_changed_people_are_told_in_the_audit_with_what_they_were(work: Work, make: Make, session: Session) -> None:
    load(work, AGENCIES, AGENCY_FILE)
    load(work, PEOPLE, PEOPLE_FILE)
    person = session.scalars(sa.select(Person).where(Person.ref == "P1")).one()
    person.phone = "0123"
    make.account(person)
    load(work, PEOPLE, PEOPLE_FILE.replace("AMARA@rvh", "amara.fo@rvh").replace(",NEW,", ",VOL,"))
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "changed by import")).one()
    assert entry.details["before"] == {"email": "amara@rvh.example", "agency_code": "NEW"}
    assert entry.person_id == person.id
    assert person.phone == "0123"
    assert session.scalars(sa.select(Account.email)).all() == ["amara.fo@rvh.example"]


def test_a_merged_record_is_not_brought_back_by_a_file(work: Work, make: Make) -> None:
    kept = make.person()
    make.person("Duplicate", ref="P2", merged_into_id=kept.id)
    done = load(work, PEOPLE, "ref,name,email,agency_code,role_group,manager_name,manager_email\nP2,D,,,,,\n")
    assert "was merged into another" in words_of(done)[0]


def test_names_that_look_like_formulas_come_back_as_they_were(work: Work, make: Make) -> None:
    make.agency(code="A")
    make.person("=1+1", agency=None, ref="P9", manager_name="'@x", email="")
    text = export_table(work, PEOPLE)
    assert "'=1+1" in text
    assert load(work, PEOPLE, text).unchanged == 1


def test_the_command_saves_only_when_told_and_nothing_is_wrong(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "agencies.csv"
    file.write_text(AGENCY_FILE, encoding="utf-8-sig")
    run = app.test_cli_runner().invoke
    dry = run(args=["import", "agencies", str(file)])
    assert (dry.exit_code, "3 added, 0 changed, 0 unchanged, 0 rejected" in dry.output) == (0, True)
    assert run(args=["export", "agencies"]).output.count("\n") == 1
    saved = run(args=["import", "agencies", str(file), "--commit"])
    assert (saved.exit_code, "Saved." in saved.output) == (0, True)
    file.write_text(AGENCY_FILE + "BAD,,Health,,,,,,\n")
    bad = run(args=["import", "agencies", str(file), "--commit"])
    assert bad.exit_code == 1
    assert "row 5, column name: Enter a value" in bad.output
    out = tmp_path / "out.csv"
    assert run(args=["export", "agencies", "--out", str(out)]).exit_code == 0
    assert "Thornmere Families" in out.read_text(encoding="utf-8")
    assert run(args=["import", "shoes", str(file)]).exit_code != 0
    file.write_text("what is this")
    assert run(args=["import", "agencies", str(file)]).exit_code == 1


@pytest.mark.slow
def test_many_people_take_few_queries(work: Work, make: Make, engine: Engine) -> None:
    make.agency(code="A")
    header = "ref,name,email,agency_code,role_group,manager_name,manager_email\n"
    lines = [f"X{n},Person {n},p{n}@rvh.example,A,Group {n % 9},M,m@rvh.example\n" for n in range(3_000)]
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT"):
            said.append(statement)

    sa.event.listen(engine, "before_cursor_execute", hear)
    assert load(work, PEOPLE, header + "".join(lines)).added == 3_000
    assert load(work, PEOPLE, header + "".join(lines).replace(",M,", ",N,")).changed == 3_000
    assert len(said) < 30
