"""Rows are locked so that others can point at them meanwhile, whoever locks them."""

import re

from lms.frame.db import Base
from lms.frame.locks import ORDER
from lms.frame.settings import ROOT

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
