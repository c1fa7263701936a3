"""Requests that wait for a business manager, and invitations to set up a second factor."""

import sqlalchemy as sa
from alembic import op

import lms.frame.db

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", _one_of("wanted", WANTED), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("particulars", sa.JSON(), nullable=False),
        sa.Column("asked_at", lms.frame.db.UtcMoment(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", lms.frame.db.UtcMoment(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", _one_of("outcome", ("agreed", "refused", "withdrawn")), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("(decided_at IS NULL) = (outcome IS NULL)", name=op.f("ck_change_request_decided_somehow")),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome <> 'agreed' OR decided_by_id IS NULL "
            "OR (decided_by_id <> person_id AND (other_id IS NULL OR decided_by_id <> other_id))",
            name=op.f("ck_change_request_nobody_decides_about_themselves"),
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_change_request_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_change_request_decided_by_id")),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_change_request_other_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_change_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
    )
    with op.batch_alter_table("change_request", schema=None) as batch_op:
        batch_op.create_index("ix_change_request_decided_at", ["decided_at", "asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_request_person_id"), ["person_id"], unique=False)

    op.create_table(
        "factor_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("made_at", lms.frame.db.UtcMoment(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("good_until", lms.frame.db.UtcMoment(timezone=True), nullable=False),
        sa.Column("ended_at", lms.frame.db.UtcMoment(timezone=True), nullable=True),
        sa.CheckConstraint("made_by_id <> person_id", name=op.f("ck_factor_invitation_nobody_invites_themselves")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_factor_invitation_made_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_factor_invitation_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_invitation")),
    )
    with op.batch_alter_table("factor_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_factor_invitation_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_factor_invitation_open",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("factor_invitation")
    op.drop_table("change_request")


WANTED = (
    "address",
    "further_address",
    "address_away",
    "leaving",
    "coming_back",
    "role",
    "role_away",
    "merge",
    "unmerge",
    "second_factor",
    "invitation",
)


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
