"""What sends by itself: what was planned, and what standing orders ask for once a week."""

import sqlalchemy as sa

from briefings.distribution import services
from briefings.distribution.models import StandingOrder
from briefings.distribution.rules import next_weekly
from briefings.writing.models import BriefingVersion
from briefings.writing.queries import published_versions
from lms.frame.access import program
from lms.frame.work import Work


def send_due(work: Work) -> None:
    """Send what is due now."""
    services.send_due(work)


def follow_orders(work: Work) -> None:
    """Plan what came out since each weekly order was made and was not sent by it. After downtime once."""
    due = (
        sa.select(StandingOrder)
        .where(StandingOrder.ended_at.is_(None), StandingOrder.next_at <= work.now)
        .order_by(StandingOrder.id)
        .with_for_update(key_share=True, skip_locked=True)
    )
    for order in work.session.scalars(due).all():
        new = published_versions(program("standing orders")).where(BriefingVersion.published_at >= order.made_at)
        ids = work.session.scalars(new.with_only_columns(BriefingVersion.briefing_id).order_by(BriefingVersion.id))
        for briefing_id in ids.all():
            services.plan_by_order(work, order, briefing_id)
        if order.weekday is not None and order.at is not None:
            order.next_at = next_weekly(work.now, order.weekday, order.at)
    work.session.flush()
