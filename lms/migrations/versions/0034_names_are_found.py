"""Names of people, agencies and recipients as they are compared, so that searches find them as somebody types them."""

import sqlalchemy as sa
from alembic import op

from lms.frame.upgrading import change_table, fold_rows

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

FOLDED = {
    "person": ("name", "name_folded"),
    "agency": ("name", "name_folded"),
    "former_agency_name": ("name", "name_folded"),
    "outbox": ("to_name", "to_name_folded"),
}


def upgrade() -> None:
    for table, (source, column) in FOLDED.items():
        with change_table(table) as changing:
            changing.add_column(sa.Column(column, sa.Text(), server_default="", nullable=False))
        fold_rows(table, source, column)
    with change_table("person") as person:
        person.add_index("ix_person_name_folded", ["name_folded"])


def downgrade() -> None:
    op.drop_index("ix_person_name_folded", "person")
    for table, (_, column) in FOLDED.items():
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(column)
