"""Two indexes go that are the beginning of another index of their table."""

from lms.frame.upgrading import change_table

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

INDEXES = {"briefing_sending": "briefing_id", "learning_point": "review_id"}


def upgrade() -> None:
    for table, column in INDEXES.items():
        with change_table(table) as changing:
            changing.drop_index(f"ix_{table}_{column}")


def downgrade() -> None:
    for table, column in INDEXES.items():
        with change_table(table) as changing:
            changing.add_index(f"ix_{table}_{column}", [column])
