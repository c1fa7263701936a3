"""attempts with their network; codes that others cannot use up; wrong passwords counted for an account."""

import sqlalchemy as sa
from alembic import op

import lms.frame.db

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

WHAT = (
    "signed in",
    "wrong code",
    "wrong password",
    "password switched off",
    "wrong second factor",
    "second factor has to wait",
    "page not allowed",
)
TRIES = ("asked", "wrong")


def upgrade() -> None:
    what = sa.Enum(*WHAT, name="what", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", lms.frame.db.UtcMoment(timezone=True), nullable=False),
        sa.Column("what", what, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attempt_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_what_at", "attempt", ["what", "at"])
    op.create_index(op.f("ix_attempt_at"), "attempt", ["at"])
    op.create_index(op.f("ix_attempt_person_id"), "attempt", ["person_id"])
    with op.batch_alter_table("account") as batch_op:
        batch_op.add_column(sa.Column("wrong_passwords", sa.Integer(), nullable=False, server_default="0"))
    op.execute("DELETE FROM sign_in_code")  # ten minutes old at most, and kept under no key
    with op.batch_alter_table("sign_in_code") as batch_op:
        batch_op.add_column(sa.Column("sent_to", sa.Text(), nullable=False))
        batch_op.add_column(sa.Column("is_long", sa.Boolean(), nullable=False))
        batch_op.add_column(sa.Column("letter_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_sign_in_code_letter_id"), "sign_in_code", ["letter_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_index(batch_op.f("ix_sign_in_code_counted_as"), ["counted_as"])
    with op.batch_alter_table("account") as batch_op:
        batch_op.alter_column("wrong_passwords", server_default=None)
    op.drop_table("sign_in_try")


def downgrade() -> None:
    what = sa.Enum(*TRIES, name="try", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counted_as", sa.Text(), nullable=False),
        sa.Column("what", what, nullable=False),
        sa.Column("at", lms.frame.db.UtcMoment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_try")),
    )
    op.create_index("ix_sign_in_try_counted_as", "sign_in_try", ["counted_as", "at"])
    op.execute("DELETE FROM sign_in_code")
    with op.batch_alter_table("sign_in_code") as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_code_counted_as"))
        batch_op.drop_constraint(batch_op.f("fk_sign_in_code_letter_id"), type_="foreignkey")
        batch_op.drop_column("letter_id")
        batch_op.drop_column("is_long")
        batch_op.drop_column("sent_to")
    with op.batch_alter_table("account") as batch_op:
        batch_op.drop_column("wrong_passwords")
    op.drop_table("attempt")
