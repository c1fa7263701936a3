"""Rows are locked so that others can point at them meanwhile, whoever locks them."""

import re

from sqlalchemy.orm import Session

from lms.frame.db import Base
from lms.frame.locks import ORDER, lock_row
from lms.frame.settings import ROOT
from lms.people.models import Person
from tests.locks_heard import MINE, out_of_order
from tests.make import Make

LOCK = re.compile(r"with_for_update[(=][^\n]*")


def test_the_order_names_tables_that_there_are() -> None:
    """A table that got another name would stand in no order, and nobody would notice."""
    assert [name for name in ORDER if name not in Base.metadata.tables] == []


def test_every_lock_lets_others_point_at_the_row() -> None:
    """FOR NO KEY UPDATE: a key is never changed here. Use `lms.frame.locks`, or say `key_share`."""
    rooms = ("lms", "courses", "reviews", "surveys", "briefings", "charges")
    wrong = [
        f"{path.relative_to(ROOT)}: {found}"
        for room in rooms
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
        for found in LOCK.findall(path.read_text(encoding="utf-8"))
        if "key_share" not in found
    ]
    assert wrong == []


def test_a_lock_out_of_order_is_heard(session: Session, make: Make) -> None:
    """By table and by row, where rows are asked for and where they are changed; not of rows that are new."""
    one, other, event = make.person("One"), make.person("Other"), make.event()
    make.commit()
    session.info[MINE] = True
    for each in (other, one):
        lock_row(session, Person, each.id)
    event.joining_note = "By the side door"
    session.flush()
    assert out_of_order == [
        f"person {one.id} was locked after person {other.id}",
        f"event {event.id} was locked after person",
    ]
    make.commit()
    lock_row(session, Person, one.id)
    make.event().joining_note = "Just planned"
    session.flush()
    assert len(out_of_order) == 2
    out_of_order.clear()  # it was meant
