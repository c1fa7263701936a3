"""What sends by itself: what was planned, and what standing orders ask for once a week."""

from functools import partial

import sqlalchemy as sa

from briefings.distribution import services
from briefings.distribution.models import StandingOrder
from briefings.distribution.queries import due_sendings
from briefings.distribution.rules import next_weekly
from briefings.writing.models import BriefingVersion
from briefings.writing.queries import published_versions
from lms.frame.access import program
from lms.frame.locks import for_update
from lms.frame.plugins import Portion
from lms.frame.work import Work


def send_due(work: Work) -> list[Portion]:
    """Send what is due now, a sending at a time: one that fails stops no other."""
    return [partial(services.send_planned, sending_id=each) for each in due_sendings(work.session, work.now)]


def follow_orders(work: Work) -> list[Portion]:
    """Plan what came out since each weekly order was made and was not sent by it. After downtime once."""
    due = sa.select(StandingOrder.id).where(*_is_due(work)).order_by(StandingOrder.id)
    return [partial(follow_order, order_id=each) for each in work.session.scalars(due)]


def follow_order(work: Work, *, order_id: int) -> None:
    """The same for one order, read again under its lock: somebody may end it just now."""
    due = sa.select(StandingOrder).where(StandingOrder.id == order_id, *_is_due(work))
    order = work.session.scalar(for_update(due, skip_locked=True))
    if order is None:
        return
    new = published_versions(program("standing orders")).where(BriefingVersion.published_at >= order.made_at)
    ids = work.session.scalars(new.with_only_columns(BriefingVersion.briefing_id).order_by(BriefingVersion.id))
    for briefing_id in ids.all():
        services.plan_by_order(work, order, briefing_id)
    if order.weekday is not None and order.at is not None:
        order.next_at = next_weekly(work.now, order.weekday, order.at)
    work.session.flush()


def _is_due(work: Work) -> tuple[sa.ColumnElement[bool], ...]:
    return StandingOrder.ended_at.is_(None), StandingOrder.next_at <= work.now
