"""Spaces."""

import sqlalchemy as sa
from alembic import op

import lms.frame.db

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parking_space",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("told_at", lms.frame.db.UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_parking_space_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_parking_space_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parking_space")),
        sa.UniqueConstraint("event_id", "person_id", name=op.f("uq_parking_space_event_id_person_id")),
    )
    with op.batch_alter_table("parking_space", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parking_space_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("parking_space")
