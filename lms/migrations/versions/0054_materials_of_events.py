"""Materials of events for those who came, and which reminders somebody's calendar has."""

import sqlalchemy as sa
from alembic import op

from lms.frame.db import UtcMoment
from lms.frame.upgrading import change_table

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with change_table("person") as person:
        person.add_column(sa.Column("calendar_alarms", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "event_material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", UtcMoment(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_event_material_not_empty")),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_event_material_added_by_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_material_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_material")),
        sa.UniqueConstraint("event_id", "title", name=op.f("uq_event_material_event_id_title")),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_event_material_added_by_id"), "event_material", ["added_by_id"], if_not_exists=True)


def downgrade() -> None:
    op.drop_table("event_material")
    with op.batch_alter_table("person", schema=None) as person:
        person.drop_column("calendar_alarms")
