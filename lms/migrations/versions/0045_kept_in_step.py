"""Tokens have powers and further agencies, identity providers their names for people, and rows say when they changed."""

import sqlalchemy as sa
from alembic import op

import lms.frame.db
from lms.frame.upgrading import change_table

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

CHANGING = ("agency", "person", "course", "course_version", "event", "event_day", "booking", "charge")


def upgrade() -> None:
    for table in CHANGING:
        with change_table(table) as changing:
            changing.add_column(sa.Column("changed_at", lms.frame.db.UtcMoment(timezone=True), nullable=True))
            changing.add_index(f"ix_{table}_changed_at", ["changed_at"])
    with change_table("api_token") as token:
        token.add_column(sa.Column("powers", sa.JSON(), server_default="[]", nullable=False))
    op.create_table(
        "api_token_agency",
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], name=op.f("fk_api_token_agency_token_id")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_api_token_agency_agency_id")),
        sa.PrimaryKeyConstraint("token_id", "agency_id", name=op.f("pk_api_token_agency")),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_api_token_agency_agency_id"), "api_token_agency", ["agency_id"], if_not_exists=True)


def downgrade() -> None:
    op.drop_table("api_token_agency")
    with op.batch_alter_table("api_token") as batch_op:
        batch_op.drop_column("powers")
    for table in CHANGING:
        op.drop_index(op.f(f"ix_{table}_changed_at"), table_name=table)
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("changed_at")
