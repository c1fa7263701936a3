"""Cascades and whom a briefing was sent to keep the sector of their agency; and every "by whom" has its index.

What is there already is stamped from the sectors of today: of earlier days nothing is known.
"""

import sqlalchemy as sa
from alembic import op

from lms.frame.upgrading import apart, change_rows, change_table

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

SECTOR_OF_TODAY = (
    "UPDATE stamped SET sector_id = (SELECT sector_id FROM agency WHERE agency.id = stamped.agency_id) "
    "WHERE agency_id IS NOT NULL AND sector_id IS NULL AND id > :above AND id <= :upto"
)
STAMPED = ("briefing_cascade", "briefing_recipient")
INDEXED = {
    "api_token": ("created_by_id", "revoked_by_id"),
    "audit_entry": ("actor_id",),
    "briefing_order": ("made_by_id",),
    "briefing_recall": ("by_id",),
    "briefing_sending": ("planned_by_id",),
    "briefing_version": ("approved_by_id", "checked_by_id", "published_by_id"),
    "change_request": ("asked_by_id", "decided_by_id", "other_id"),
    "course_version": ("created_by_id",),
    "embargo": ("lifted_by_id", "set_by_id"),
    "event": ("course_version_id",),
    "factor_invitation": ("made_by_id",),
    "invoice": ("issued_by_id",),
    "invoice_payment": ("recorded_by_id",),
    "learning_evidence": ("recorded_by_id",),
    "learning_release": ("decided_by_id", "proposed_by_id"),
    "learning_theme_change": ("by_id",),
    "person_merge": ("merged_by_id",),
    "policy_version": ("created_by_id",),
    "register_check_in": ("switched_on_by_id",),
    "registration": ("decided_by_id", "person_id"),
    "retention_hold": ("lifted_by_id", "set_by_id"),
    "review_action": ("answered_by_id", "closed_by_id"),
    "role_grant": ("granted_by_id",),
    "safeguarding_lead": ("named_by_id",),
    "sign_in_code": ("person_id",),
    "survey_concern_step": ("by_id",),
    "survey_observation": ("asked_by_id",),
    "table_upload": ("uploaded_by_id",),
    "webhook": ("created_by_id",),
}


def upgrade() -> None:
    for table in STAMPED:
        with change_table(table) as changing:
            changing.add_column(sa.Column("sector_id", sa.Integer(), nullable=True))
        change_rows(
            table,
            SECTOR_OF_TODAY.replace("stamped", table),
        )
        with change_table(table) as changing:
            changing.add_foreign_key(f"fk_{table}_sector_id", ["sector_id"], "sector", ["id"])
    for table, columns in INDEXED.items():
        with change_table(table) as changing:
            for column in columns:
                changing.add_index(f"ix_{table}_{column}", [column])


def downgrade() -> None:
    is_concurrent = op.get_bind().dialect.name == "postgresql"
    for table, columns in INDEXED.items():
        for column in columns:
            with apart(waiting=True):
                op.drop_index(f"ix_{table}_{column}", table, if_exists=True, postgresql_concurrently=is_concurrent)
    for table in STAMPED:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_sector_id"), type_="foreignkey")
            batch_op.drop_column("sector_id")
