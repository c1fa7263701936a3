"""Who was asked and who answered is kept as a half-year told it, so that a correction gives nothing away."""

import sqlalchemy as sa
from alembic import op

import lms.frame.db

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

TABLE = "survey_told_reach"
COUNTS = (
    "attended",
    "part_attended",
    "walked_in",
    "invited",
    "delivered",
    "answered",
    "no_address",
    "opted_out",
    "erased",
)
MUST_BE = {
    "each_a_part": "attended >= invited AND invited >= delivered AND delivered >= answered AND answered >= 0",
    "counts_not_negative": "part_attended >= 0 AND walked_in >= 0",
    "reasons_not_negative": "no_address >= 0 AND opted_out >= 0 AND erased >= 0",
    "stage": "stage IN ('baseline', 'on_the_day', 'impact', 'managers_view', 'waiting', 'waited')",
}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("sector_id", sa.Integer(), nullable=True),
        sa.Column("half_on", sa.Date(), nullable=False),
        sa.Column("closed_at", lms.frame.db.UtcMoment(timezone=True), nullable=False),
        sa.Column("pooled_on", sa.Date(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{TABLE}_{name}")) for name, rule in MUST_BE.items()),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f(f"fk_{TABLE}_event_id")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f(f"fk_{TABLE}_agency_id")),
        sa.ForeignKeyConstraint(["sector_id"], ["sector.id"], name=op.f(f"fk_{TABLE}_sector_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint(
            "event_id",
            "stage",
            "agency_id",
            "sector_id",
            name=op.f(f"uq_{TABLE}_event_id_stage_agency_id_sector_id"),
        ),
        if_not_exists=True,
    )
    for name, columns in (
        ("ix_survey_told_reach_half", ["stage", "half_on"]),
        (op.f("ix_survey_told_reach_agency_id"), ["agency_id"]),
        (op.f("ix_survey_told_reach_sector_id"), ["sector_id"]),
    ):
        op.create_index(name, TABLE, columns, if_not_exists=True)


def downgrade() -> None:
    op.drop_table(TABLE)
