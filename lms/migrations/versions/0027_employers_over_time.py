"""For whom people work, from when until when. Each gets what their record says today, since they were added."""

import sqlalchemy as sa
from alembic import op

from lms.frame.upgrading import change_rows

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ADDED_ON = {"sqlite": "date(created_at)", "postgresql": "(created_at AT TIME ZONE 'Europe/London')::date"}

NOTE = """INSERT INTO person_affiliation
(person_id, agency_id, role_group_id, job_title, manager_name, manager_email, from_on, until_on, is_main)
SELECT id, agency_id, role_group_id, job_title,
CASE WHEN left_on IS NULL THEN '' ELSE manager_name END, CASE WHEN left_on IS NULL THEN '' ELSE manager_email END,
CASE WHEN left_on < {added} THEN left_on ELSE {added} END, left_on, {true}
FROM person WHERE id > :above AND id <= :upto
AND NOT EXISTS (SELECT 1 FROM person_affiliation WHERE person_affiliation.person_id = person.id)"""


def upgrade() -> None:
    op.create_table(
        "person_affiliation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("role_group_id", sa.Integer(), nullable=True),
        sa.Column("job_title", sa.Text(), nullable=False),
        sa.Column("manager_name", sa.Text(), nullable=False),
        sa.Column("manager_email", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_person_affiliation_ends_after_start")),
        sa.CheckConstraint(
            "is_main OR agency_id IS NOT NULL", name=op.f("ck_person_affiliation_further_ones_name_an_agency")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_affiliation_person_id")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_person_affiliation_agency_id")),
        sa.ForeignKeyConstraint(["role_group_id"], ["role_group.id"], name=op.f("fk_person_affiliation_role_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_affiliation")),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_person_affiliation_agency_id"), "person_affiliation", ["agency_id"], if_not_exists=True)
    op.create_index("ix_person_affiliation_person", "person_affiliation", ["person_id", "from_on"], if_not_exists=True)
    op.create_index(
        "uq_person_affiliation_main",
        "person_affiliation",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("is_main AND until_on IS NULL"),
        postgresql_where=sa.text("is_main AND until_on IS NULL"),
        if_not_exists=True,
    )
    _note_everybody()


def _note_everybody() -> None:
    kind = op.get_bind().dialect.name
    change_rows("person", NOTE.format(added=ADDED_ON[kind], true="1" if kind == "sqlite" else "true"))


def downgrade() -> None:
    op.drop_table("person_affiliation")
