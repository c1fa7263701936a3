"""Where postcode districts are, for dates near somebody."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "postcode_district",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.CheckConstraint("latitude BETWEEN 49 AND 61", name=op.f("ck_postcode_district_latitude_of_these_isles")),
        sa.CheckConstraint("longitude BETWEEN -11 AND 2", name=op.f("ck_postcode_district_longitude_of_these_isles")),
        sa.CheckConstraint(
            "code = upper(trim(code)) AND code <> ''", name=op.f("ck_postcode_district_code_as_compared")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postcode_district")),
        sa.UniqueConstraint("code", name=op.f("uq_postcode_district_code")),
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_table("postcode_district")
