"""A round of a workforce survey knows how many people work at each agency, and how many answered there."""

import sqlalchemy as sa
from alembic import op

from lms.frame.upgrading import change_table

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

CHECKS = {
    "ck_round_link_staff_are_some": "staff > 0",
    "ck_round_link_staff_with_a_day": "(staff IS NULL) = (staff_on IS NULL)",
    "ck_round_link_answered_not_negative": "answered >= 0",
    "ck_round_link_answered_with_sector": "(answered IS NULL) = (sector_id IS NULL)",
}


def upgrade() -> None:
    with change_table("round_link") as link:
        link.add_column(sa.Column("staff", sa.Integer(), nullable=True))
        link.add_column(sa.Column("staff_on", sa.Date(), nullable=True))
        link.add_column(sa.Column("answered", sa.Integer(), nullable=True))
        link.add_column(sa.Column("sector_id", sa.Integer(), nullable=True))
        link.add_foreign_key("fk_round_link_sector_id", ["sector_id"], "sector", ["id"])
        for name, rule in CHECKS.items():
            link.add_check(name, rule)


def downgrade() -> None:
    with op.batch_alter_table("round_link", schema=None) as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(batch_op.f(name), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_round_link_sector_id"), type_="foreignkey")
        for column in ("sector_id", "answered", "staff_on", "staff"):
            batch_op.drop_column(column)
