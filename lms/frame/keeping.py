"""What a table says of its rows that no constraint can: rules between tables, and rows that stay as they are.

A model says them in its `__table_args__`: `{"info": kept(MustBe(...), Stays(...))}`. `lms.frame.triggers` makes
triggers of them on both kinds of database, and `lms check` looks with the same conditions for rows from before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

KEPT = "kept_by_triggers"
ERASE, MERGE, FORGET = "erase", "merge", "forget"
"""Why the door is open (`lms.frame.doors`): somebody is erased, two records become one, what is past its time goes."""


@dataclass(frozen=True)
class MustBe:
    """A rule for a row when it comes or changes. `holds` is SQL that both kinds of database know, about `new.`..

    `columns` are those whose change asks again. A rule that answers NULL holds. `words` say what is refused.
    """

    name: str
    holds: str
    columns: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Stays:
    """Rows that stay as they are: always, or from when `since` is true of the row (`old.`).

    `may_change` are columns that go on by themselves, as a state does. `words` may go while somebody is erased, and
    columns that point at people may follow them while they are merged or erased. `may_go`: rows past their time.
    """

    what: str
    since: str = ""
    may_change: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    may_go: bool = False


@dataclass(frozen=True)
class Then:
    """What else changes when these columns do. `{moment}` in the SQL is the moment for which the door was opened."""

    name: str
    columns: tuple[str, ...]
    does: str


Rule = MustBe | Stays | Then


def kept(*rules: Rule) -> dict[str, Any]:
    """What stands in a table's `info`."""
    return {KEPT: rules}


def rules_of(table: sa.Table) -> tuple[Rule, ...]:
    """What a table says of its rows."""
    found: tuple[Rule, ...] = table.info.get(KEPT, ())
    return found


def musts_of(metadata: sa.MetaData) -> Mapping[sa.Table, tuple[MustBe, ...]]:
    """Every rule for rows, by table."""
    found = {
        table: tuple(each for each in rules_of(table) if isinstance(each, MustBe)) for table in metadata.sorted_tables
    }
    return {table: rules for table, rules in found.items() if rules}
