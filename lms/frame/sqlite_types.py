"""SQLite takes a word for a number and 7 for yes or no. Triggers, made from the columns' types, refuse it.

STRICT tables would know neither moments nor booleans, and each table would have to be made anew for them.
"""

from collections.abc import Iterator

import sqlalchemy as sa

WORDS = "a value is not of the type of its column."
DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"


def wrong_type(column: sa.Column[object]) -> str:
    """SQL by which a value of `new.` is none of its column's; empty where any text will do."""
    name = f'new."{column.name}"'
    if (holds := _holds(column, name)) == "":
        return ""
    return f"{name} IS NOT NULL AND NOT ({holds})"


def _holds(column: sa.Column[object], name: str) -> str:  # noqa: PLR0911  (one for each type)
    kind = column.type.impl_instance if isinstance(column.type, sa.TypeDecorator) else column.type
    match kind:
        case sa.Boolean():
            return f"{name} IN (0, 1)"
        case sa.JSON():
            return f"json_valid({name})"
        case sa.Integer():
            return "" if column is column.table.autoincrement_column else f"typeof({name}) = 'integer'"
        case sa.DateTime():
            return f"typeof({name}) = 'text' AND {name} GLOB '{DAY} *' AND datetime({name}) IS NOT NULL"
        case sa.Date():
            return f"typeof({name}) = 'text' AND {name} GLOB '{DAY}' AND date({name}) = {name}"
        case sa.String():
            return f"typeof({name}) = 'text'"
        case _:
            return ""


def type_triggers(table: sa.Table) -> Iterator[tuple[str, str]]:
    """A trigger for rows that come, and one for those that change, each by its name. A change asks what changed."""
    wrong = {column.name: said for column in table.columns if (said := wrong_type(column))}
    if not wrong:
        return
    comes = " OR ".join(f"({said})" for said in wrong.values())
    changes = " OR ".join(f'(new."{name}" IS NOT old."{name}" AND {said})' for name, said in wrong.items())
    for moment, when in (("INSERT", comes), ("UPDATE", changes)):
        name = f"keep_{table.name}_types_{moment.lower()}"
        yield (
            name,
            f'CREATE TRIGGER "{name}" BEFORE {moment} ON "{table.name}" FOR EACH ROW WHEN {when} '
            f"BEGIN SELECT RAISE(ABORT, '{table.name}: {WORDS}'); END",
        )
