"""A counter for references of people, so that nobody locks the partnership; and indexes for who did what.

Merging and erasing look for a person in every column that points at one. Two indexes go that a key has anyway.
"""

import sqlalchemy as sa
from alembic import op

from lms.frame.upgrading import apart, change_table

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

BY_WHOM = {
    "booking": ("booked_by_id", "cancelled_by_id"),
    "register_mark": ("marked_by_id",),
    "certificate": ("issued_by_id",),
    "charge": ("decided_by_id", "appealed_by_id", "appeal_decided_by_id"),
}
TWICE = {"briefing_version": "briefing_id", "survey_question": "version_id"}


def upgrade() -> None:
    op.create_table(
        "reference_counter",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_reference_counter")),
        if_not_exists=True,
    )
    for table, columns in BY_WHOM.items():
        for column in columns:
            with change_table(table) as changing:
                changing.add_index(f"ix_{table}_{column}", [column])
    for table, column in TWICE.items():
        _drop_index(table, column)


def _drop_index(table: str, column: str) -> None:
    is_concurrent = op.get_bind().dialect.name == "postgresql"
    with apart(waiting=True):
        op.drop_index(f"ix_{table}_{column}", table, if_exists=True, postgresql_concurrently=is_concurrent)


def downgrade() -> None:
    for table, column in TWICE.items():
        with change_table(table) as changing:
            changing.add_index(f"ix_{table}_{column}", [column])
    for table, columns in BY_WHOM.items():
        for column in columns:
            _drop_index(table, column)
    op.drop_table("reference_counter")
