"""The demonstration's other systems. One token is for programmers to try, and is said on the page of other systems; the
others open nothing, and the webhook is off: nothing leaves from here."""

from datetime import timedelta

import sqlalchemy as sa

from lms.agencies.models import Agency
from lms.api.tokens.models import ApiToken
from lms.api.tokens.rules import SANDBOX, SHOWN_CHARACTERS, Power, digest
from lms.api.webhooks.models import Webhook, WebhookDelivery
from lms.api.webhooks.rules import DeliveryState
from lms.frame.access import Role
from lms.frame.work import Work

OFF = "Switched off: nothing leaves a demonstration."
FACTS = ["courses.booking_confirmed", "courses.booking_cancelled", "courses.event_moved"]
ANSWERS = (
    (DeliveryState.DELIVERED, 204, "", 1, 26),
    (DeliveryState.DELIVERED, 200, '{"received": true}', 2, 20),
    (DeliveryState.GIVEN_UP, 503, "Service Unavailable: maintenance until Monday", 76, 100),
)
"""How it ended, the answer, after how many tries, and how many hours ago it was told."""


def load(work: Work) -> None:
    """An agency's HR system that books and follows, and one that only reads."""
    agency = work.session.scalars(
        sa.select(Agency).where(Agency.closed_on.is_(None)).order_by(Agency.id).limit(1)
    ).one()
    hr = ApiToken(
        name=f"HR system of {agency.name}"[:80],
        role=Role.AGENCY_LEAD,
        agency_id=agency.id,
        may_write=True,
        digest="of no secret: demonstration 1",
        start="gt_3kQfZt1",
        created_at=work.now - timedelta(days=90),
        last_used_at=work.now - timedelta(hours=2),
    )
    scrutiny = ApiToken(
        name="Scrutiny board’s dashboard",
        role=Role.SCRUTINEER,
        digest="of no secret: demonstration 2",
        start="gt_9bLw0xY",
        created_at=work.now - timedelta(days=30),
    )
    sandbox = ApiToken(
        name=f"Sandbox: HR system of {agency.name}"[:80],
        role=Role.AGENCY_LEAD,
        agency_id=agency.id,
        may_write=True,
        powers=[Power.PEOPLE.value],
        digest=digest(SANDBOX),
        start=SANDBOX[:SHOWN_CHARACTERS],
        created_at=work.now - timedelta(days=1),
    )
    work.session.add_all([hr, scrutiny, sandbox])
    work.session.flush()
    hook = Webhook(
        token_id=hr.id,
        url="https://hr.rvch.example/golden-thread",
        fact_names=FACTS,
        salt="demonstration",
        is_on=False,
        off_because=OFF,
        created_at=work.now - timedelta(days=89),
    )
    work.session.add(hook)
    work.session.flush()
    for number, (state, status, answer, tries, hours) in enumerate(ANSWERS):
        told_at = work.now - timedelta(hours=hours)
        work.session.add(
            WebhookDelivery(
                uid=f"00000000-0000-4000-8000-00000000000{number}",
                webhook_id=hook.id,
                fact_name=FACTS[number % 2],
                content={},
                told_at=told_at,
                due_at=told_at,
                state=state,
                tries=tries,
                answered_at=told_at + timedelta(minutes=tries),
                status=status,
                answer=answer,
            )
        )
    work.session.flush()
