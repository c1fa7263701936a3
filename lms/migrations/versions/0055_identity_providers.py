"""What identity providers call people and groups, and leavers of other systems for the office to look at."""

import sqlalchemy as sa
from alembic import op

import lms.frame.db

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provisioned_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("user_name_key", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("created_at", lms.frame.db.UtcMoment(timezone=True), nullable=False),
        sa.Column("gone_at", lms.frame.db.UtcMoment(timezone=True), nullable=True),
        sa.Column("changed_at", lms.frame.db.UtcMoment(timezone=True), nullable=True),
        sa.CheckConstraint("user_name_key <> ''", name=op.f("ck_provisioned_person_has_a_name")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_provisioned_person_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provisioned_person")),
        sa.UniqueConstraint("person_id", name=op.f("uq_provisioned_person_person_id")),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_provisioned_person_changed_at"), "provisioned_person", ["changed_at"], if_not_exists=True)
    op.create_index(
        op.f("ix_provisioned_person_external_id"), "provisioned_person", ["external_id"], if_not_exists=True
    )
    op.create_index(
        "uq_provisioned_person_user_name_key",
        "provisioned_person",
        ["user_name_key"],
        unique=True,
        sqlite_where=sa.text("gone_at IS NULL"),
        postgresql_where=sa.text("gone_at IS NULL"),
        if_not_exists=True,
    )
    op.create_table(
        "provisioned_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("role_group_id", sa.Integer(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(agency_id IS NULL) <> (role_group_id IS NULL)", name=op.f("ck_provisioned_group_of_one_thing")
        ),
        sa.CheckConstraint("external_id <> ''", name=op.f("ck_provisioned_group_says_something")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_provisioned_group_agency_id")),
        sa.ForeignKeyConstraint(["role_group_id"], ["role_group.id"], name=op.f("fk_provisioned_group_role_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provisioned_group")),
        sa.UniqueConstraint("agency_id", name=op.f("uq_provisioned_group_agency_id")),
        sa.UniqueConstraint("role_group_id", name=op.f("uq_provisioned_group_role_group_id")),
        if_not_exists=True,
    )
    op.create_table(
        "unseen_leaver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("left_at", lms.frame.db.UtcMoment(timezone=True), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unseen_leaver_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unseen_leaver")),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_unseen_leaver_person_id"), "unseen_leaver", ["person_id"], if_not_exists=True)


def downgrade() -> None:
    op.drop_table("unseen_leaver")
    op.drop_table("provisioned_group")
    op.drop_table("provisioned_person")
