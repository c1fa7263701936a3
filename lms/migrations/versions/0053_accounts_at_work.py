"""Accounts at work by which people sign in, round trips to a provider, and attempts by them."""

import sqlalchemy as sa
from alembic import op

import lms.frame.db
from lms.frame.upgrading import change_table, drop_rows

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


BEFORE = (
    "'signed in', 'wrong code', 'wrong password', 'password switched off', 'wrong second factor', "
    "'second factor has to wait'"
)
CHECK = "ck_sign_in_attempt_what"


def upgrade() -> None:
    with change_table("sign_in_attempt") as attempt:
        attempt.widen_check(CHECK, f"what IN ({BEFORE}, 'account at work refused', 'page not allowed')")
    moment = lms.frame.db.UtcMoment(timezone=True)
    op.create_table(
        "linked_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("linked_at", moment, nullable=False),
        sa.Column("last_used_at", moment, nullable=False),
        sa.Column("proved_at", moment, nullable=True),
        sa.CheckConstraint("issuer <> '' AND subject <> ''", name=op.f("ck_linked_account_somebodys")),
        sa.CheckConstraint(
            "last_used_at >= linked_at AND proved_at >= linked_at", name=op.f("ck_linked_account_linked_first")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_linked_account_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_account")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_linked_account_issuer_subject")),
        sa.UniqueConstraint("person_id", "issuer", name=op.f("uq_linked_account_person_id_issuer")),
        if_not_exists=True,
    )
    op.create_table(
        "provider_round_trip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state_digest", sa.Text(), nullable=False),
        sa.Column("browser_digest", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("then", sa.Text(), nullable=False),
        sa.Column("is_proof", sa.Boolean(), nullable=False),
        sa.Column("began_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_provider_round_trip_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_round_trip")),
        sa.UniqueConstraint("state_digest", name=op.f("uq_provider_round_trip_state_digest")),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_provider_round_trip_person_id"), "provider_round_trip", ["person_id"], if_not_exists=True)
    op.create_index(op.f("ix_provider_round_trip_began_at"), "provider_round_trip", ["began_at"], if_not_exists=True)


def downgrade() -> None:
    drop_rows("sign_in_attempt", "what = 'account at work refused'")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.create_check_constraint(op.f(CHECK), f"what IN ({BEFORE}, 'page not allowed')")
    op.drop_table("provider_round_trip")
    op.drop_table("linked_account")
