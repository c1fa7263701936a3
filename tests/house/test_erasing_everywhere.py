"""Somebody with a row in every table of every plugin, named in each of its texts, is erased. A new table is in it."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from lms.frame.db import Base
from lms.frame.together import keys_together
from lms.frame.work import Work
from lms.people.models import Person
from lms.personal_data.mentions.queries import is_link, kept_columns, text_columns
from lms.personal_data.queries import mentions_of
from lms.personal_data.services import erase_person
from tests.house.test_personal_data import OF_SOMEBODY, about_people
from tests.make import Make
from tests.moments import NOW
from tests.rows import Rows, candidates

AS_IT_CAN_BE: dict[str, dict[str, Any]] = {
    "booking": {"state": "cancelled", "cancelled_at": NOW},
    "charge": {"is_history": True},
    "person_affiliation": {"is_main": False},
    "retention_hold": {"lifted_at": NOW},
    "review_action": {"state": "closed", "closed_at": NOW},
}
"""So that a row may stand beside what everybody has, and nothing of theirs is open and stops the erasure."""

NAME, WORDS, ADDRESS = "Zoë Quillfeather", "It was Zoë Quillfeather who said so.", "zoe@quillfeather.example"


def rows_everywhere(rows: Rows, work: Work, person: Person, other: Person) -> list[str]:
    """A row in each table about people, of this one by every column, with their name in each text. Which those are."""
    theirs: dict[str, dict[str, Any]] = {"person": {"id": person.id}}
    tables = []
    for table in Base.metadata.sorted_tables:
        if table.name == "person" or table.name not in about_people():
            continue
        kept = kept_columns(work.site.written, table)
        texts = [
            each for each in text_columns(table) if not (each.name in kept or each.foreign_keys or is_link(each.name))
        ]
        fixed: dict[str, Any] = {each.name: _named(each) for each in texts}
        for key in (*table.foreign_key_constraints, *keys_together(table)):
            row, others = theirs.get(key.referred_table.name, {}), [other.id] * (key.referred_table.name == "person")
            for each in key.elements:
                if each.column.name in row:
                    fixed[each.parent.name] = [row[each.column.name], *others]
        made = rows.row(table, **(fixed | AS_IT_CAN_BE.get(table.name, {})))
        if table.name in OF_SOMEBODY:
            theirs[table.name] = made
        tables.append(table.name)
    return tables


def _named(column: sa.Column[Any]) -> list[Any]:
    if isinstance(column.type, sa.JSON):
        return [{"said": WORDS}]
    return [WORDS, NAME, ADDRESS, *candidates(column, 90210)]


def where_it_stands(session: Session) -> list[str]:
    return [
        f"{table.name}.{name}: {value}"
        for table in Base.metadata.sorted_tables
        for row in session.execute(sa.select(table)).mappings()
        for name, value in row.items()
        if "quillfeather" in str(value).lower()
    ]


def test_somebody_in_every_text_of_every_table_is_erased(app: Flask, work: Work, make: Make, session: Session) -> None:
    housed = replace(work, site=app.extensions["lms"])
    person, other = make.person(NAME, email=ADDRESS), make.person("Someone else")
    everywhere = rows_everywhere(Rows(session), housed, person, other)
    session.execute(sa.text("UPDATE event SET state = 'cancelled', cancelled_at = created_at"))
    session.expire_all()
    assert set(everywhere) == about_people() - {"person"}
    assert len(where_it_stands(session)) > 90
    seen = len(mentions_of(housed, person.id).texts)
    erase_person(housed, person, reason="They asked", texts_seen=seen)
    session.expire_all()
    assert where_it_stands(session) == []


def test_what_is_issued_or_published_stays_and_is_told_where_somebody_is_erased_whom_it_names(
    app: Flask, work: Work, make: Make, session: Session
) -> None:
    """The database lets nobody change it, which stopped the erasure."""
    housed, rows, tables = replace(work, site=app.extensions["lms"]), Rows(session), Base.metadata.tables
    person = make.person(NAME, email=ADDRESS)
    rows.row(tables["certificate"], title=WORDS)
    rows.row(tables["yearly_report"], title=WORDS, published_at=[NOW])
    mentions = mentions_of(housed, person.id)
    assert (mentions.texts, [each.table for each in mentions.places]) == ((), ["yearly_report", "certificate"])
    erase_person(housed, person, reason="They asked")
    assert len(where_it_stands(session)) == 2
