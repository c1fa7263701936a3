"""Three steps of the thread: who teaches a learning point, what was delivered, and who it reached."""

from collections.abc import Sequence

from courses.coverage.reach import rules
from courses.coverage.reach.figures import Reach, ReachRow
from courses.coverage.reach.queries import (
    CoveringVersion,
    DeliveredEvent,
    covered_by,
    delivered_events,
    reach_of,
    versions_covering,
)
from courses.coverage.rules import STRANDS, CoverageGap, GapKind, How, gaps_of
from courses.programme.events.models import Event
from courses.programme.events.queries import event_rows, is_coming
from lms.frame.plugins import PanelContent
from lms.frame.web import site_url
from lms.frame.work import Work
from lms.kit.words import MONTHS, count, percent
from reviews.learning.panels import Gap, NextDate, ThreadStep, thread_panel
from reviews.learning.queries import find_point

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
NEXT_DATES = 3


def covered_step(work: Work, point_id: int) -> PanelContent | None:
    """Who teaches it: the live courses that cover it, what is missing, and their next dates."""
    versions = versions_covering(work.session, work.actor, point_id)
    live = [each for each in versions if each.is_live]
    events = delivered_events(work.session, versions)
    step = ThreadStep(
        anchor="covered",
        position=30,
        step="Who teaches it",
        heading=_covered_heading(live),
        figure=str(len(live)),
        figure_words="course covers it" if len(live) == 1 else "courses cover it",
        strands=min(max(len(live), 1), 3),
        is_thin=not live,
        gaps=_gaps(work, point_id, versions, events),
        next_dates=_next_dates(work, live),
    )
    return thread_panel(
        step,
        "courses/coverage/covered_step.html",
        rows=live,
        strands_of=STRANDS,
        point_id=point_id,
    )


def delivered_step(work: Work, point_id: int) -> PanelContent | None:
    """What was delivered since it is covered."""
    versions = versions_covering(work.session, work.actor, point_id)
    events = delivered_events(work.session, versions)
    if not events:
        return None
    reach = reach_of(work.session, versions, events, is_exact=_is_exact(work))
    first = min(each.since_on for each in versions)
    step = ThreadStep(
        anchor="delivered",
        position=40,
        step="What was delivered",
        heading=f"{count(len(events), 'event')} since {MONTHS[first.month - 1]} {first.year}",
        figure=str(len(events)),
        figure_words="event delivered" if len(events) == 1 else "events delivered",
    )
    return thread_panel(step, "courses/coverage/delivered_step.html", reach=reach, percent=percent)


def reached_step(work: Work, point_id: int) -> PanelContent | None:
    """Who it reached, by sector and agency, of the people whom these courses are for."""
    versions = versions_covering(work.session, work.actor, point_id)
    events = delivered_events(work.session, versions)
    if not events:
        return None
    reach = reach_of(work.session, versions, events, is_exact=_is_exact(work))
    thin = [row for row in reach.sectors if _is_thin(row, reach)]
    step = ThreadStep(
        anchor="reached",
        position=50,
        step="Who it reached",
        heading=_reached_heading(reach, thin),
        figure=reach.people.shown,
        figure_words="person reached" if reach.people.number == 1 else "people reached",
        gaps=tuple(
            Gap(f"{row.name}: {row.reached.shown} of {count(row.audience, 'person', 'people')} reached") for row in thin
        ),
    )
    return thread_panel(step, "courses/coverage/reached_step.html", reach=reach, percent=percent)


def _is_exact(work: Work) -> bool:
    """Those who look after bookings see every name anyway; everybody else sees no small numbers."""
    return work.actor.may("courses.manage_bookings")


def _covered_heading(live: Sequence[CoveringVersion]) -> str:
    if not live:
        return "No live course covers it"
    practised = sum(1 for each in live if each.how is How.PRACTISED)
    courses = f"{_number(len(live))} live course{'' if len(live) == 1 else 's'}"
    if len(live) == practised:
        return f"{courses}, with practice"
    return f"{courses}, {_number(practised).lower() if practised else 'none'} of them with practice"


def _reached_heading(reach: Reach, thin: Sequence[ReachRow]) -> str:
    people = reach.people.of("person", "people").capitalize()
    strong = next((row for row in reach.sectors if row.reached.number and row not in thin), None)
    words = [f"strong in {_lower(strong.name)}"] if strong and len(reach.sectors) > 1 else []
    words += [f"thin in {' and '.join(_lower(row.name) for row in thin[:2])}"] if thin else []
    return f"{people}: {', '.join(words)}" if words else people


def _is_thin(row: ReachRow, reach: Reach) -> bool:
    """A hidden sector counts as thin only when its number is small, which is said."""
    if reach.people.number is None or (row.reached.number is None and not row.reached.is_small):
        return False
    return rules.is_thin(row.reached.number or 0, row.audience, reach.people.number, reach.audience)


def _gaps(
    work: Work, point_id: int, versions: Sequence[CoveringVersion], events: Sequence[DeliveredEvent]
) -> tuple[Gap, ...]:
    """What is missing, with the page on which a coordinator does something about it."""
    point = find_point(work.session, work.actor, point_id)
    if point.agreed_on is None or point.superseded_on is not None:
        return ()
    settled_on = max(point.agreed_on, point.meaning_changed_on or point.agreed_on)
    live = dict(_by_title(versions, events))
    may = work.actor.may("courses.manage_coverage")
    found = []
    for gap in gaps_of(settled_on, covered_by(versions, events)):
        url, words = "", ""
        if may and gap.title in live:
            url, words = site_url("catalogue.manage", course_id=live[gap.title].course_id), "Review the course"
        elif may:
            url, words = site_url("coverage.cover", learning_point_id=point_id), "Add a course that covers it"
        found.append(Gap(_gap_words(gap), url, words))
    return tuple(found)


def _by_title(
    versions: Sequence[CoveringVersion], events: Sequence[DeliveredEvent]
) -> list[tuple[str, CoveringVersion]]:
    """The live courses by the title that gaps name."""
    live = [each for each in versions if each.is_live]
    return [(covered.title, each) for covered, each in zip(covered_by(versions, events), live, strict=True)]


def _gap_words(gap: CoverageGap) -> str:
    month = "" if gap.day is None else f"{MONTHS[gap.day.month - 1]} {gap.day.year}"
    match gap.kind:
        case GapKind.NOT_COVERED:
            return "No live course covers it"
        case GapKind.MENTIONED_ONLY:
            return "Mentioned only: no course teaches or practises it"
        case GapKind.NOT_DELIVERED:
            return f"On paper: no event delivered since it was added in {month}"
        case GapKind.REVIEWED_BEFORE:
            return f"{gap.title}: last reviewed {month}, before this point was agreed or changed"


def _next_dates(work: Work, live: Sequence[CoveringVersion]) -> tuple[NextDate, ...]:
    versions = [each.version_id for each in live]
    rows = event_rows(work, Event.course_version_id.in_(versions), is_coming(work.now)) if versions else []
    return tuple(
        NextDate(
            day=row.dates,
            words=f"{row.title}, {row.place}",
            url=site_url("catalogue.course", code=row.course_code),
            places="Full" if row.is_full else f"{count(row.left, 'place')} left",
            per_cent=row.percent,
        )
        for row in rows[:NEXT_DATES]
    )


def _number(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
