"""Tables with general names get the name of their topic before it, so that a stranger's `mark_...` is nobody else's.

Nothing but names changes: of the tables, and of their keys, checks, indexes and sequences. On PostgreSQL that moves no
row and reads none. SQLite keeps the names of keys and checks in the text that made a table, so it makes them anew.
"""

import json
import re
from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NAMES = {
    "action": "review_action",
    "answer": "survey_answer",
    "answer_sheet": "survey_answer_sheet",
    "answer_text": "survey_answer_text",
    "answer_text_theme": "survey_answer_text_theme",
    "answered": "survey_answered",
    "asked_for": "survey_asked_for",
    "attempt": "sign_in_attempt",
    "bank_question": "survey_bank_question",
    "cascade": "briefing_cascade",
    "cascade_change": "briefing_cascade_change",
    "cascade_return": "briefing_cascade_return",
    "change_made": "survey_change_made",
    "check_in": "register_check_in",
    "completion": "course_completion",
    "concern": "survey_concern",
    "coverage": "course_coverage",
    "draft": "survey_draft",
    "evidence": "learning_evidence",
    "hold": "retention_hold",
    "interest": "course_interest",
    "invitation": "survey_invitation",
    "mark": "register_mark",
    "mark_received": "register_mark_received",
    "observation": "survey_observation",
    "offer": "place_offer",
    "payment": "invoice_payment",
    "question": "survey_question",
    "question_option": "survey_question_option",
    "queue_step": "survey_concern_step",
    "release": "learning_release",
    "text_theme": "survey_text_theme",
    "theme": "learning_theme",
    "theme_change": "learning_theme_change",
    "upload": "table_upload",
}

KINDS = "pk|fk|uq|ck|ix"


def upgrade() -> None:
    _rename(NAMES)


def downgrade() -> None:
    _rename({new: old for old, new in NAMES.items()})


def _rename(names: Mapping[str, str]) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for old, new in names.items():
        op.rename_table(old, new)
    for old, new in names.items():
        (_rename_inside_sqlite if is_sqlite else _rename_inside)(old, new)
    _rename_in_merges(names)


def _rename_inside(old: str, new: str) -> None:
    """PostgreSQL: each key, check, index and sequence by itself; an index of a key follows its key."""
    ask = op.get_bind().execute
    constraints = ask(
        sa.text("SELECT conname FROM pg_constraint WHERE conrelid = CAST(:table AS regclass)"), {"table": new}
    )
    for name in constraints.scalars().all():
        if (now := _renamed(name, old, new)) != name:
            op.execute(f'ALTER TABLE "{new}" RENAME CONSTRAINT "{name}" TO "{now}"')
    indexes = ask(
        sa.text("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename = :table"),
        {"table": new},
    )
    for name in indexes.scalars().all():
        if (now := _renamed(name, old, new)) != name:
            op.execute(f'ALTER INDEX "{name}" RENAME TO "{now}"')
    op.execute(f'ALTER SEQUENCE IF EXISTS "{old}_id_seq" RENAME TO "{new}_id_seq"')


def _rename_inside_sqlite(old: str, new: str) -> None:
    """SQLite: the table as its own text says, with other names in it. The renaming has turned what points at it."""
    connection = op.get_bind()
    texts = connection.execute(
        sa.text("SELECT type, name, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL"), {"table": new}
    ).all()
    making = f"_making_{new}"
    table = next(row.sql for row in texts if row.type == "table")
    head = re.compile(rf'^CREATE TABLE "?{new}"?')
    connection.exec_driver_sql(head.sub(f'CREATE TABLE "{making}"', _renamed_all(table, old, new)))
    connection.exec_driver_sql(f'INSERT INTO "{making}" SELECT * FROM "{new}"')
    connection.exec_driver_sql(f'DROP TABLE "{new}"')
    connection.exec_driver_sql(f'ALTER TABLE "{making}" RENAME TO "{new}"')
    for row in texts:
        if row.type != "table":
            connection.exec_driver_sql(_renamed_all(row.sql, old, new))


def _renamed(name: str, old: str, new: str) -> str:
    return re.sub(rf"^({KINDS})_{old}(?=_|$)", rf"\1_{new}", name)


def _renamed_all(sql: str, old: str, new: str) -> str:
    """Its names stand after CONSTRAINT or INDEX, with or without quotes."""
    return re.sub(rf'((?:CONSTRAINT|INDEX) "?(?:{KINDS})_){old}(?=[_"\s])', rf"\g<1>{new}", sql)


def _rename_in_merges(names: Mapping[str, str]) -> None:
    """A merge names the tables whose rows it moved, and undoing it looks them up."""
    merge = sa.table("person_merge", sa.column("id"), sa.column("moved", sa.JSON()))
    connection = op.get_bind()
    for merge_id, moved in connection.execute(sa.select(merge.c.id, merge.c.moved)).all():
        before = json.dumps(moved)
        for each in moved.get("rows", ()):
            each["table"] = names.get(each["table"], each["table"])
        if json.dumps(moved) != before:
            connection.execute(sa.update(merge).where(merge.c.id == merge_id).values(moved=moved))
