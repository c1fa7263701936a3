"""Seals of the audit's lines, in a table beside it. The worker fills it."""

import sqlalchemy as sa
from alembic import op

import lms.frame.db

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_seal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("at", lms.frame.db.UtcMoment(timezone=True), nullable=False),
        sa.Column("facts_digest", sa.Text(), nullable=False),
        sa.Column("words_digest", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=True),
        sa.Column("words_gone_at", lms.frame.db.UtcMoment(timezone=True), nullable=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_audit_seal_numbers_from_one")),
        sa.CheckConstraint(
            "(salt IS NULL) = (words_gone_at IS NOT NULL)", name=op.f("ck_audit_seal_salt_until_words_go")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_seal_entry_id")),
        if_not_exists=True,
    )


def downgrade() -> None:
    """The audit itself stays as it is; what is sealed again later says nothing of the time before."""
    op.drop_table("audit_seal")
