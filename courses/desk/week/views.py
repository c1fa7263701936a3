"""This week: the coordinator's first page."""

from datetime import date

from flask import Blueprint, request

from courses.desk.week import queries
from lms.frame.web import Answer, page, requires, work
from lms.kit.errors import NotFound
from lms.kit.words import count
from lms.kit.working_days import london_date

bp = Blueprint("week", __name__)


@bp.get("/week")
@requires("courses.manage_events")
def week() -> Answer:
    today = london_date(work().now)
    monday = queries.monday_of(_asked_day(today))
    days = queries.days_of_week(work(), monday)
    events = {each.event.id: each.event for each in days}
    booked = sum(event.places.confirmed for event in events.values())
    figures = (count(len(days), "event day"), count(len(events), "event"), count(booked, "person", "people"))
    return page(
        "courses/week/week.html",
        monday=monday,
        before=monday - queries.ONE_WEEK,
        after=monday + queries.ONE_WEEK,
        days=days,
        figures=figures,
        waiting=queries.waiting_for_coordinator(work()),
        most=queries.ROWS_IN_A_CARD,
        today=today,
        now=work().now,
    )


def _asked_day(today: date) -> date:
    try:
        return date.fromisoformat(request.args.get("of", "") or today.isoformat())
    except ValueError:
        raise NotFound("That is no date. This week is in the menu.") from None
