"""the secret keys that a database has stood under."""

import sqlalchemy as sa
from alembic import op

import lms.frame.db

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "keys_known",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("known_at", lms.frame.db.UtcMoment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_keys_known")),
    )


def downgrade() -> None:
    op.drop_table("keys_known")
