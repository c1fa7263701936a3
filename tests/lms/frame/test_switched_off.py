"""A plugin that is switched off has no models here, and its people are merged, copied and erased all the same."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from lms.frame.db import Base
from lms.frame.tables_there import tables_switched_off
from lms.frame.work import Work
from lms.kit.errors import Conflict
from lms.merging.queries import what_moves
from lms.merging.services import merge_people, unmerge_people
from lms.people.models import Person
from lms.personal_data.services import erase_person, export_person
from tests.make import Make

Rows = Callable[[], Sequence[Any]]


@pytest.fixture
def housed(app: Flask, work: Work) -> Work:
    return replace(work, site=app.extensions["lms"])


@pytest.fixture
def permits(session: Session) -> sa.Table:
    """The tables that parking left when it was switched off. The models of this process do not know them."""
    beside = sa.MetaData(naming_convention=Base.metadata.naming_convention)
    person = Base.metadata.tables["person"].to_metadata(beside)
    for name in ("agency", "role_group", "sector"):
        Base.metadata.tables[name].to_metadata(beside)
    table = sa.Table(
        "parking_permit",
        beside,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.ForeignKey(person.c.id), nullable=False),
        sa.Column("given_by_id", sa.ForeignKey(person.c.id)),
        sa.Column("plate", sa.Text, nullable=False, unique=True),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("bay", sa.Integer),
        sa.Column("is_valid", sa.Boolean, nullable=False),
        sa.Column("answers", sa.JSON),
        sa.CheckConstraint("kind IN ('day', 'year')", name="kind"),
        sa.CheckConstraint("given_by_id IS NULL OR given_by_id <> person_id", name="two"),
        sa.UniqueConstraint("person_id", "bay"),
    )
    valid = sa.text("is_valid")
    sa.Index("uq_parking_permit_valid", table.c.person_id, unique=True, postgresql_where=valid, sqlite_where=valid)
    version = sa.Table("alembic_version_parking", beside, sa.Column("version_num", sa.String(32), primary_key=True))
    beside.create_all(session.get_bind(), tables=[table, version])
    session.commit()
    return table


def permit(session: Session, table: sa.Table, person: Person, plate: str, **values: Any) -> int:
    row = {"person_id": person.id, "plate": plate, "note": "Blue van", "kind": "year", "is_valid": False, **values}
    return int(session.scalar(sa.insert(table).values(row).returning(table.c.id)) or 0)


def rows(session: Session, table: sa.Table) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in session.execute(sa.select(table).order_by(table.c.id))]


def test_its_tables_are_known_from_the_database(session: Session, permits: sa.Table) -> None:
    (found,) = tables_switched_off(session)
    assert found.name == "parking_permit"
    assert "parking_permit" not in Base.metadata.tables


def test_without_a_version_table_nothing_is_taken_for_a_plugins(session: Session) -> None:
    assert tables_switched_off(session) == []


def test_its_people_are_merged_and_made_two_again(
    housed: Work, session: Session, make: Make, permits: sa.Table
) -> None:
    kept, duplicate = make.person("Zoë Marchbanks"), make.person("Zoe Marchbanks")
    own = permit(session, permits, duplicate, "AB12", bay=4, is_valid=True)
    given = permit(session, permits, make.person(), "CD34", given_by_id=duplicate.id)
    before = rows(session, permits)
    assert "2 parking permits" in what_moves(session, duplicate.id)
    merge = merge_people(housed, kept, duplicate)
    after = {row["id"]: row for row in rows(session, permits)}
    assert after[own]["person_id"] == kept.id
    assert after[given]["given_by_id"] == kept.id
    unmerge_people(housed, merge)
    assert rows(session, permits) == before


@pytest.mark.parametrize("both", [{"bay": 4}, {"is_valid": True}])
def test_what_both_have_once_is_sorted_out_first(
    housed: Work, session: Session, make: Make, permits: sa.Table, both: dict[str, Any]
) -> None:
    kept, duplicate = make.person("Zoë Marchbanks"), make.person("Zoe Marchbanks")
    permit(session, permits, kept, "AB12", **both)
    permit(session, permits, duplicate, "CD34", **both)
    with pytest.raises(Conflict, match="Both have one parking permit"):
        merge_people(housed, kept, duplicate)


def test_a_second_pair_of_eyes_stays_two(housed: Work, session: Session, make: Make, permits: sa.Table) -> None:
    kept, duplicate = make.person("Zoë Marchbanks"), make.person("Zoe Marchbanks")
    permit(session, permits, kept, "AB12", given_by_id=duplicate.id)
    with pytest.raises(Conflict, match="must be two people"):
        merge_people(housed, kept, duplicate)


def test_its_people_are_erased(housed: Work, session: Session, make: Make, permits: sa.Table) -> None:
    person, other = make.person("Zoë Quillfeather", email="zoe@rvch.example"), make.person("Bo Ashgrove")
    permit(session, permits, person, "AB12", answers={"colour": "blue"}, bay=4)
    permit(session, permits, other, "CD34", note="Shares with Zoë Quillfeather", answers={"with": "zoe@rvch.example"})
    erase_person(housed, person, reason="They asked on 2 April")
    session.expire_all()
    own, others = rows(session, permits)
    assert own["person_id"] == person.id
    assert (own["note"], own["answers"], own["bay"], own["kind"]) == ("", None, 4, "year")
    assert own["plate"] == f"[erased] {own['id']}"
    assert others["note"] == "Shares with [erased]"
    assert others["answers"] == {"with": ""}
    assert others["plate"] == "CD34"


def test_a_copy_has_what_it_keeps(housed: Work, session: Session, make: Make, permits: sa.Table) -> None:
    person = make.person("Zoë Quillfeather")
    permit(session, permits, person, "AB12")
    copied = export_person(housed, person)["data"]["Parking permit (switched off)"]
    assert [row["plate"] for row in copied] == ["AB12"]
