"""letters know what they are about and until when they are good; events, how often those who booked were told anew."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ABOUT = ("booking_id", "event_id", "invitation_id")
SURVEY_KINDS = frozenset(
    f"surveys.{kind}" for kind in ("baseline", "on_the_day", "impact", "managers_view", "reminder")
)

outbox = sa.table(
    "outbox",
    sa.column("id", sa.Integer),
    sa.column("kind", sa.Text),
    sa.column("key", sa.Text),
    sa.column("state", sa.Text),
    sa.column("context", sa.JSON),
    *(sa.column(name, sa.Integer) for name in (*ABOUT, "event_version")),
    sa.column("good_until", sa.DateTime(timezone=True)),
)
booking = sa.table("booking", sa.column("id", sa.Integer), sa.column("event_id", sa.Integer))
invitation = sa.table(
    "invitation",
    sa.column("id", sa.Integer),
    sa.column("booking_id", sa.Integer),
    sa.column("event_id", sa.Integer),
    sa.column("closes_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_version", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_check_constraint("told_versions_count_from_one", "told_version > 0")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        for name in (*ABOUT, "event_version"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("good_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint("version_of_an_event", "event_version IS NULL OR event_id IS NOT NULL")
        for name in ABOUT:
            batch_op.create_index(batch_op.f(f"ix_outbox_{name}"), [name], unique=False)
    _say_what_waiting_letters_are_about(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        for name in ABOUT:
            batch_op.drop_index(batch_op.f(f"ix_outbox_{name}"))
        batch_op.drop_constraint("version_of_an_event", type_="check")
        for name in (*ABOUT, "event_version", "good_until"):
            batch_op.drop_column(name)
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_constraint("told_versions_count_from_one", type_="check")
        batch_op.drop_column("told_version")


def _say_what_waiting_letters_are_about(connection: sa.Connection) -> None:
    """A letter on its way is asked again when it goes; one that went is left as it is."""
    waiting = sa.select(outbox.c.id, outbox.c.kind, outbox.c.key, outbox.c.context).where(
        outbox.c.state.in_(["waiting", "sending"])
    )
    for letter_id, kind, key, context in connection.execute(waiting).all():
        values = _of_survey(connection, key) if kind in SURVEY_KINDS else _of_booking(connection, kind, context)
        if values:
            connection.execute(sa.update(outbox).where(outbox.c.id == letter_id).values(values))


def _of_booking(connection: sa.Connection, kind: str, context: dict) -> dict:
    booking_id = context.get("booking_id") if kind.startswith("courses.") else None
    event_id = connection.scalar(sa.select(booking.c.event_id).where(booking.c.id == booking_id))
    return {"booking_id": booking_id, "event_id": event_id, "event_version": 1} if event_id else {}


def _of_survey(connection: sa.Connection, key: str) -> dict:
    """Keys are kind:person:invitation:number."""
    number = key.split(":")[2]
    columns = (invitation.c.booking_id, invitation.c.event_id, invitation.c.closes_at)
    found = connection.execute(sa.select(*columns).where(invitation.c.id == int(number))).one_or_none()
    if found is None:
        return {}
    about = {"booking_id": found.booking_id, "event_id": found.event_id, "good_until": found.closes_at}
    return {"invitation_id": int(number), **about}
