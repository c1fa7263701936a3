"""certificates are numbered at random, so nothing counts them any more."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_certificate_year_number"), type_="unique")
        batch_op.drop_column("number")
        batch_op.drop_column("year")


def downgrade() -> None:
    """Numbers as rows were written: those drawn at random have none of their own."""
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("year", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
    certificate = sa.table(
        "certificate", sa.column("id"), sa.column("year"), sa.column("number"), sa.column("issued_at", sa.DateTime())
    )
    op.execute(sa.update(certificate).values(number=certificate.c.id, year=sa.extract("year", certificate.c.issued_at)))
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.alter_column("year", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("number", existing_type=sa.Integer(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_certificate_year_number"), ["year", "number"])
